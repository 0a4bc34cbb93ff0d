// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>
#include <string>

#include "sbom/catalogers_installed.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const sbom::File file{"app.jar", std::string(reinterpret_cast<const char*>(data), size), 0644};
  const auto facts = sbom::java_cataloger().catalog({&file, 1});
  if (!facts && facts.error().message.empty()) std::abort();
  return 0;
}
