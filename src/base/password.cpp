// SPDX-License-Identifier: Apache-2.0
#include <argon2.h>

#include <charconv>
#include <cstdint>
#include <new>
#include <optional>

#include "base/crypto.hpp"
#include "base/text.hpp"

namespace base {

namespace {

constexpr std::uint32_t kPasses = 2, kMemoryKib = 19u << 10, kLanes = 1;
constexpr std::uint32_t kMostPasses = 8, kMostMemoryKib = 64u << 10, kMostLanes = 4;
constexpr std::size_t kSaltBytes = 16, kHashBytes = 32;

std::optional<std::uint32_t> cost(std::string_view text, std::string_view name) {
  if (text.substr(0, name.size()) != name) return std::nullopt;
  text.remove_prefix(name.size());
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// The work that an encoded form asks for is ours to bound: it may come from an imported user.
bool is_bearable(std::string_view encoded) {
  const auto parts = split(encoded, '$');
  if (encoded.size() > 512 || parts.size() != 6 || parts[1] != "argon2id") return false;
  const auto costs = split(parts[3], ',');
  if (costs.size() != 3) return false;
  const auto memory = cost(costs[0], "m="), passes = cost(costs[1], "t="), lanes = cost(costs[2], "p=");
  return memory && passes && lanes && *memory <= kMostMemoryKib && *passes <= kMostPasses && *lanes <= kMostLanes;
}

}  // namespace

std::string hash_password(std::string_view password) {
  const std::string salt = random_bytes(kSaltBytes);
  std::string encoded(argon2_encodedlen(kPasses, kMemoryKib, kLanes, kSaltBytes, kHashBytes, Argon2_id), '\0');
  const int code = argon2id_hash_encoded(kPasses, kMemoryKib, kLanes, password.data(), password.size(), salt.data(),
                                         salt.size(), kHashBytes, encoded.data(), encoded.size());
  if (code != ARGON2_OK) throw std::bad_alloc();
  encoded.resize(encoded.find('\0'));
  return encoded;
}

bool verify_password(std::string_view encoded, std::string_view password) {
  if (!is_bearable(encoded)) return false;
  return argon2id_verify(std::string(encoded).c_str(), password.data(), password.size()) == ARGON2_OK;
}

}  // namespace base
