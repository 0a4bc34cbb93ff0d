// SPDX-License-Identifier: Apache-2.0
// The hub's own API, /api/v1: a table of routes over the same admission as the resource manager. docs/rest-api.md is its page.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "arm/resource_manager.hpp"

namespace hub {

// One admitted request.
struct ApiCall {
  const net::ServerRequest& http;
  const identity::Caller& caller;
  const arm::Access& access;
  std::vector<std::string> parts;  // values of the {placeholders} of the pattern, decoded

  base::Result<base::Json> body() const;  // a JSON object; Kind::invalid_input where it is none
};

using ApiHandler = std::function<base::Result<net::ServerResponse>(const ApiCall&)>;

struct ApiRoute {
  std::string method;
  std::string pattern;  // "/api/v1/registries/{name}/images/{digest}"
  std::string action;   // needed at the subscription; empty: the handler narrows by what the caller may read, or asks itself
  ApiHandler handler;
  bool json_alone = true;  // other bodies are refused
};

class Api {
 public:
  Api(arm::ResourceManager& manager, std::string subscription_id)
      : manager_(manager), scope_("/subscriptions/" + std::move(subscription_id)) {}

  void add(ApiRoute route) { routes_.push_back(std::move(route)); }
  net::ServerResponse handle(const net::ServerRequest& request);  // 404 and 405 where no route matches

 private:
  arm::ResourceManager& manager_;
  const std::string scope_;
  std::vector<ApiRoute> routes_;
};

net::ServerResponse json_response(const base::Json& body, int status = 200);

}  // namespace hub
