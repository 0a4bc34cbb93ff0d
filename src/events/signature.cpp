// SPDX-License-Identifier: Apache-2.0
// HMAC (RFC 2104) with SHA-256 over base::Hasher.
#include "base/hash.hpp"
#include "base/text.hpp"
#include "events/delivery.hpp"

namespace events {

namespace {

constexpr std::size_t kHmacBlock = 64;  // of SHA-256, in bytes

std::string bytes_of_hex(std::string_view hex) {
  std::string out;
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    out += static_cast<char>(digit(hex[i]) * 16 + digit(hex[i + 1]));
  return out;
}

std::string hmac_sha256_hex(std::string_view key, std::string_view data) {
  std::string block = key.size() > kHmacBlock ? bytes_of_hex(base::sha256_hex(key)) : std::string(key);
  block.resize(kHmacBlock, '\0');
  std::string inner_pad = block, outer_pad = block;
  for (char& c : inner_pad) c = static_cast<char>(c ^ 0x36);
  for (char& c : outer_pad) c = static_cast<char>(c ^ 0x5c);
  base::Hasher inner;
  inner.update(inner_pad);
  inner.update(data);
  base::Hasher outer;
  outer.update(outer_pad);
  outer.update(bytes_of_hex(inner.hex()));
  return outer.hex();
}

// Takes as long wherever the difference stands.
bool equal_in_constant_time(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    difference |= static_cast<unsigned>(static_cast<unsigned char>(a[i] ^ b[i]));
  volatile unsigned seen = difference;
  return seen == 0;
}

}  // namespace

bool github_signature_holds(std::string_view secret, std::string_view body, std::string_view header) {
  constexpr std::string_view kPrefix = "sha256=";
  if (secret.empty() || header.substr(0, kPrefix.size()) != kPrefix) return false;
  return equal_in_constant_time(base::to_lower(header.substr(kPrefix.size())), hmac_sha256_hex(secret, body));
}

}  // namespace events
