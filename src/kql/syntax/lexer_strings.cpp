// SPDX-License-Identifier: Apache-2.0
// String literals (data-explorer/kusto/query/scalar-data-types/string): "…", '…', verbatim @"…", hidden h"…", fenced ```…```.
#include <fmt/format.h>

#include "base/text.hpp"
#include "kql/syntax/token_reader.hpp"

namespace kql {

namespace {

bool is_quote(char c) { return c == '"' || c == '\''; }

bool is_fence(std::string_view text) { return text.substr(0, 3) == "```" || text.substr(0, 3) == "~~~"; }

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

bool TokenReader::at_string() const {
  std::size_t prefix = 0;
  if (at() == 'h' || at() == 'H') prefix = 1;
  if (at(prefix) == '@') ++prefix;
  return is_quote(at(prefix)) || is_fence(query_.substr(std::min(position_ + prefix, query_.size())));
}

Token TokenReader::read_string() {
  const std::size_t begin = position_;
  if (at() == 'h' || at() == 'H') ++position_;
  const bool verbatim = at() == '@';
  if (verbatim) ++position_;
  std::string text = is_fence(query_.substr(position_)) ? read_fenced(begin) : read_quoted(begin, query_[position_++], verbatim);
  return {TokenKind::literal, since(begin), {}, {Type::string, false, 0, 0, std::move(text)}};
}

std::string TokenReader::read_fenced(std::size_t begin) {
  const std::string_view fence = query_.substr(position_, 3);
  position_ += 3;
  const std::size_t end = query_.find(fence, position_);
  std::string text(query_.substr(position_, std::min(end, query_.size()) - position_));
  position_ = end == std::string_view::npos ? query_.size() : end + 3;
  if (end == std::string_view::npos) report(begin, fmt::format("the string has no {} at its end", fence));
  return text;
}

std::string TokenReader::read_quoted(std::size_t begin, char quote, bool verbatim) {
  std::string text;
  bool knows_all = true;
  while (position_ < query_.size() && at() != '\n' && at() != '\r') {
    if (at() == quote) {
      ++position_;
      if (!verbatim || at() != quote) return text;
      text += quote;  // "" within @"…" is one
      ++position_;
    } else if (at() == '\\' && !verbatim) {
      ++position_;
      read_escape(text, knows_all);
    } else {
      text += query_[position_++];
    }
  }
  report(begin, fmt::format("the string has no {} at its end", quote));
  return text;
}

// Of escapes that are none the first of a string is told: mostly the whole string was meant to be @"…".
void TokenReader::read_escape(std::string& out, bool& knows_all) {
  const std::size_t begin = position_;
  const char c = position_ < query_.size() ? query_[position_++] : '\0';
  switch (c) {
    case 'n': out += '\n'; return;
    case 't': out += '\t'; return;
    case 'r': out += '\r'; return;
    case 'a': out += '\a'; return;
    case 'b': out += '\b'; return;
    case 'f': out += '\f'; return;
    case 'v': out += '\v'; return;
    case '\\': case '"': case '\'': case '`': case '~': out += c; return;
    case 'x': base::append_utf8(read_hex(2), out); return;
    case 'u': {
      std::uint32_t code = read_hex(4);
      if (code >= 0xd800 && code < 0xdc00 && starts_with("\\u")) {
        position_ += 2;
        code = 0x10000 + ((code - 0xd800) << 10) + ((read_hex(4) - 0xdc00) & 0x3ff);
      }
      base::append_utf8(code >= 0xd800 && code < 0xe000 ? 0xfffd : code, out);
      return;
    }
    case 'U': base::append_utf8(std::min<std::uint32_t>(read_hex(8), 0x10ffff), out); return;
    case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7':
      --position_;
      base::append_utf8(read_octal(), out);
      return;
    default:
      if (knows_all) report(begin - 1, fmt::format("'\\{}' is not an escape sequence; write '\\\\' for a backslash or use @\"…\"", c));
      knows_all = false;
      out += c;
  }
}

// Up to "\377": "\101" is "A".
std::uint32_t TokenReader::read_octal() {
  const int most = at() <= '3' ? 3 : 2;
  std::uint32_t code = 0;
  for (int count = 0; count < most && at() >= '0' && at() <= '7'; ++count) code = code * 8 + static_cast<std::uint32_t>(query_[position_++] - '0');
  return code;
}

std::uint32_t TokenReader::read_hex(std::size_t most) {
  std::uint32_t code = 0;
  std::size_t count = 0;
  for (; count < most && hex_digit(at()) >= 0; ++count) code = code * 16 + static_cast<std::uint32_t>(hex_digit(query_[position_++]));
  if (count == 0) report(position_, "hexadecimal digits are missing behind the backslash");
  return code;
}

}  // namespace kql
