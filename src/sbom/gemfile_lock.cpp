// SPDX-License-Identifier: Apache-2.0
// Gemfile.lock. Source: rubygems/rubygems, bundler/lib/bundler/lockfile_parser.rb. A text without any section is no
// error: Bundler treats it as a lock file that locks nothing.
#include "base/text.hpp"
#include "sbom/lock_files.hpp"

namespace sbom {

namespace {

bool is_gem_source(std::string_view section) {
  return section == "GEM" || section == "GIT" || section == "PATH" || section == "PLUGIN SOURCE";
}

// "    nokogiri (1.16.0-x86_64-linux)": a resolved gem has an indent of four, its dependencies one of six. A version
// never holds a hyphen, so one starts the platform.
void add_gem_line(std::string_view line, LockPackages& packages) {
  if (line.substr(0, 4) != "    " || line.size() < 5 || line[4] == ' ') return;
  const auto [name, rest] = base::cut(line.substr(4), " (");
  if (rest.empty() || rest.back() != ')') return;
  packages.add(base::trim(name), rest.substr(0, rest.find_first_of("-)")));
}

}  // namespace

bool wants_gemfile_lock(const FileHead& file) {
  return is_project_file(file, "Gemfile.lock") || is_project_file(file, "gems.locked");
}

base::Result<FileFacts> catalog_gemfile_lock(std::span<const File> files) {
  const File& file = files.front();
  LockPackages packages(file, "gem");
  bool in_source = false;
  bool in_specs = false;
  for (std::string_view line : base::split_lines(file.content)) {
    if (base::trim(line).empty()) continue;
    if (line.front() != ' ') {
      in_source = is_gem_source(base::trim(line));
      in_specs = false;
    } else if (line == "  specs:") {
      in_specs = in_source;
    } else if (in_specs) {
      add_gem_line(line, packages);
    }
  }
  return std::move(packages).merged();
}

}  // namespace sbom
