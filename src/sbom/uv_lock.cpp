// SPDX-License-Identifier: Apache-2.0
// uv.lock. Source: docs.astral.sh/uv, "Lockfile"; written as TOML with one [[package]] table a package.
#include <algorithm>

#include "base/toml.hpp"
#include "sbom/lock_files.hpp"

namespace sbom {

namespace {

// A member of the workspace: the project itself, not something it depends on.
bool is_uv_member(const base::Json& entry) {
  const base::JsonObject& source = base::get_object(entry, "source");
  return source.contains("virtual") || source.contains("editable");
}

// Development dependencies are those that no other dependency of a workspace member reaches. Versions of one name
// are taken as one: forks by platform or Python version share their fate here.
std::vector<std::string> uv_production(const base::JsonArray& entries) {
  DependencyGraph graph;
  for (const base::Json& entry : entries) {
    const std::string name(base::get_string(entry, "name"));
    if (is_uv_member(entry)) graph.add_root(name);
    const auto depend = [&](const base::JsonArray& list) {
      for (const base::Json& to : list) graph.add_edge(name, std::string(base::get_string(to, "name")));
    };
    depend(base::get_array(entry, "dependencies"));
    for (const auto& extra : base::get_object(entry, "optional-dependencies"))
      if (const auto* list = extra.value().if_array()) depend(*list);
  }
  return graph.reachable();
}

}  // namespace

bool wants_uv_lock(const FileHead& file) { return is_project_file(file, "uv.lock"); }

base::Result<FileFacts> catalog_uv_lock(std::span<const File> files) {
  const File& file = files.front();
  const base::Json lock = TRY(base::parse_toml(file.content, file.path));
  LockPackages packages(file, "pypi");
  const base::JsonArray& entries = base::get_array(lock, "package");
  const std::vector<std::string> production = uv_production(entries);
  for (const base::Json& entry : entries) {
    if (is_uv_member(entry)) continue;
    const std::string name(base::get_string(entry, "name"));
    const bool dev = !production.empty() && !std::binary_search(production.begin(), production.end(), name);
    packages.add(name, base::get_string(entry, "version"), dev);
  }
  return std::move(packages).merged();
}

}  // namespace sbom
