// SPDX-License-Identifier: Apache-2.0
#include <isa-l/igzip_lib.h>

#include <limits>

#include "base/compress.hpp"

namespace base {

namespace {

// What deflate adds at most: five bytes for each stored block of 65,535, and room for a block's head and the wrapper.
constexpr std::size_t kStoredBlock = 65'535;
constexpr std::size_t kMargin = 1024;

std::string deflated(std::string_view data, std::uint16_t wrapper) {
  const std::size_t room = data.size() + data.size() / kStoredBlock * 5 + kMargin;
  if (room > std::numeric_limits<std::uint32_t>::max()) return {};
  std::string out(room, '\0');
  isal_zstream stream;
  isal_deflate_stateless_init(&stream);
  stream.gzip_flag = wrapper;
  stream.end_of_stream = 1;
  // The library does not write to its input.
  stream.next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(data.data()));
  stream.avail_in = static_cast<std::uint32_t>(data.size());
  stream.next_out = reinterpret_cast<std::uint8_t*>(out.data());
  stream.avail_out = static_cast<std::uint32_t>(room);
  if (isal_deflate_stateless(&stream) != COMP_OK) return {};
  out.resize(stream.total_out);
  return out;
}

}  // namespace

std::string compress_gzip(std::string_view data) { return deflated(data, IGZIP_GZIP); }
std::string compress_zlib(std::string_view data) { return deflated(data, IGZIP_ZLIB); }

}  // namespace base
