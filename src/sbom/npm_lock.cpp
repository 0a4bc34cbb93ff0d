// SPDX-License-Identifier: Apache-2.0
// package-lock.json and npm-shrinkwrap.json. Source: docs.npmjs.com, "package-lock.json", lockfileVersion 1 to 3.
#include "base/text.hpp"
#include "sbom/lock_files.hpp"

namespace sbom {

namespace {

constexpr std::string_view kLockedNodeModules = "node_modules/";

// "npm:left-pad@1.3.0" → {left-pad, 1.3.0}; {name, version} for anything else.
std::pair<std::string_view, std::string_view> resolve_npm_alias(std::string_view name, std::string_view version) {
  if (version.substr(0, 4) != "npm:") return {name, version};
  return split_npm_spec(version.substr(4));
}

// Version 1 writes addresses ("git+ssh://…", "https://…/x.tgz", "file:../x") where the registry's have a version.
bool is_npm_version(std::string_view version) { return version.find_first_of(":/") == std::string_view::npos; }

void add_npm_tree(const base::JsonObject& dependencies, LockPackages& packages) {
  for (const auto& member : dependencies) {
    const base::Json& entry = member.value();
    const auto [name, version] = resolve_npm_alias(member.key(), base::get_string(entry, "version"));
    packages.add(name, is_npm_version(version) ? version : std::string_view(), base::get_bool(entry, "dev"));
    add_npm_tree(base::get_object(entry, "dependencies"), packages);  // no deeper than parse_json allows
  }
}

std::string_view npm_name_of_key(std::string_view key) {
  const auto at = key.rfind(kLockedNodeModules);
  return at == std::string_view::npos ? key : key.substr(at + kLockedNodeModules.size());
}

// Versions 2 and 3: a member for each folder of the tree. Links point at a workspace, which has a member of its own;
// a workspace without a version is no package of any registry.
void add_npm_folders(const base::JsonObject& folders, LockPackages& packages) {
  for (const auto& member : folders) {
    const base::Json& entry = member.value();
    const std::string_view key = member.key();
    if (key.empty() || base::get_bool(entry, "link")) continue;
    const std::string_view version = base::get_string(entry, "version");
    if (version.empty() && key.find(kLockedNodeModules) == std::string_view::npos) continue;
    packages.add(base::get_string(entry, "name", npm_name_of_key(key)), version, base::get_bool(entry, "dev"));
  }
}

}  // namespace

bool wants_npm_lock(const FileHead& file) {
  return is_project_file(file, "package-lock.json") || is_project_file(file, "npm-shrinkwrap.json");
}

base::Result<FileFacts> catalog_npm_lock(std::span<const File> files) {
  const File& file = files.front();
  const base::Json lock = TRY(base::parse_json(file.content, file.path));
  LockPackages packages(file, "npm");
  if (base::find(lock, "packages"))
    add_npm_folders(base::get_object(lock, "packages"), packages);
  else
    add_npm_tree(base::get_object(lock, "dependencies"), packages);
  return std::move(packages).all();
}

}  // namespace sbom
