// SPDX-License-Identifier: Apache-2.0
// Settings of a hub that are more than one word.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "hub/logs/open_workspaces.hpp"
#include "identity/identity.hpp"

namespace cli {

struct ListenAddress {
  std::string address;
  std::uint16_t port = 8443;
};

// "127.0.0.1", "127.0.0.1:9000", "[::1]:9000", "::1", "localhost:0" (a free port).
base::Result<ListenAddress> parse_listen(const std::string& text);

// OpenID Connect from a YAML file (issuer, clientId, clientSecret, name, redirectUri, usernameClaim, groupsClaim, scopes),
// each overridden by BULWARK_OIDC_ISSUER, _CLIENT_ID, _CLIENT_SECRET, _NAME, _REDIRECT_URI, _USERNAME_CLAIM, _GROUPS_CLAIM
// and _SCOPES (blanks between them). Nothing where neither names an issuer.
base::Result<std::optional<identity::OidcOptions>> read_oidc(const std::string& file);

// The server that keeps the records, from a YAML file (url, user, password, cluster, caFile), each overridden by
// BULWARK_CLICKHOUSE_URL, _USER, _PASSWORD, _CLUSTER and _CA_FILE. Nothing where neither names a URL: the embedded engine.
base::Result<std::optional<hub::ClickhouseServer>> read_clickhouse(const std::string& file);

// The database of places that queries of this process look into; none where `file` is empty.
base::Result<void> use_geo_database(const std::string& file);

}  // namespace cli
