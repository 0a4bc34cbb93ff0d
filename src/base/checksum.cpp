// SPDX-License-Identifier: Apache-2.0
#include "base/checksum.hpp"

#include <isa-l/crc.h>

#include <algorithm>

namespace base {

std::uint32_t crc32c(std::string_view bytes, std::uint32_t seed) {
  constexpr std::size_t kLargestCall = 1u << 30;  // the library counts in int
  std::uint32_t state = ~seed;
  while (!bytes.empty()) {
    const std::size_t part = std::min(bytes.size(), kLargestCall);
    auto* data = reinterpret_cast<unsigned char*>(const_cast<char*>(bytes.data()));  // not written to
    state = crc32_iscsi(data, static_cast<int>(part), state);
    bytes.remove_prefix(part);
  }
  return ~state;
}

}  // namespace base
