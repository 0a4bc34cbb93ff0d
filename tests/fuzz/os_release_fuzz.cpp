// SPDX-License-Identifier: Apache-2.0
#include "os_fuzzing.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (const char* path : {"etc/os-release", "etc/lsb-release", "etc/alpine-release", "etc/redhat-release", "etc/debian_version"})
    fuzz_os_catalogers(path, data, size);
  return 0;
}
