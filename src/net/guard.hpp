// SPDX-License-Identifier: Apache-2.0
// Keeps requests whose target others choose (webhooks, redirects) away from the inside of the network.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace net {

// True for every IP address that is not one of the public internet: loopback, RFC 1918, link-local with the metadata
// services, unique local, shared (RFC 6598), multicast, reserved, Azure's 168.63.129.16, and IPv6 forms that hold such an
// IPv4 address (mapped, NAT64, 6to4). True too for text that is no address.
bool is_private_address(std::string_view ip);

// For HttpRequest::allow_address: public addresses, and those of `allowed`, each an IP address or a network ("10.1.0.0/16").
// Kind::invalid_input where an entry is neither.
base::Result<std::function<bool(std::string_view ip)>> public_addresses_and(const std::vector<std::string>& allowed);

}  // namespace net
