// SPDX-License-Identifier: Apache-2.0
// pnpm-lock.yaml, lockfileVersion 5.x, 6.x and 9.x. Source: pnpm/spec, lockfile/5.md, 6.0.md and 9.0.md.
#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "base/yaml.hpp"
#include "sbom/lock_files.hpp"

namespace sbom {

namespace {

struct PnpmId {
  std::string_view name;
  std::string_view version;  // empty where the key holds an address instead
};

// 5.x: "/name/1.0.0", "/@scope/name/1.0.0_peer@2.0.0", "registry.host/name/1.0.0".
PnpmId parse_pnpm_path(std::string_view key) {
  key = base::cut(key, "/").second;  // nothing before the first slash, or the host of another registry
  const auto scope_end = !key.empty() && key.front() == '@' ? key.find('/') : 0;
  const auto slash = scope_end == std::string_view::npos ? scope_end : key.find('/', scope_end + 1);
  if (slash == std::string_view::npos) return {};
  const std::string_view version = key.substr(slash + 1);
  return {key.substr(0, slash), version.substr(0, version.find_first_of("_("))};
}

// 6.x and 9.x: "name@1.0.0(peer@2.0.0)", with a slash in front in 6.x.
PnpmId parse_pnpm_spec(std::string_view key) {
  if (!key.empty() && key.front() == '/') key.remove_prefix(1);
  const auto [name, version] = split_npm_spec(key.substr(0, key.find('(')));
  return {name, version};
}

bool is_pnpm_version(std::string_view version) {
  return !version.empty() && version.find_first_of(":/") == std::string_view::npos;
}

int pnpm_major(const base::Json& lock) {
  const std::string_view text = base::get_string(lock, "lockfileVersion");
  int major = 0;
  std::from_chars(text.data(), text.data() + text.size(), major);
  return major;
}

std::string without_peers(std::string_view key) { return std::string(key.substr(0, key.find('('))); }

// 9.x writes no development flags: what the importers' other dependencies do not reach is for development. Keys with
// and without their peers in parentheses count as one here.
std::vector<std::string> pnpm_production(const base::Json& lock) {
  DependencyGraph graph;
  const auto targets = [](const base::Json& from, auto&& visit) {
    for (std::string_view kind : {"dependencies", "optionalDependencies"})
      for (const auto& member : base::get_object(from, kind)) {
        const base::Json& to = member.value();
        const std::string_view version = to.is_string() ? base::as_string(to) : base::get_string(to, "version");
        visit(without_peers(std::string(member.key()) + "@" + std::string(version)));
        visit(without_peers(version));  // an alias writes the whole key of the package behind it
      }
  };
  for (const auto& importer : base::get_object(lock, "importers"))
    targets(importer.value(), [&](std::string to) { graph.add_root(std::move(to)); });
  for (const auto& snapshot : base::get_object(lock, "snapshots")) {
    const std::string from = without_peers(snapshot.key());
    targets(snapshot.value(), [&](std::string to) { graph.add_edge(from, std::move(to)); });
  }
  return graph.reachable();
}

void add_pnpm_packages(const base::Json& lock, LockPackages& packages) {
  const int major = pnpm_major(lock);
  const bool has_graph = major >= 9 && base::find(lock, "importers");
  const std::vector<std::string> production = has_graph ? pnpm_production(lock) : std::vector<std::string>();
  for (const auto& member : base::get_object(lock, "packages")) {
    const base::Json& entry = member.value();
    const std::string_view key = member.key();
    const PnpmId id = major >= 6 ? parse_pnpm_spec(key) : parse_pnpm_path(key);
    const std::string_view name = base::get_string(entry, "name", id.name);
    const std::string_view version = base::get_string(entry, "version", id.version);
    const bool dev = has_graph ? !std::binary_search(production.begin(), production.end(), without_peers(key))
                               : base::get_string(entry, "dev") == "true";
    packages.add(name.empty() ? key : name, is_pnpm_version(version) ? version : std::string_view(), dev);
  }
}

}  // namespace

bool wants_pnpm_lock(const FileHead& file) { return is_project_file(file, "pnpm-lock.yaml"); }

base::Result<FileFacts> catalog_pnpm_lock(std::span<const File> files) {
  const File& file = files.front();
  LockPackages packages(file, "npm");
  for (const base::Json& document : TRY(base::parse_yaml(file.content, file.path))) add_pnpm_packages(document, packages);
  return std::move(packages).merged();
}

}  // namespace sbom
