// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace base {

struct ZipEntry {
  std::string_view name;  // into the archive's bytes; hostile, never a path to write to
  std::uint16_t method = 0;
  std::uint32_t crc32 = 0;
  std::uint64_t compressed_size = 0;
  std::uint64_t size = 0;  // as the directory claims
  std::uint64_t header_offset = 0;
  bool encrypted = false;
};

// Reads a ZIP archive (APPNOTE 6.3) held in memory, ZIP64 and bytes in front (self-extracting jars) included.
// The bytes must outlive the reader.
class ZipReader {
 public:
  // Fails with Kind::invalid_input where there is no central directory, Kind::too_large past `max_entries`.
  static Result<ZipReader> open(std::string_view bytes, std::size_t max_entries = 1'000'000);

  const std::vector<ZipEntry>& entries() const { return entries_; }

  // The entry's data, stored or deflated, its CRC checked. Kind::too_large past `cap` bytes of output whatever
  // the directory claims; Kind::unsupported for encryption and other methods.
  Result<std::string> read(const ZipEntry& entry, std::size_t cap) const;

 private:
  std::string_view bytes_;
  std::vector<ZipEntry> entries_;
};

// True where the bytes start as a ZIP archive does (local header or empty archive).
bool looks_like_zip(std::string_view bytes);

}  // namespace base
