// SPDX-License-Identifier: Apache-2.0
// Installed Composer packages: vendor/composer/installed.json, an array in Composer 1, an object in Composer 2
// (getcomposer.org, "installed.json" in the source of Composer\Repository\InstalledFilesystemRepository).
#include <algorithm>

#include "base/json.hpp"
#include "base/text.hpp"
#include "sbom/catalogers_installed.hpp"

namespace sbom {
namespace {

constexpr std::size_t kMaxInstalledJson = 16u << 20;

bool wants_composer(const FileHead& file) {
  return file.path == "composer/installed.json" || file.path.ends_with("/composer/installed.json");
}

base::Result<FileFacts> catalog_composer(std::span<const File> files) {
  const File& file = files.front();
  FileFacts facts;
  facts.path = file.path;
  const base::Json json = TRY(base::parse_json(file.content, file.path));
  std::vector<std::string_view> dev_names;
  for (const base::Json& name : base::get_array(json, "dev-package-names")) dev_names.push_back(base::as_string(name));
  std::sort(dev_names.begin(), dev_names.end());
  const base::JsonArray& packages = json.is_array() ? json.get_array() : base::get_array(json, "packages");
  for (const base::Json& entry : packages) {
    model::Package package;
    package.name = base::get_string(entry, "name");
    package.version = base::get_string(entry, "version");
    package.type = "composer";
    package.dev = std::binary_search(dev_names.begin(), dev_names.end(), std::string_view(package.name));
    add_package(facts, std::move(package));
  }
  return facts;
}

}  // namespace

Cataloger php_composer_cataloger() {
  return {.name = "php-composer",
          .version = 1,
          .cap = kMaxInstalledJson,
          .grouped = false,
          .wants = wants_composer,
          .catalog = catalog_composer};
}

}  // namespace sbom
