// SPDX-License-Identifier: Apache-2.0
#include "kql/syntax/source.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace kql {

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
