// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>

#include "sbom/lock_files.hpp"

using LockCatalog = base::Result<sbom::FileFacts> (*)(std::span<const sbom::File>);

// Hands the same bytes to each cataloger.
inline int fuzz_lock_catalogers(const std::uint8_t* data, std::size_t size, std::initializer_list<LockCatalog> catalogs) {
  const std::string content(reinterpret_cast<const char*>(data), size);
  const sbom::File file{"folder/name.lock", content, 0644};
  for (LockCatalog catalog : catalogs) (void)catalog(std::span(&file, 1));
  return 0;
}
