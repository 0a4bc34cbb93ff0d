// SPDX-License-Identifier: Apache-2.0
// packages.lock.json. Source: learn.microsoft.com, "Enable repeatable package restore using a lock file".
#include "base/text.hpp"
#include "sbom/lock_files.hpp"

namespace sbom {

bool wants_nuget_lock(const FileHead& file) {
  const std::string_view name = base::basename(file.path);
  constexpr std::string_view kFront = "packages.";
  constexpr std::string_view kBack = ".lock.json";
  const bool of_project = name.size() > kFront.size() + kBack.size() && name.substr(0, kFront.size()) == kFront &&
                          name.substr(name.size() - kBack.size()) == kBack;
  return (of_project || name == "packages.lock.json") && !is_in_installed_tree(file.path);
}

base::Result<FileFacts> catalog_nuget_lock(std::span<const File> files) {
  const File& file = files.front();
  const base::Json lock = TRY(base::parse_json(file.content, file.path));
  LockPackages packages(file, "nuget");
  for (const auto& framework : base::get_object(lock, "dependencies")) {
    const auto* entries = framework.value().if_object();
    if (!entries) continue;
    for (const auto& member : *entries) {
      if (base::equals_ignoring_case(base::get_string(member.value(), "type"), "project")) continue;
      packages.add(member.key(), base::get_string(member.value(), "resolved"));
    }
  }
  return std::move(packages).merged();
}

}  // namespace sbom
