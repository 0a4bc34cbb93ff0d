// SPDX-License-Identifier: Apache-2.0
// Installed gems: specifications/**/<full name>.gemspec, Ruby text that RubyGems writes (Gem::Specification#to_ruby).
// The text is read, never run: name and version count where they are written out as literals.
#include <algorithm>

#include "base/text.hpp"
#include "sbom/catalogers_installed.hpp"

namespace sbom {
namespace {

constexpr std::size_t kMaxGemspec = 2u << 20;
constexpr std::size_t kMaxGemspecLine = 4096;

bool wants_gemspec(const FileHead& file) {
  if (!file.path.ends_with(".gemspec")) return false;
  return file.path.starts_with("specifications/") || file.path.find("/specifications/") != std::string_view::npos;
}

bool is_ruby_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

void skip_ruby_blanks(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
}

bool take_ruby(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

char ruby_closing(char open) {
  switch (open) {
    case '(': return ')';
    case '[': return ']';
    case '{': return '}';
    case '<': return '>';
    default: return open;
  }
}

// A string literal at the front: "…", '…', %q<…>, %Q(…), %[…]. Nothing where it interpolates, since its value is
// unknown then.
std::optional<std::string> take_ruby_string(std::string_view& text) {
  bool raw = take_ruby(text, "%q");
  const bool bare = text.size() > 1 && !is_ruby_word(text[1]);
  const bool percent = raw || take_ruby(text, "%Q") || (bare && take_ruby(text, "%"));
  if (text.empty() || (!percent && text[0] != '"' && text[0] != '\'')) return std::nullopt;
  if (!percent) raw = text[0] == '\'';
  const char close = ruby_closing(text[0]);
  std::string value;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == close) {
      text.remove_prefix(i + 1);
      return value;
    }
    if (!raw && text[i] == '#' && i + 1 < text.size() && text[i + 1] == '{') return std::nullopt;
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    value += text[i];
  }
  return std::nullopt;
}

// A string literal, bare or as the argument of Gem::Version.new or .create.
std::optional<std::string> take_ruby_value(std::string_view& text) {
  skip_ruby_blanks(text);
  take_ruby(text, "::");
  if (take_ruby(text, "Gem::Version.new") || take_ruby(text, "Gem::Version.create")) {
    skip_ruby_blanks(text);
    take_ruby(text, "(");
    skip_ruby_blanks(text);
  }
  auto value = take_ruby_string(text);
  if (!value) return std::nullopt;
  // Only .freeze, .dup and the like leave the value as it is; "+", "%" or .sub do not.
  auto rest = text;
  while (take_ruby(rest, ".freeze") || take_ruby(rest, ".dup") || take_ruby(rest, ".to_s") || take_ruby(rest, ")")) {}
  skip_ruby_blanks(rest);
  const bool ends = rest.empty() || rest[0] == ';' || rest[0] == '#' || rest[0] == ',' || rest.starts_with("do") ||
                    rest.starts_with("if") || rest.starts_with("unless") || rest[0] == '}';
  if (!ends) return std::nullopt;
  text = rest;
  return value;
}

struct GemspecReader {
  std::string receiver;  // the block's variable, "s" in `do |s|`; any receiver counts while it is unknown
  std::string name, version;
  std::string stub_name, stub_version;

  void read_line(std::string_view line);
  void read_stub(std::string_view line);
  void read_constructor(std::string_view line);
  void read_assignment(std::string_view line, std::string_view attribute, std::string& value) const;
};

// "# stub: name version platform require_paths", which RubyGems itself trusts.
void GemspecReader::read_stub(std::string_view line) {
  if (!stub_name.empty() || !take_ruby(line, "# stub: ")) return;
  const auto parts = base::split(line, ' ');
  if (parts.size() < 3) return;
  stub_name = parts[0];
  stub_version = parts[1];
}

// `Gem::Specification.new do |s|`, `Gem::Specification.new("name", "1.0") do |s|`.
void GemspecReader::read_constructor(std::string_view line) {
  constexpr std::string_view kNew = "Gem::Specification.new";
  const auto at = line.find(kNew);
  if (at == std::string_view::npos) return;
  line.remove_prefix(at + kNew.size());
  const auto bar = line.find('|');
  if (bar != std::string_view::npos) {
    auto variable = line.substr(bar + 1);
    receiver = base::trim(variable.substr(0, variable.find('|')));
  }
  skip_ruby_blanks(line);
  take_ruby(line, "(");
  const auto first = take_ruby_value(line);
  if (!first) return;
  if (name.empty()) name = *first;
  if (!take_ruby(line, ",")) return;
  const auto second = take_ruby_value(line);
  if (second && version.empty()) version = *second;
}

// `s.name = "x"`, anywhere in the line; the first literal wins.
void GemspecReader::read_assignment(std::string_view line, std::string_view attribute, std::string& value) const {
  for (std::size_t at = 0; value.empty() && (at = line.find('.', at)) != std::string_view::npos; ++at) {
    auto rest = line.substr(at + 1);
    if (!take_ruby(rest, attribute)) continue;
    skip_ruby_blanks(rest);
    if (!take_ruby(rest, "=") || rest.starts_with("=") || rest.starts_with("~")) continue;
    std::size_t start = at;
    while (start > 0 && is_ruby_word(line[start - 1])) --start;
    const auto variable = line.substr(start, at - start);
    if (variable.empty() || (!receiver.empty() && variable != receiver)) continue;
    if (start > 0 && line[start - 1] != ' ' && line[start - 1] != '\t' && line[start - 1] != ';') continue;
    if (auto literal = take_ruby_value(rest)) value = std::move(*literal);
  }
}

void GemspecReader::read_line(std::string_view line) {
  line = base::trim(line).substr(0, kMaxGemspecLine);
  if (!line.empty() && line[0] == '#') {
    read_stub(line);
    return;
  }
  read_constructor(line);
  read_assignment(line, "name", name);
  read_assignment(line, "version", version);
}

base::Result<FileFacts> catalog_gemspec(std::span<const File> files) {
  const File& file = files.front();
  FileFacts facts;
  facts.path = file.path;
  GemspecReader reader;
  bool comment = false;  // between =begin and =end
  for (const std::string_view line : base::split_lines(file.content)) {
    if (line == "__END__") break;
    if (line.starts_with("=begin")) comment = true;
    if (!comment) reader.read_line(line);
    if (line.starts_with("=end")) comment = false;
  }
  model::Package package;
  package.name = reader.name.empty() ? reader.stub_name : reader.name;
  package.version = reader.version.empty() ? reader.stub_version : reader.version;
  package.type = "gem";
  if (package.name.find(' ') == std::string::npos) add_package(facts, std::move(package));
  return facts;
}

}  // namespace

Cataloger ruby_gemspec_cataloger() {
  return {.name = "ruby-gemspec",
          .version = 1,
          .cap = kMaxGemspec,
          .grouped = false,
          .wants = wants_gemspec,
          .catalog = catalog_gemspec};
}

}  // namespace sbom
