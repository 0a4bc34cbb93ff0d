// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstring>

#include "base/hash.hpp"

namespace base {

namespace {

constexpr std::uint64_t kPrime1 = 0x9e3779b185ebca87u;
constexpr std::uint64_t kPrime2 = 0xc2b2ae3d27d4eb4fu;
constexpr std::uint64_t kPrime3 = 0x165667b19e3779f9u;
constexpr std::uint64_t kPrime4 = 0x85ebca77c2b2ae63u;
constexpr std::uint64_t kPrime5 = 0x27d4eb2f165667c5u;
constexpr std::size_t kStripe = 32;

constexpr std::uint64_t rotated(std::uint64_t value, int by) { return value << by | value >> (64 - by); }

template <typename Word>
Word taken(std::string_view& bytes) {  // little-endian, as all machines are that this runs on
  Word word = 0;
  std::memcpy(&word, bytes.data(), sizeof(word));
  bytes.remove_prefix(sizeof(word));
  return word;
}

constexpr std::uint64_t mixed(std::uint64_t lane, std::uint64_t input) { return rotated(lane + input * kPrime2, 31) * kPrime1; }

std::uint64_t after_stripes(std::string_view& bytes) {
  std::array<std::uint64_t, 4> lanes{kPrime1 + kPrime2, kPrime2, 0, 0 - kPrime1};
  while (bytes.size() >= kStripe)
    for (std::uint64_t& lane : lanes) lane = mixed(lane, taken<std::uint64_t>(bytes));
  std::uint64_t hash = rotated(lanes[0], 1) + rotated(lanes[1], 7) + rotated(lanes[2], 12) + rotated(lanes[3], 18);
  for (const std::uint64_t lane : lanes) hash = (hash ^ mixed(0, lane)) * kPrime1 + kPrime4;
  return hash;
}

}  // namespace

std::uint64_t xxhash64(std::string_view bytes) {
  const std::uint64_t size = bytes.size();
  std::uint64_t hash = size >= kStripe ? after_stripes(bytes) : kPrime5;
  hash += size;
  while (bytes.size() >= 8) hash = rotated(hash ^ mixed(0, taken<std::uint64_t>(bytes)), 27) * kPrime1 + kPrime4;
  if (bytes.size() >= 4) hash = rotated(hash ^ taken<std::uint32_t>(bytes) * kPrime1, 23) * kPrime2 + kPrime3;
  while (!bytes.empty()) hash = rotated(hash ^ taken<std::uint8_t>(bytes) * kPrime5, 11) * kPrime1;
  hash = (hash ^ hash >> 33) * kPrime2;
  hash = (hash ^ hash >> 29) * kPrime3;
  return hash ^ hash >> 32;
}

}  // namespace base
