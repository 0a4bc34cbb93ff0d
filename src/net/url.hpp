// SPDX-License-Identifier: Apache-2.0
// URLs as RFC 3986 and WHATWG-minded peers write them, read by libcurl's parser so that what is checked here is what
// is connected to.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace net {

// An http or https URL without user information and fragment.
struct Url {
  std::string scheme;  // "http" or "https"
  std::string host;    // lower case; IPv4 in dotted form, IPv6 in brackets
  std::uint16_t port = 0;
  std::string path;   // starts with '/'
  std::string query;  // without '?'; may be empty

  std::string text() const;       // the default port left out
  std::string authority() const;  // host, and port unless it is the default; what may stand in messages
  bool same_origin(const Url& other) const;

  // Kind::invalid_input for other schemes, no host, or bytes that belong in no URL. The error quotes no URL, for a
  // signed one is a secret.
  static base::Result<Url> parse(std::string_view text);
  // The target of a reference found in a document at this URL (RFC 3986 section 5).
  base::Result<Url> resolve(std::string_view reference) const;
};

// "localhost", 127.0.0.0/8 and ::1, the latter with brackets or without.
bool is_loopback_host(std::string_view host);

}  // namespace net
