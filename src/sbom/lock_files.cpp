// SPDX-License-Identifier: Apache-2.0
#include "sbom/lock_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <tuple>

#include "base/text.hpp"
#include "sbom/catalogers_installed.hpp"

namespace sbom {

namespace {

// ".../gems/rack-2.2.4/Gemfile.lock": an unpacked gem has its version in the name of its folder.
bool is_in_gem_folder(std::string_view rooted) {
  constexpr std::string_view kGems = "/gems/";
  for (auto at = rooted.find(kGems); at != std::string_view::npos; at = rooted.find(kGems, at + 1)) {
    const std::string_view folder = base::cut(rooted.substr(at + kGems.size()), "/").first;
    for (auto hyphen = folder.find('-'); hyphen != std::string_view::npos; hyphen = folder.find('-', hyphen + 1))
      if (base::is_digits(folder.substr(hyphen + 1, 1))) return true;
  }
  return false;
}

}  // namespace

bool is_in_installed_tree(std::string_view path) {
  constexpr std::array<std::string_view, 6> kFolders{
      "/node_modules/", "/site-packages/", "/dist-packages/", "/vendor/", "/pkg/mod/",
      "/registry/src/"};  // the last two: what go and cargo keep of downloaded modules
  const std::string rooted = "/" + std::string(path);
  return is_in_gem_folder(rooted) || std::any_of(kFolders.begin(), kFolders.end(), [&](std::string_view folder) {
           return rooted.find(folder) != std::string::npos;
         });
}

bool is_project_file(const FileHead& file, std::string_view name) {
  return base::basename(file.path) == name && !is_in_installed_tree(file.path);
}

void LockPackages::add(std::string_view name, std::string_view version, bool dev) {
  if (name.empty()) return;
  if (version.empty()) {
    ++without_version_;
    return;
  }
  model::Package package;
  package.name = name;
  package.version = version;
  package.type = type_;
  package.dev = dev;
  add_package(facts_, std::move(package));
}

FileFacts LockPackages::all() && {
  if (without_version_ > 0)
    facts_.warnings.push_back(
        fmt::format("{}: {} {} without an exact version (from a folder, an address or a range): left out", facts_.path,
                    without_version_, without_version_ == 1 ? "entry" : "entries"));
  return std::move(facts_);
}

FileFacts LockPackages::merged() && {
  auto& packages = facts_.packages;
  const auto identity = [](const model::Package& p) { return std::tie(p.name, p.version); };
  // Entries that production needs come first, so that they are the ones kept.
  std::sort(packages.begin(), packages.end(), [&](const model::Package& a, const model::Package& b) {
    return std::tie(a.name, a.version, a.dev) < std::tie(b.name, b.version, b.dev);
  });
  const auto same = [&](const model::Package& a, const model::Package& b) { return identity(a) == identity(b); };
  packages.erase(std::unique(packages.begin(), packages.end(), same), packages.end());
  return std::move(*this).all();
}

std::vector<std::string> DependencyGraph::reachable() const {
  std::set<std::string> seen(roots_.begin(), roots_.end());
  std::vector<std::string> open(seen.begin(), seen.end());
  while (!open.empty()) {
    const std::string node = std::move(open.back());
    open.pop_back();
    const auto found = edges_.find(node);
    if (found == edges_.end()) continue;
    for (const std::string& next : found->second)
      if (seen.insert(next).second) open.push_back(next);
  }
  return {seen.begin(), seen.end()};
}

std::pair<std::string_view, std::string_view> split_npm_spec(std::string_view spec) {
  const auto at = spec.find('@', 1);
  if (at == std::string_view::npos) return {spec, {}};
  return {spec.substr(0, at), spec.substr(at + 1)};
}

}  // namespace sbom
