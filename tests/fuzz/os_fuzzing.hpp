// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "sbom/cataloger.hpp"

// Hands the bytes to every OS cataloger that wants the path, and checks what each cataloger promises.
inline void fuzz_os_catalogers(std::string_view path, const std::uint8_t* data, std::size_t size) {
  const sbom::File file{std::string(path), std::string(reinterpret_cast<const char*>(data), size), 0644};
  sbom::FileHead head;
  head.path = file.path;
  head.size = size;
  for (const auto& cataloger : sbom::os_catalogers()) {
    if (!cataloger.wants(head)) continue;
    const auto facts = cataloger.catalog({&file, 1});
    if (!facts) continue;
    for (const auto& package : facts->packages)
      if (package.name.empty() || package.version.empty() || package.name.size() > 4096) std::abort();
    for (std::size_t i = 1; i < facts->owned.size(); ++i)
      if (facts->owned[i - 1] >= facts->owned[i]) std::abort();
  }
}
