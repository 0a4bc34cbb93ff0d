// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <string>

#include "base/result.hpp"

namespace net {

// A listening, non-blocking socket at an IP address (brackets or not) or "localhost"; the caller closes it.
base::Result<int> open_listener(const std::string& address, std::uint16_t port);

std::uint16_t port_of(int listener);

// The address in text form, an IPv4 one that came through IPv6 as IPv4.
std::string address_text(const sockaddr_storage& address);

// What connections of one peer have in common: the address; of IPv6 the first 64 bits, which one peer has for itself.
std::string address_key(const sockaddr_storage& address);

// What accepted sockets need: no delay of small answers, and the end of peers that vanished.
void tune_connection(int fd);

}  // namespace net
