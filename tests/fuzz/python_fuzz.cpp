// SPDX-License-Identifier: Apache-2.0
// Python metadata as a file of its own and as a wheel.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "sbom/catalogers_installed.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string content(reinterpret_cast<const char*>(data), size);
  for (const char* path : {"a.dist-info/METADATA", "a.whl"}) {
    const sbom::File file{path, content, 0644};
    const auto facts = sbom::python_cataloger().catalog({&file, 1});
    if (!facts && facts.error().message.empty()) std::abort();
  }
  return 0;
}
