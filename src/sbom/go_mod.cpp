// SPDX-License-Identifier: Apache-2.0
// go.mod. Source: go.dev/ref/mod, "go.mod files". From go 1.17 on it lists every module of the build; before that
// only those required directly.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "base/text.hpp"
#include "sbom/lock_files.hpp"

namespace sbom {

namespace {

using GoModule = std::pair<std::string, std::string>;  // path, version; version empty for all versions or none

struct GoMod {
  std::string main;
  std::string go;         // of the go directive, "1.21" or "1.21.3"
  std::string toolchain;  // without "go" in front
  std::vector<GoModule> required;
  std::set<GoModule> excluded;
  std::map<GoModule, GoModule> replaced;
};

// Words of a line: separated by blanks, strings in "" or `` taken whole, "//" begins a comment.
std::vector<std::string> go_mod_words(std::string_view line) {
  std::vector<std::string> words;
  for (line = base::trim(line); !line.empty() && line.substr(0, 2) != "//"; line = base::trim(line)) {
    const char quote = line.front();
    if (quote == '"' || quote == '`') {
      const auto [word, rest] = base::cut(line.substr(1), std::string_view(&quote, 1));
      words.emplace_back(word);
      line = rest;
      continue;
    }
    const bool bracket = quote == '(' || quote == ')';
    const auto end = bracket ? 1 : std::min({line.find_first_of(" \t()"), line.find("//"), line.size()});
    words.emplace_back(line.substr(0, end));
    line.remove_prefix(end);
  }
  return words;
}

// "old [version] => new [version]"
void read_go_replace(const std::vector<std::string>& words, GoMod& mod) {
  const auto arrow = std::find(words.begin(), words.end(), "=>");
  const auto before = arrow - words.begin();
  const auto after = words.end() - arrow - 1;
  if (arrow == words.end() || before < 1 || before > 2 || after < 1 || after > 2) return;
  mod.replaced[{words[0], before == 2 ? words[1] : ""}] = {arrow[1], after == 2 ? arrow[2] : ""};
}

void read_go_directive(const std::string& verb, const std::vector<std::string>& words, GoMod& mod) {
  if (words.empty()) return;
  if (verb == "module") mod.main = words[0];
  if (verb == "go") mod.go = words[0];
  if (verb == "toolchain" && words[0].substr(0, 2) == "go") mod.toolchain = words[0].substr(2, words[0].find('-') - 2);
  if (verb == "require" && words.size() >= 2) mod.required.emplace_back(words[0], words[1]);
  if (verb == "exclude" && words.size() >= 2) mod.excluded.insert({words[0], words[1]});
  if (verb == "replace") read_go_replace(words, mod);
}

GoMod parse_go_mod(std::string_view text) {
  GoMod mod;
  std::string block;  // verb of the block the line is in
  for (std::string_view line : base::split_lines(text)) {
    std::vector<std::string> words = go_mod_words(line);
    if (words.empty()) continue;
    if (words[0] == ")") {
      block.clear();
    } else if (!block.empty()) {
      read_go_directive(block, words, mod);
    } else if (words.back() == "(") {
      block = words[0];
    } else {
      const std::string verb = words[0];
      words.erase(words.begin());
      read_go_directive(verb, words, mod);
    }
  }
  return mod;
}

// A replacement for one version goes before one for all; nothing where the module is a folder of the project.
std::optional<GoModule> resolve_go_module(const GoMod& mod, const GoModule& module) {
  auto found = mod.replaced.find(module);
  if (found == mod.replaced.end()) found = mod.replaced.find({module.first, ""});
  if (found == mod.replaced.end()) return module;
  if (found->second.second.empty()) return std::nullopt;
  return found->second;
}

// 1.9 and 1.21.3 compare by number, part by part.
bool go_version_before(std::string_view version, int major, int minor) {
  const auto [first, rest] = base::cut(version, ".");
  const auto number = [](std::string_view digits) {
    int value = 0;
    for (char c : digits.substr(0, 6)) {
      if (c < '0' || c > '9') break;
      value = value * 10 + (c - '0');
    }
    return value;
  };
  return std::pair(number(first), number(rest)) < std::pair(major, minor);
}

}  // namespace

bool wants_go_mod(const FileHead& file) { return is_project_file(file, "go.mod"); }

base::Result<FileFacts> catalog_go_mod(std::span<const File> files) {
  const File& file = files.front();
  const GoMod mod = parse_go_mod(file.content);
  LockPackages packages(file, "golang");
  packages.add(mod.main, "(devel)");
  if (const std::string& version = mod.toolchain.empty() ? mod.go : mod.toolchain; !version.empty())
    packages.add("stdlib", version);
  for (const GoModule& module : mod.required) {
    if (mod.excluded.count(module) > 0) continue;
    const auto resolved = resolve_go_module(mod, module);
    packages.add(resolved ? resolved->first : module.first, resolved ? resolved->second : "");
  }
  if (!mod.required.empty() && go_version_before(mod.go, 1, 17))
    packages.warn(fmt::format("{}: written for go {}, which lists direct requirements only; run `go mod tidy -go=1.17` "
                              "to have all of them listed", file.path, mod.go.empty() ? "1.16" : mod.go));
  return std::move(packages).merged();
}

}  // namespace sbom
