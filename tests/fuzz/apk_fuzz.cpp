// SPDX-License-Identifier: Apache-2.0
#include "os_fuzzing.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz_os_catalogers("lib/apk/db/installed", data, size);
  return 0;
}
