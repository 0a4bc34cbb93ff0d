// SPDX-License-Identifier: Apache-2.0
#include <cstdint>

#include "base/compress.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  constexpr std::size_t kCap = 4u << 20;
  static_cast<void>(base::decompress_whole(bytes, kCap, "input"));
  static_cast<void>(base::inflate_raw(bytes, kCap));
  static_cast<void>(base::inflate_zlib(bytes, kCap));
  for (const auto compression : {base::Compression::gzip, base::Compression::zstd})
    static_cast<void>(base::read_all(*base::decompress(base::memory_source(bytes), compression), kCap, "input"));
  return 0;
}
