// SPDX-License-Identifier: Apache-2.0
#include <cstdint>

#include "base/zip.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto reader = base::ZipReader::open({reinterpret_cast<const char*>(data), size}, 1'000);
  if (!reader) return 0;
  for (const base::ZipEntry& entry : reader->entries()) static_cast<void>(reader->read(entry, 1u << 20));
  return 0;
}
