// SPDX-License-Identifier: Apache-2.0
// Installed npm packages: package.json below node_modules (docs.npmjs.com, "package.json" and "folders").
#include <algorithm>

#include "base/json.hpp"
#include "base/text.hpp"
#include "sbom/catalogers_installed.hpp"

namespace sbom {
namespace {

constexpr std::size_t kMaxPackageJson = 8u << 20;
constexpr std::size_t kMaxNpmName = 214;
constexpr std::string_view kNodeModules = "node_modules/";

// The path behind the last "node_modules/", nothing where there is none.
std::string_view behind_node_modules(std::string_view path) {
  const std::size_t at = path.rfind(kNodeModules);
  if (at == std::string_view::npos || (at > 0 && path[at - 1] != '/')) return {};
  return path.substr(at + kNodeModules.size());
}

bool wants_node(const FileHead& file) {
  return file.path.ends_with("/package.json") && !behind_node_modules(file.path).empty();
}

// "name/package.json" or "@scope/name/package.json".
bool is_node_package_root(std::string_view inside) {
  const auto slashes = std::count(inside.begin(), inside.end(), '/');
  return slashes == (inside.front() == '@' ? 2 : 1);
}

// Folders of samples, whose package.json files describe nothing that is installed.
bool is_node_sample(std::string_view inside) {
  static constexpr std::string_view kSamples[] = {"test",     "tests",        "__tests__", "fixtures",
                                                  "example", "__fixtures__", "examples"};
  const auto parts = base::split(inside, '/');
  return std::find_first_of(parts.begin(), parts.end(), std::begin(kSamples), std::end(kSamples)) != parts.end();
}

bool is_npm_name(std::string_view name) {
  const auto fits = [](char c) { return static_cast<unsigned char>(c) > ' ' && c != '\x7f'; };
  return !name.empty() && name.size() <= kMaxNpmName && std::all_of(name.begin(), name.end(), fits);
}

// Packages carry copies of others (dist/compiled/x/package.json): these count when they are complete. A folder that
// only sets how its modules are loaded has no name and version, or says that it is private.
base::Result<FileFacts> catalog_node(std::span<const File> files) {
  const File& file = files.front();
  FileFacts facts;
  facts.path = file.path;
  const std::string_view inside = behind_node_modules(file.path);
  if (inside.empty()) return facts;
  const bool root = is_node_package_root(inside);
  if (!root && is_node_sample(inside)) return facts;
  const auto json = base::parse_json(file.content, file.path);
  if (!json) {
    if (root) return base::fail(json.error());
    return facts;
  }
  const auto name = base::trim(base::get_string(*json, "name"));
  const auto version = base::trim(base::get_string(*json, "version"));
  if (!is_npm_name(name) || version.empty()) return facts;
  if (!root && base::get_bool(*json, "private")) return facts;
  model::Package package;
  package.name = name;
  package.version = version;
  package.type = "npm";
  add_package(facts, std::move(package));
  return facts;
}

}  // namespace

Cataloger node_cataloger() {
  return {.name = "node",
          .version = 1,
          .cap = kMaxPackageJson,
          .grouped = false,
          .wants = wants_node,
          .catalog = catalog_node};
}

}  // namespace sbom
