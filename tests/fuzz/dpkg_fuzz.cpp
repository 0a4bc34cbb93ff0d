// SPDX-License-Identifier: Apache-2.0
#include "os_fuzzing.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (const char* path : {"var/lib/dpkg/status", "var/lib/dpkg/status.d/x", "var/lib/dpkg/info/x.list",
                           "var/lib/dpkg/status.d/x.md5sums", "usr/lib/opkg/status", "usr/lib/opkg/info/x.list"})
    fuzz_os_catalogers(path, data, size);
  return 0;
}
