// SPDX-License-Identifier: Apache-2.0
#include "kql/functions/command_line.hpp"

#include <algorithm>

namespace kql {

namespace {

bool is_blank_of_line(char c) { return c == ' ' || c == '\t'; }

std::string taken_program(std::string_view& line) {
  if (line.substr(0, 1) == "\"") {
    const std::size_t close = std::min(line.find('"', 1), line.size());
    std::string out(line.substr(1, close - 1));
    line.remove_prefix(std::min(close + 1, line.size()));
    return out;
  }
  std::size_t end = 0;
  while (end < line.size() && !is_blank_of_line(line[end])) ++end;
  std::string out(line.substr(0, end));
  line.remove_prefix(end);
  return out;
}

std::string taken_argument(std::string_view& line) {
  std::string out;
  bool quoted = false;
  std::size_t i = 0;
  while (i < line.size() && (quoted || !is_blank_of_line(line[i]))) {
    std::size_t backslashes = 0;
    while (i + backslashes < line.size() && line[i + backslashes] == '\\') ++backslashes;
    i += backslashes;
    const bool before_quote = i < line.size() && line[i] == '"';
    out.append(before_quote ? backslashes / 2 : backslashes, '\\');
    if (!before_quote) {
      if (backslashes == 0) out += line[i++];
      continue;
    }
    ++i;
    if (backslashes % 2 == 1) {
      out += '"';
    } else if (quoted && i < line.size() && line[i] == '"') {
      out += '"';
      ++i;
    } else {
      quoted = !quoted;
    }
  }
  line.remove_prefix(i);
  return out;
}

void skip_blanks_of_line(std::string_view& line) {
  while (!line.empty() && is_blank_of_line(line.front())) line.remove_prefix(1);
}

}  // namespace

std::vector<std::string> windows_arguments(std::string_view line) {
  std::vector<std::string> out;
  skip_blanks_of_line(line);
  if (line.empty()) return out;
  out.push_back(taken_program(line));
  for (skip_blanks_of_line(line); !line.empty(); skip_blanks_of_line(line)) out.push_back(taken_argument(line));
  return out;
}

}  // namespace kql
