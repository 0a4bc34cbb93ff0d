// SPDX-License-Identifier: Apache-2.0
// The lock file catalogers, one file each, and what they share. catalogers_lock.cpp lists them.
// All read files of a project, not of an installation; a file that is something else by the same name gives no
// packages and no error, one that is damaged gives an error.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "sbom/cataloger.hpp"

namespace sbom {

bool wants_npm_lock(const FileHead& file);       // package-lock.json, npm-shrinkwrap.json
bool wants_yarn_lock(const FileHead& file);      // yarn.lock, classic and berry
bool wants_pnpm_lock(const FileHead& file);      // pnpm-lock.yaml
bool wants_cargo_lock(const FileHead& file);     // Cargo.lock
bool wants_gemfile_lock(const FileHead& file);   // Gemfile.lock, gems.locked
bool wants_composer_lock(const FileHead& file);  // composer.lock
bool wants_poetry_lock(const FileHead& file);    // poetry.lock, pdm.lock
bool wants_uv_lock(const FileHead& file);        // uv.lock
bool wants_pylock(const FileHead& file);         // pylock.toml, pylock.<name>.toml
bool wants_pipfile_lock(const FileHead& file);   // Pipfile.lock
bool wants_requirements(const FileHead& file);   // *requirements*.txt, requirements/*.txt
bool wants_nuget_lock(const FileHead& file);     // packages.lock.json, packages.<project>.lock.json
bool wants_go_mod(const FileHead& file);         // go.mod

base::Result<FileFacts> catalog_npm_lock(std::span<const File> files);
base::Result<FileFacts> catalog_yarn_lock(std::span<const File> files);
base::Result<FileFacts> catalog_pnpm_lock(std::span<const File> files);
base::Result<FileFacts> catalog_cargo_lock(std::span<const File> files);
base::Result<FileFacts> catalog_gemfile_lock(std::span<const File> files);
base::Result<FileFacts> catalog_composer_lock(std::span<const File> files);
base::Result<FileFacts> catalog_poetry_lock(std::span<const File> files);
base::Result<FileFacts> catalog_uv_lock(std::span<const File> files);
base::Result<FileFacts> catalog_pylock(std::span<const File> files);
base::Result<FileFacts> catalog_pipfile_lock(std::span<const File> files);
base::Result<FileFacts> catalog_requirements(std::span<const File> files);
base::Result<FileFacts> catalog_nuget_lock(std::span<const File> files);
base::Result<FileFacts> catalog_go_mod(std::span<const File> files);

// True for a file named `name` that belongs to a project: not inside node_modules, site-packages, vendor, a gem
// folder or a module cache, where lock files describe how somebody else developed what is installed.
bool is_project_file(const FileHead& file, std::string_view name);
bool is_in_installed_tree(std::string_view path);

// The packages of one lock file while it is read.
class LockPackages {
 public:
  LockPackages(const File& file, std::string_view type) : type_(type) { facts_.path = file.path; }

  // Leaves entries out whose name or version is no text of sensible length (add_package). An entry with a name and no
  // version is left out too, counted, and told of in one warning.
  void add(std::string_view name, std::string_view version, bool dev = false);

  void warn(std::string warning) { facts_.warnings.push_back(std::move(warning)); }

  // The same (name, version) becomes one package, `dev` where all its entries were.
  FileFacts merged() &&;

  // Every entry is kept: npm writes one for each place in the tree.
  FileFacts all() &&;

 private:
  std::string type_;
  FileFacts facts_;
  std::size_t without_version_ = 0;
};

// Which packages production needs, in lock files that write a dependency graph and no development flag. Nodes are
// the keys by which the format names its packages.
class DependencyGraph {
 public:
  void add_edge(std::string from, std::string to) { edges_[std::move(from)].push_back(std::move(to)); }
  void add_root(std::string node) { roots_.push_back(std::move(node)); }

  // All nodes reachable from the roots, roots included, sorted.
  std::vector<std::string> reachable() const;

 private:
  std::map<std::string, std::vector<std::string>> edges_;
  std::vector<std::string> roots_;
};

// Splits "name@version" and "@scope/name@version" at the '@' that ends the name; version empty where there is none.
std::pair<std::string_view, std::string_view> split_npm_spec(std::string_view spec);

}  // namespace sbom
