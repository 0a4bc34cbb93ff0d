// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace base {

// Incremental message digest (FIPS 180-4; md5: RFC 1321, for answers that have to be MD5, never for trust).
class Hasher {
 public:
  enum class Algorithm { md5, sha1, sha256, sha512 };
  explicit Hasher(Algorithm algorithm = Algorithm::sha256);
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;
  ~Hasher();

  void update(std::string_view bytes);
  std::string hex();  // lower case; call once, at the end

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string sha256_hex(std::string_view bytes);

// XXH64 with seed 0 (the xxHash specification, version 0.1.1, section "XXH64"): quick, no defence against collisions made
// on purpose.
std::uint64_t xxhash64(std::string_view bytes);

// FNV-1a, 64 bit: a stable fingerprint for look-ups, no defence against collisions made on purpose.
constexpr std::uint64_t fnv1a(std::string_view bytes, std::uint64_t seed = 0xcbf29ce484222325u) {
  for (char c : bytes) seed = (seed ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return seed;
}

}  // namespace base
