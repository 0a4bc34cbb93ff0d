// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "hub/hub.hpp"
#include "net/server.hpp"
#include "providers/resources/resources.hpp"
#include "store/database.hpp"

namespace hub {

// The ids of this installation, made on the first start, and the resource group "default".
base::Result<providers::Installation> load_installation(store::Database& database);

// Where the hub was reached when it last listened; empty before its first start.
base::Result<std::string> load_url(store::Session& session);
base::Result<void> keep_url(store::Database& database, const std::string& url);

// The certificate to serve with: given, or made by the hub itself and kept in DIR/tls; nothing on loopback without either.
// Kind::denied beyond loopback without one, with the mend.
base::Result<std::optional<net::TlsIdentity>> load_tls(const HubOptions& options);

}  // namespace hub
