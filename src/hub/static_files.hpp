// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/server.hpp"

namespace hub {

// The web pages, embedded in the executable. Paths of pages (without a file behind them) get the application itself.
net::ServerResponse serve_page(const net::ServerRequest& request);

// Headers that every answer carries: a strict content security policy and kin.
void add_security_headers(const net::ServerRequest& request, net::ServerResponse& response);

}  // namespace hub
