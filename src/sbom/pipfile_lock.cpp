// SPDX-License-Identifier: Apache-2.0
// Pipfile.lock. Source: pypa/pipfile; categories beside `default` and `develop` since pipenv 2022.10.9.
#include "base/text.hpp"
#include "sbom/lock_files.hpp"

namespace sbom {

namespace {

std::string_view pipfile_version(const base::Json& entry) {
  std::string_view version = base::get_string(entry, "version");
  if (version.substr(0, 2) != "==") return {};
  version.remove_prefix(version.substr(0, 3) == "===" ? 3 : 2);
  return base::trim(version);
}

}  // namespace

bool wants_pipfile_lock(const FileHead& file) { return is_project_file(file, "Pipfile.lock"); }

base::Result<FileFacts> catalog_pipfile_lock(std::span<const File> files) {
  const File& file = files.front();
  const base::Json lock = TRY(base::parse_json(file.content, file.path));
  LockPackages packages(file, "pypi");
  if (const auto* categories = lock.if_object())
    for (const auto& category : *categories) {
      if (category.key() == "_meta" || !category.value().is_object()) continue;
      for (const auto& member : category.value().get_object())
        packages.add(member.key(), pipfile_version(member.value()), category.key() == "develop");
    }
  return std::move(packages).merged();
}

}  // namespace sbom
