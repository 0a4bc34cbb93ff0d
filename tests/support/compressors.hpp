// SPDX-License-Identifier: Apache-2.0
// Compressors for test data.
#pragma once

#include <isa-l/igzip_lib.h>
#include <zstd.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace test {

// One gzip member (format IGZIP_GZIP), or zlib or raw deflate data by the other IGZIP_ constants.
inline std::string deflate(std::string_view bytes, std::uint16_t format = IGZIP_GZIP) {
  const auto stream = std::make_unique<isal_zstream>();
  isal_deflate_stateless_init(stream.get());
  std::string out(bytes.size() + bytes.size() / 100 + 1024, '\0');
  stream->gzip_flag = format;
  stream->end_of_stream = 1;
  stream->next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(bytes.data()));
  stream->avail_in = static_cast<std::uint32_t>(bytes.size());
  stream->next_out = reinterpret_cast<std::uint8_t*>(out.data());
  stream->avail_out = static_cast<std::uint32_t>(out.size());
  isal_deflate_stateless(stream.get());
  out.resize(stream->total_out);
  return out;
}

inline std::string gzip(std::string_view bytes) { return deflate(bytes); }

inline std::string zstd(std::string_view bytes) {
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), 3));
  return out;
}

}  // namespace test
