// SPDX-License-Identifier: Apache-2.0
// poetry.lock (lock-version 1.x and 2.x) and pdm.lock: TOML with one [[package]] table a package.
#include <algorithm>

#include "base/text.hpp"
#include "base/toml.hpp"
#include "sbom/lock_files.hpp"

namespace sbom {

namespace {

// Poetry 1.4 and older write a category; Poetry 2 and PDM the groups that need the package, of which "main" and
// "default" are the project's own dependencies. In between nothing is written.
bool is_python_dev_entry(const base::Json& entry) {
  if (base::get_string(entry, "category") == "dev") return true;
  const base::JsonArray& groups = base::get_array(entry, "groups");
  return !groups.empty() && std::none_of(groups.begin(), groups.end(), [](const base::Json& group) {
    return base::as_string(group) == "main" || base::as_string(group) == "default";
  });
}

}  // namespace

bool wants_poetry_lock(const FileHead& file) {
  return is_project_file(file, "poetry.lock") || is_project_file(file, "pdm.lock");
}

base::Result<FileFacts> catalog_poetry_lock(std::span<const File> files) {
  const File& file = files.front();
  const base::Json lock = TRY(base::parse_toml(file.content, file.path));
  LockPackages packages(file, "pypi");
  for (const base::Json& entry : base::get_array(lock, "package"))
    packages.add(base::get_string(entry, "name"), base::get_string(entry, "version"), is_python_dev_entry(entry));
  return std::move(packages).merged();
}

}  // namespace sbom
