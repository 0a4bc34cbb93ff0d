// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sbom/rpm.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::size_t total = 0;
  (void)sbom::visit_rpm_bdb({reinterpret_cast<const char*>(data), size}, [&](std::string_view blob) {
    total += blob.size();
    return true;
  });
  if (total > 2 * size) std::abort();  // what is visited is bounded by the size of the database
  return 0;
}
