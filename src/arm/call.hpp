// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "arm/rbac.hpp"
#include "arm/reply.hpp"
#include "arm/resource_id.hpp"
#include "identity/identity.hpp"
#include "net/server.hpp"
#include "store/jobs.hpp"

namespace arm {

// One request on its way through the pipeline. Views live as long as the request.
struct Call {
  const net::ServerRequest& http;
  Target target;
  identity::Caller caller;
  Access access;
  std::string action;          // that was authorized: "Microsoft.ContainerRegistry/registries/read"
  std::string correlation_id;
  base::Json body;             // of PUT, PATCH and POST; null where there is none
  store::Millis now = 0;

  bool may(std::string_view other_action, const ResourceId& scope) const { return access.allows(other_action, scope.key()); }
  std::string who() const { return caller.principal.name; }
  std::string origin() const;  // "https://host:port" as the caller wrote it
};

// $top and $skipToken of a list.
struct Page {
  std::size_t top = 100;
  std::string after;  // decoded; empty: from the start
};

// Kind::invalid_input where $top is no number from 1 to `most` or the token is malformed.
base::Result<Page> read_page(const Call& call, std::size_t otherwise = 100, std::size_t most = 1000);

// {value, nextLink}; `next` empty: this was the last page.
Reply list_reply(const Call& call, base::JsonArray value, const std::string& next);

}  // namespace arm
