// SPDX-License-Identifier: Apache-2.0
// yarn.lock: the classic format (yarnpkg/yarn, src/lockfile) and berry's YAML, told apart by the `__metadata` entry
// that only berry writes. Neither says which packages are for development.
#include "base/text.hpp"
#include "base/yaml.hpp"
#include "sbom/lock_files.hpp"

namespace sbom {

namespace {

std::string_view unquote_yarn(std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') return text.substr(1, text.size() - 2);
  return text;
}

bool is_folder_reference(std::string_view reference) {
  return reference.substr(0, 5) == "link:" || reference.substr(0, 7) == "portal:" ||
         reference.substr(0, 10) == "workspace:";
}

// The package that the first of `"a@^1", "a@^1.2"` names; an alias ("b@npm:a@^1") names the package behind it.
std::string_view name_of_yarn_patterns(std::string_view patterns) {
  patterns = base::trim(patterns);
  const bool quoted = !patterns.empty() && patterns.front() == '"';
  const std::string_view first =
      quoted ? base::cut(patterns.substr(1), "\"").first : base::trim(base::cut(patterns, ",").first);
  const auto [name, range] = split_npm_spec(first);
  if (range.substr(0, 4) == "npm:") return split_npm_spec(range.substr(4)).first;
  const bool is_address = name.find(':') != std::string_view::npos;
  return is_address || is_folder_reference(range) ? std::string_view() : name;
}

void add_classic_yarn(std::string_view text, LockPackages& packages) {
  std::string_view name;
  for (std::string_view line : base::split_lines(text)) {
    if (line.empty() || line.front() == '#') continue;
    if (line.front() != ' ') {
      name = line.back() == ':' ? name_of_yarn_patterns(line.substr(0, line.size() - 1)) : std::string_view();
    } else if (line.substr(0, 10) == "  version ") {
      packages.add(name, unquote_yarn(base::trim(line.substr(10))));
      name = {};
    }
  }
}

// A resolution is "name@protocol:reference"; the patch protocol's reference names the same package again.
void add_berry_yarn(const base::Json& lock, LockPackages& packages) {
  const auto* entries = lock.if_object();
  if (!entries) return;
  for (const auto& member : *entries) {
    if (member.key() == "__metadata") continue;
    const auto [name, reference] = split_npm_spec(base::get_string(member.value(), "resolution"));
    if (is_folder_reference(reference)) continue;
    packages.add(name, base::get_string(member.value(), "version"));
  }
}

}  // namespace

bool wants_yarn_lock(const FileHead& file) { return is_project_file(file, "yarn.lock"); }

base::Result<FileFacts> catalog_yarn_lock(std::span<const File> files) {
  const File& file = files.front();
  LockPackages packages(file, "npm");
  const bool berry = ("\n" + file.content.substr(0, 4096)).find("\n__metadata:") != std::string::npos;
  if (berry) {
    for (const base::Json& document : TRY(base::parse_yaml(file.content, file.path))) add_berry_yarn(document, packages);
  } else {
    add_classic_yarn(file.content, packages);
  }
  return std::move(packages).merged();
}

}  // namespace sbom
