// SPDX-License-Identifier: Apache-2.0
// What is to be known of a pattern before the engine may look for all its matches.
#include <re2/re2.h>

#include "kql/regex.hpp"
#include "kql/sql/scalar_writer.hpp"

namespace kql {

// What stands around a place decides of ^, $ and \b.
bool may_match_nothing(std::string_view pattern) {
  static constexpr std::string_view kAround[] = {"", "a", " ", "\n"};
  const re2::RE2* compiled = compiled_regex(pattern);
  if (compiled == nullptr) return true;
  for (const std::string_view before : kAround)
    for (const std::string_view behind : kAround) {
      const std::string text = std::string(before) + std::string(behind);
      re2::StringPiece found;
      if (compiled->Match(text, before.size(), before.size(), re2::RE2::ANCHOR_START, &found, 1)) return true;
      if (compiled->Match(text, before.size(), text.size(), re2::RE2::ANCHOR_START, &found, 1) && found.empty()) return true;
    }
  return false;
}

bool looks_around(std::string_view pattern) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char next = i + 1 < pattern.size() ? pattern[i + 1] : '\0';
    if (pattern[i] == '\\') {
      if (std::string_view("AbBzZQEC").find(next) != std::string_view::npos) return true;
      ++i;
    } else if (pattern[i] == '[' && next == '^') {
      ++i;
    } else if (pattern[i] == '^' || pattern[i] == '$') {
      return true;
    }
  }
  return false;
}

}  // namespace kql
