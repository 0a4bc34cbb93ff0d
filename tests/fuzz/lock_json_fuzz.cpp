// SPDX-License-Identifier: Apache-2.0
#include "lock_fuzzing.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz_lock_catalogers(data, size, {sbom::catalog_npm_lock, sbom::catalog_composer_lock, sbom::catalog_pipfile_lock,
                                          sbom::catalog_nuget_lock});
}
