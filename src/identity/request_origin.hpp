// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "net/server.hpp"

namespace identity {

// "https://hub.example.com:8443", of the connection and the Host header, in lower case. Kind::invalid_input where Host is
// missing or no host and port.
base::Result<std::string> request_origin(const net::ServerRequest& request);

// Whether a browser sent the request from one of the hub's own pages, or no browser sent it: Sec-Fetch-Site decides, without it
// Origin does, which names the host that was asked or `public_url` (the address as others reach the hub; may be empty).
bool is_from_own_page(const net::ServerRequest& request, std::string_view public_url);

// What failures of a peer are counted under: the address, of IPv6 the /64 that one subscriber has.
std::string address_group(std::string_view peer);

}  // namespace identity
