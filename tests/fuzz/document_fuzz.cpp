// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sbom/document.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto inventory = sbom::read_document({reinterpret_cast<const char*>(data), size}, "fuzz.json");
  if (!inventory) return 0;
  // Whatever could be read can be written, and read again with as many packages.
  for (const auto& document : {sbom::to_cyclonedx(*inventory, {}, base::Seconds()), sbom::to_spdx(*inventory, base::Seconds())}) {
    const auto again = sbom::read_document(base::to_text(document), "again.json");
    if (!again || again->packages.size() != inventory->packages.size()) std::abort();
  }
  return 0;
}
