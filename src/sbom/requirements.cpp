// SPDX-License-Identifier: Apache-2.0
// requirements.txt. Sources: pip.pypa.io, "Requirements File Format"; PEP 508 for one requirement. Only what is
// pinned to one version tells what gets installed; included files (-r, -c) are read where they lie.
#include <algorithm>
#include <optional>

#include "base/text.hpp"
#include "sbom/lock_files.hpp"

namespace sbom {

namespace {

// `low` is the index of the less significant byte in each pair. Unpaired surrogates become U+FFFD.
std::string utf8_from_utf16(std::string_view bytes, std::size_t low) {
  const auto unit = [&](std::size_t at) -> std::uint32_t {
    return static_cast<std::uint32_t>(static_cast<std::uint8_t>(bytes[at + low]) |
                                      static_cast<std::uint8_t>(bytes[at + 1 - low]) << 8);
  };
  std::string out;
  for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
    std::uint32_t code = unit(at);
    if (code >= 0xd800 && code < 0xdc00 && at + 3 < bytes.size() && (unit(at + 2) & 0xfc00) == 0xdc00) {
      code = 0x10000 + ((code & 0x3ff) << 10) + (unit(at + 2) & 0x3ff);
      at += 2;
    } else if (code >= 0xd800 && code < 0xe000) {
      code = 0xfffd;
    }
    base::append_utf8(code, out);
  }
  return out;
}

// pip decodes by the byte order mark; `pip freeze > …` in PowerShell writes UTF-16.
std::string decode_requirements(std::string_view bytes) {
  if (bytes.substr(0, 3) == "\xef\xbb\xbf") return std::string(bytes.substr(3));
  if (bytes.substr(0, 2) == "\xff\xfe") return utf8_from_utf16(bytes.substr(2), 0);
  if (bytes.substr(0, 2) == "\xfe\xff") return utf8_from_utf16(bytes.substr(2), 1);
  return std::string(bytes);
}

// A comment starts at the beginning of a line or behind a blank: "pkg @ https://host/x#egg=pkg" holds none.
std::string_view without_requirement_comment(std::string_view line) {
  for (auto at = line.find('#'); at != std::string_view::npos; at = line.find('#', at + 1))
    if (at == 0 || line[at - 1] == ' ' || line[at - 1] == '\t') return line.substr(0, at);
  return line;
}

// Joins lines that end in a backslash; a comment line ends what goes before it, as in pip.
std::vector<std::string> requirement_lines(std::string_view text) {
  std::vector<std::string> lines;
  std::string pending;
  for (std::string_view line : base::split_lines(text)) {
    const bool comment = base::trim(line).substr(0, 1) == "#";
    const bool continues = !comment && !line.empty() && line.back() == '\\';
    if (continues) line.remove_suffix(1);
    pending += without_requirement_comment(line);
    if (continues) continue;
    lines.push_back(std::move(pending));
    pending.clear();
  }
  lines.push_back(std::move(pending));
  return lines;
}

bool is_version_text(std::string_view version) {
  return !version.empty() && std::all_of(version.begin(), version.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' ||
           c == '_' || c == '+' || c == '!';
  });
}

// The version that "==1.0" or "===1.0" in a list of clauses pins; nothing for ranges and "==1.*".
std::optional<std::string_view> pinned_version(std::string_view clauses) {
  for (std::string_view clause : base::split(clauses, ',')) {
    clause = base::trim(clause);
    if (clause.substr(0, 2) != "==") continue;
    clause.remove_prefix(clause.substr(0, 3) == "===" ? 3 : 2);
    clause = base::trim(clause);
    if (is_version_text(clause)) return clause;
  }
  return std::nullopt;
}

// "name[extra1,extra2] (==1.0) ; marker --hash=…"
void add_requirement(std::string_view line, bool dev, LockPackages& packages) {
  line = base::trim(line);
  if (line.empty() || line.front() == '-') return;  // an option: -r, -c, -e, --hash, --index-url …
  line = line.substr(0, std::min(line.find(" --"), line.find("\t--")));
  line = base::trim(base::cut(line, ";").first);
  const auto name_end = std::find_if_not(line.begin(), line.end(), [](char c) {
    return is_version_text(std::string_view(&c, 1)) && c != '+' && c != '!';
  });
  const auto name = line.substr(0, static_cast<std::size_t>(name_end - line.begin()));
  std::string_view rest = base::trim(line.substr(name.size()));
  if (!rest.empty() && rest.front() == '[') rest = base::trim(base::cut(rest, "]").second);
  if (rest.size() >= 2 && rest.front() == '(' && rest.back() == ')') rest = rest.substr(1, rest.size() - 2);
  packages.add(name, pinned_version(rest).value_or(std::string_view()), dev);
}

// "requirements-dev.txt", "test_requirements.txt", "requirements/dev.txt": development is said in the name alone.
bool names_development(std::string_view path) {
  std::string word;
  for (char c : base::to_lower(base::basename(path))) {
    if (c != '.' && c != '-' && c != '_') {
      word += c;
      continue;
    }
    if (word == "dev" || word == "devel" || word == "develop" || word == "development" || word == "test" ||
        word == "tests" || word == "testing")
      return true;
    word.clear();
  }
  return false;
}

}  // namespace

bool wants_requirements(const FileHead& file) {
  const std::string_view name = base::basename(file.path);
  if (name.size() < 5 || name.substr(name.size() - 4) != ".txt" || is_in_installed_tree(file.path)) return false;
  const std::string_view folder = file.path.substr(0, file.path.size() - name.size());
  const bool in_folder = !folder.empty() && base::basename(folder.substr(0, folder.size() - 1)) == "requirements";
  return in_folder || name.find("requirements") != std::string_view::npos;
}

base::Result<FileFacts> catalog_requirements(std::span<const File> files) {
  const File& file = files.front();
  LockPackages packages(file, "pypi");
  const bool dev = names_development(file.path);
  for (const std::string& line : requirement_lines(decode_requirements(file.content)))
    add_requirement(line, dev, packages);
  return std::move(packages).merged();
}

}  // namespace sbom
