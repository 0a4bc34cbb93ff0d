// SPDX-License-Identifier: Apache-2.0
// composer.lock. Versions stay as Packagist writes them, some with a "v" in front.
#include "sbom/lock_files.hpp"

namespace sbom {

bool wants_composer_lock(const FileHead& file) { return is_project_file(file, "composer.lock"); }

base::Result<FileFacts> catalog_composer_lock(std::span<const File> files) {
  const File& file = files.front();
  const base::Json lock = TRY(base::parse_json(file.content, file.path));
  LockPackages packages(file, "composer");
  const auto add_list = [&](std::string_view list, bool dev) {
    for (const base::Json& entry : base::get_array(lock, list))
      packages.add(base::get_string(entry, "name"), base::get_string(entry, "version"), dev);
  };
  add_list("packages", false);
  add_list("packages-dev", true);
  return std::move(packages).merged();
}

}  // namespace sbom
