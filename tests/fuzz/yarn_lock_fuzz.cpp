// SPDX-License-Identifier: Apache-2.0
#include "lock_fuzzing.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz_lock_catalogers(data, size, {sbom::catalog_yarn_lock});
}
