// SPDX-License-Identifier: Apache-2.0
// GitHub, "Validating webhook deliveries".
#include "base/crypto.hpp"
#include "base/text.hpp"
#include "events/delivery.hpp"

namespace events {

namespace {

std::string hex_of(std::string_view bytes) {
  constexpr std::string_view kHexDigits = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += kHexDigits[byte >> 4];
    out += kHexDigits[byte & 15];
  }
  return out;
}

}  // namespace

bool github_signature_holds(std::string_view secret, std::string_view body, std::string_view header) {
  constexpr std::string_view kPrefix = "sha256=";
  if (secret.empty() || header.substr(0, kPrefix.size()) != kPrefix) return false;
  return base::constant_time_equal(base::to_lower(header.substr(kPrefix.size())),
                                   hex_of(base::hmac_sha256(secret, body)));
}

}  // namespace events
