// SPDX-License-Identifier: Apache-2.0
#include "hub/api.hpp"

#include <fmt/format.h>

#include "arm/reply.hpp"
#include "base/text.hpp"

namespace hub {

namespace {

// The values of a pattern's placeholders; nothing where the path does not match.
std::optional<std::vector<std::string>> match_pattern(std::string_view pattern, std::string_view path) {
  const auto wanted = base::split(pattern, '/');
  const auto given = base::split(path, '/');
  if (wanted.size() != given.size()) return std::nullopt;
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (!wanted[i].empty() && wanted[i].front() == '{') {
      if (given[i].empty()) return std::nullopt;
      parts.push_back(base::percent_decode(given[i]));
    } else if (wanted[i] != given[i]) {
      return std::nullopt;
    }
  }
  return parts;
}

}  // namespace

base::Result<base::Json> ApiCall::body() const {
  auto json = TRY(base::parse_json(http.body, "the body of the request"));
  if (!json.is_object()) return base::fail(base::Kind::invalid_input, "The body must be a JSON object.");
  return json;
}

net::ServerResponse Api::handle(const net::ServerRequest& request) {
  bool path_known = false;
  const std::string method = request.method == "HEAD" ? "GET" : request.method;
  for (const auto& route : routes_) {
    auto parts = match_pattern(route.pattern, request.path);
    if (!parts) continue;
    path_known = true;
    if (route.method != method) continue;
    auto admitted = manager_.admit(request);
    if (!admitted) return admitted.error();
    if (!route.action.empty())
      if (auto refused = manager_.authorize(request, *admitted, route.action, scope_)) return *refused;
    if (auto refused = arm::refuse_other_than_json(request); refused && route.json_alone && method != "GET") return arm::to_response(*refused);
    const ApiCall call{request, admitted->caller, admitted->access, std::move(*parts)};
    auto response = route.handler(call);
    net::ServerResponse answer = response ? std::move(*response) : arm::to_response(response.error());
    if (method != "GET")
      manager_.record(request, &admitted->caller, fmt::format("Bulwark.Hub{}/{}", request.path.substr(7), base::to_lower(method)),
                      request.path, answer.status, response ? "" : response.error().message);
    return answer;
  }
  if (path_known) return arm::to_response(arm::refuse(405, "MethodNotAllowed", fmt::format("{} is not possible here.", request.method)));
  return arm::to_response(arm::refuse(404, "NotFound", fmt::format("There is nothing at {}.", request.path)));
}

net::ServerResponse json_response(const base::Json& body, int status) {
  return arm::to_response(arm::Reply{status, body, {}});
}

}  // namespace hub
