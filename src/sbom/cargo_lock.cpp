// SPDX-License-Identifier: Apache-2.0
// Cargo.lock, versions 1 to 4: they differ in checksums and in how dependencies are written, not in the packages.
// Development dependencies are not told apart.
#include "base/toml.hpp"
#include "sbom/lock_files.hpp"

namespace sbom {

bool wants_cargo_lock(const FileHead& file) { return is_project_file(file, "Cargo.lock"); }

base::Result<FileFacts> catalog_cargo_lock(std::span<const File> files) {
  const File& file = files.front();
  const base::Json lock = TRY(base::parse_toml(file.content, file.path));
  LockPackages packages(file, "cargo");
  const auto add = [&](const base::Json& entry) {
    packages.add(base::get_string(entry, "name"), base::get_string(entry, "version"));
  };
  if (const base::Json* root = base::find(lock, "root")) add(*root);  // the crate itself, before Cargo 1.18
  for (const base::Json& entry : base::get_array(lock, "package")) add(entry);
  return std::move(packages).merged();
}

}  // namespace sbom
