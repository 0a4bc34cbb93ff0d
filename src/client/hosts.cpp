// SPDX-License-Identifier: Apache-2.0
#include "client/hosts.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace client {

namespace {

constexpr std::size_t kHostsNamed = 20;

base::Result<std::string> known_hosts(const Connection& connection) {
  std::vector<std::string> names;
  const auto rows = TRY(connection.list("/api/v1/hosts", {}, kHostsNamed));
  for (const auto& row : rows.value) names.emplace_back(base::get_string(row, "name"));
  if (names.empty()) return std::string("add one with the command that this prints: bulwark host token");
  return fmt::format("it has {}{}", base::printable(base::join(names, ", ")), rows.more ? " …" : "");
}

}  // namespace

std::string host_path(const std::string& name, std::string_view part) {
  return fmt::format("/api/v1/hosts/{}{}{}", base::percent_encode(name), part.empty() ? "" : "/", part);
}

base::Result<base::Json> find_host(const Connection& connection, const std::string& name) {
  auto host = connection.get(host_path(name));
  if (host || host.error().kind != base::Kind::not_found) return host;
  return base::fail(base::Kind::not_found, fmt::format("{} has no host '{}'; {}", connection.url(), base::printable(name), TRY(known_hosts(connection))));
}

base::Result<base::Json> make_enrollment_token(const Connection& connection, const TokenRequest& request) {
  base::JsonObject body{{"uses", request.uses}};
  if (request.seconds > 0) body["expiresInSeconds"] = request.seconds;
  base::JsonObject labels;
  for (const auto& label : request.labels) labels[label.first] = label.second;
  if (!labels.empty()) body["labels"] = std::move(labels);
  return connection.send("POST", "/api/v1/enrollment-tokens", body);
}

}  // namespace client
