// SPDX-License-Identifier: Apache-2.0
#include "kql/syntax/source.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace kql {

namespace {

// The nearest place from `at` on where a character begins.
std::size_t character_from(std::string_view text, std::size_t at) {
  while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) ++at;
  return at;
}

}  // namespace

std::string shortened(std::string text) {
  constexpr std::size_t kLongest = 600, kHead = 300, kTail = 200;
  if (text.size() <= kLongest) return text;
  return text.substr(0, character_from(text, kHead)) + " … " + text.substr(character_from(text, text.size() - kTail));
}

std::string nearest_name(std::string_view name, const std::vector<std::string>& names) {
  constexpr std::size_t kLongestName = 100, kMostNames = 5000;  // longer ones are not misspelt, and more are not looked through
  if (name.size() > kLongestName || names.size() > kMostNames) return {};
  const std::string lower = base::to_lower(name);
  std::string nearest;
  std::size_t distance = std::min<std::size_t>(3, 1 + name.size() / 3);
  for (const std::string& known : names) {
    if (known.size() + distance <= name.size() || name.size() + distance <= known.size()) continue;  // they are that far apart
    const std::size_t d = base::to_lower(known) == lower ? 0 : base::edit_distance(name, known);
    if (d >= distance) continue;
    distance = d;
    nearest = known;
    if (d == 0) break;
  }
  return nearest;
}

Position position_of(std::string_view query, std::uint32_t offset) {
  const std::string_view before = query.substr(0, std::min<std::size_t>(offset, query.size()));
  const std::size_t line_begin = before.rfind('\n') + 1;  // npos + 1 is 0
  Position position;
  position.line += static_cast<int>(std::count(before.begin(), before.end(), '\n'));
  const std::string_view line = before.substr(line_begin);
  position.column += static_cast<int>(std::count_if(line.begin(), line.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
  return position;
}

std::string to_text(const Diagnostic& diagnostic, std::string_view query) {
  const Position at = position_of(query, diagnostic.span.begin);
  std::string text = fmt::format("line {}, column {}: {}", at.line, at.column, base::printable(diagnostic.message));
  if (!diagnostic.suggestion.empty()) text += fmt::format("; did you mean '{}'?", base::printable(diagnostic.suggestion));
  return text;
}

}  // namespace kql
