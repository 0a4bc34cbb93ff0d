// SPDX-License-Identifier: Apache-2.0
// pylock.toml. Source: packaging.python.org, "pylock.toml Specification" (PEP 751).
#include "base/text.hpp"
#include "base/toml.hpp"
#include "sbom/lock_files.hpp"

namespace sbom {

bool wants_pylock(const FileHead& file) {
  const std::string_view name = base::basename(file.path);
  const bool named = name.size() > 12 && name.substr(0, 7) == "pylock." && name.substr(name.size() - 5) == ".toml";
  return (name == "pylock.toml" || named) && !is_in_installed_tree(file.path);
}

base::Result<FileFacts> catalog_pylock(std::span<const File> files) {
  const File& file = files.front();
  const base::Json lock = TRY(base::parse_toml(file.content, file.path));
  LockPackages packages(file, "pypi");
  for (const base::Json& entry : base::get_array(lock, "packages"))
    packages.add(base::get_string(entry, "name"), base::get_string(entry, "version"));
  return std::move(packages).merged();
}

}  // namespace sbom
