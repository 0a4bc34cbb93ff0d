// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <string_view>

#include "sbom/rpm_header.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto header = sbom::RpmHeader::parse({reinterpret_cast<const char*>(data), size});
  if (!header) return 0;
  (void)sbom::rpm_package(*header);
  sbom::RpmOwnedFiles owned;
  owned.add(*header);
  (void)owned.take_sorted();
  return 0;
}
