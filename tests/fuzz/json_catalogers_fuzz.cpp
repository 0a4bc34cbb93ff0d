// SPDX-License-Identifier: Apache-2.0
// The catalogers of Node, Composer, .NET and conda, each with the same bytes.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>

#include "sbom/catalogers_installed.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string content(reinterpret_cast<const char*>(data), size);
  const std::pair<sbom::Cataloger, const char*> targets[] = {
      {sbom::node_cataloger(), "node_modules/a/package.json"},
      {sbom::php_composer_cataloger(), "vendor/composer/installed.json"},
      {sbom::dotnet_deps_cataloger(), "a.deps.json"},
      {sbom::conda_cataloger(), "conda-meta/a.json"},
  };
  for (const auto& target : targets) {
    const sbom::File file{target.second, content, 0644};
    const auto facts = target.first.catalog({&file, 1});
    if (!facts && facts.error().message.empty()) std::abort();
  }
  return 0;
}
