// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace base {

// CRC-32C (Castagnoli, RFC 3720 appendix B.4), several GB/s. `seed` is the result for the bytes before these.
std::uint32_t crc32c(std::string_view bytes, std::uint32_t seed = 0);

}  // namespace base
