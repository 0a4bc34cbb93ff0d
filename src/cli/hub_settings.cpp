// SPDX-License-Identifier: Apache-2.0
#include "cli/hub_settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <functional>

#include "base/files.hpp"
#include "base/text.hpp"
#include "base/yaml_doc.hpp"
#include "kql/address_places.hpp"

namespace cli {

namespace {

constexpr std::size_t kSettingsFileCap = 1u << 20;

base::Result<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || text.empty())
    return base::fail(base::Kind::invalid_input, fmt::format("'{}' is no port; it is a number from 0 (a free one) to 65535", base::printable(text)));
  return port;
}

// One map of settings; `what` says of what, for the error.
base::Result<void> read_settings_file(const std::string& file, std::string_view what, const std::function<void(base::YamlReader&)>& take) {
  const std::string text = TRY(base::read_file(file, kSettingsFileCap));
  base::YamlFaults faults;
  const auto documents = base::parse_yaml_doc(text, file, faults);
  TRY(faults.result());
  if (documents.size() != 1 || documents[0].kind != base::YamlNode::Kind::map)
    return base::fail(base::Kind::invalid_input, fmt::format("{} is no map of {}", file, what));
  base::YamlReader reader(documents[0], file, faults);
  take(reader);
  reader.finish();
  return faults.result();
}

void take_oidc(base::YamlReader& reader, identity::OidcOptions& oidc) {
  oidc.issuer = reader.text("issuer");
  oidc.client_id = reader.text("clientId");
  oidc.client_secret = reader.text_or("clientSecret", "");
  oidc.name = reader.text_or("name", oidc.name);
  oidc.redirect_uri = reader.text_or("redirectUri", "");
  oidc.username_claim = reader.text_or("usernameClaim", oidc.username_claim);
  oidc.groups_claim = reader.text_or("groupsClaim", oidc.groups_claim);
  if (reader.member("scopes")) oidc.scopes = reader.texts("scopes");
}

void take_clickhouse(base::YamlReader& reader, hub::ClickhouseServer& server) {
  server.http.url = reader.text("url");
  server.http.user = reader.text_or("user", "");
  server.http.password = reader.text_or("password", "");
  server.http.cluster = reader.text_or("cluster", "");
  server.ca_file = reader.text_or("caFile", "");
}

void take_environment(const char* name, std::string& value) {
  const char* text = std::getenv(name);
  if (text && *text != '\0') value = text;
}

void read_oidc_environment(identity::OidcOptions& oidc) {
  take_environment("BULWARK_OIDC_ISSUER", oidc.issuer);
  take_environment("BULWARK_OIDC_CLIENT_ID", oidc.client_id);
  take_environment("BULWARK_OIDC_CLIENT_SECRET", oidc.client_secret);
  take_environment("BULWARK_OIDC_NAME", oidc.name);
  take_environment("BULWARK_OIDC_REDIRECT_URI", oidc.redirect_uri);
  take_environment("BULWARK_OIDC_USERNAME_CLAIM", oidc.username_claim);
  take_environment("BULWARK_OIDC_GROUPS_CLAIM", oidc.groups_claim);
  std::string scopes;
  take_environment("BULWARK_OIDC_SCOPES", scopes);
  if (scopes.empty()) return;
  oidc.scopes.clear();
  for (const auto scope : base::split(scopes, ' '))
    if (!scope.empty()) oidc.scopes.emplace_back(scope);
}

}  // namespace

base::Result<ListenAddress> parse_listen(const std::string& text) {
  ListenAddress listen;
  std::string_view rest = text;
  if (rest.substr(0, 1) == "[") {
    const auto [address, behind] = base::cut(rest.substr(1), "]");
    listen.address = address;
    if (!behind.empty() && behind[0] != ':')
      return base::fail(base::Kind::invalid_input, fmt::format("'{}' is no address to listen on, such as [::1]:8443", base::printable(text)));
    if (!behind.empty()) listen.port = TRY(parse_port(behind.substr(1)));
  } else if (std::count(rest.begin(), rest.end(), ':') == 1) {
    const auto [address, port] = base::cut(rest, ":");
    listen.address = address;
    listen.port = TRY(parse_port(port));
  } else {
    listen.address = rest;
  }
  if (listen.address == "localhost") listen.address = "127.0.0.1";
  if (listen.address.empty())
    return base::fail(base::Kind::invalid_input, fmt::format("'{}' names no address to listen on; all of them are 0.0.0.0", base::printable(text)));
  return listen;
}

base::Result<std::optional<identity::OidcOptions>> read_oidc(const std::string& file) {
  identity::OidcOptions oidc;
  if (!file.empty()) TRY(read_settings_file(file, "OpenID Connect settings (issuer, clientId, …)", [&](base::YamlReader& reader) { take_oidc(reader, oidc); }));
  read_oidc_environment(oidc);
  if (oidc.issuer.empty()) return std::optional<identity::OidcOptions>();
  if (oidc.client_id.empty())
    return base::fail(base::Kind::invalid_input, "OpenID Connect needs a client id: clientId in the file, or BULWARK_OIDC_CLIENT_ID");
  return std::optional<identity::OidcOptions>(std::move(oidc));
}

base::Result<std::optional<hub::ClickhouseServer>> read_clickhouse(const std::string& file) {
  hub::ClickhouseServer server;
  if (!file.empty()) TRY(read_settings_file(file, "ClickHouse settings (url, user, …)", [&](base::YamlReader& reader) { take_clickhouse(reader, server); }));
  take_environment("BULWARK_CLICKHOUSE_URL", server.http.url);
  take_environment("BULWARK_CLICKHOUSE_USER", server.http.user);
  take_environment("BULWARK_CLICKHOUSE_PASSWORD", server.http.password);
  take_environment("BULWARK_CLICKHOUSE_CLUSTER", server.http.cluster);
  take_environment("BULWARK_CLICKHOUSE_CA_FILE", server.ca_file);
  if (server.http.url.empty()) return std::optional<hub::ClickhouseServer>();
  return std::optional<hub::ClickhouseServer>(std::move(server));
}

base::Result<void> use_geo_database(const std::string& file) {
  if (!file.empty()) kql::use_address_places(TRY(kql::AddressPlaces::open(file)));
  return {};
}

}  // namespace cli
