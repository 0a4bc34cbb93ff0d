// SPDX-License-Identifier: Apache-2.0
#include <cctype>

#include "base/text.hpp"
#include "kql/time.hpp"

namespace kql {

std::optional<std::string> parse_guid(std::string_view text) {
  text = base::trim(text);
  if (text.size() >= 2 && ((text.front() == '{' && text.back() == '}') || (text.front() == '(' && text.back() == ')')))
    text = text.substr(1, text.size() - 2);
  const bool hyphens = text.size() == 36;
  if (!hyphens && text.size() != 32) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool at_hyphen = hyphens && (i == 8 || i == 13 || i == 18 || i == 23);
    if (at_hyphen ? text[i] != '-' : std::isxdigit(static_cast<unsigned char>(text[i])) == 0) return std::nullopt;
    if (!hyphens && (i == 8 || i == 12 || i == 16 || i == 20)) out += '-';
    out += text[i];
  }
  return base::to_lower(out);
}

std::optional<std::string> read_guid(std::string_view text) {
  text = base::trim(text);
  if (!text.empty() && (text.front() == '{' || text.front() == '(')) return parse_guid(text);
  std::string digits;
  for (std::size_t i = 0; i < text.size() && digits.size() < 32; ++i) {
    const std::size_t read = digits.size();
    const bool at_border = read == 8 || read == 12 || read == 16 || read == 20;
    if (at_border && text[i] == '-' && text[i - 1] != '-') continue;
    if (std::isxdigit(static_cast<unsigned char>(text[i])) == 0) return std::nullopt;
    digits += text[i];
  }
  return parse_guid(digits);
}

}  // namespace kql
