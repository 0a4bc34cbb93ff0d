// SPDX-License-Identifier: Apache-2.0
// Small helpers over ASCII text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace base {

std::string_view trim(std::string_view text);                          // blanks, tabs, CR, LF at both ends
std::string to_lower(std::string_view text);                           // ASCII only
bool equals_ignoring_case(std::string_view a, std::string_view b);     // ASCII only
std::vector<std::string_view> split(std::string_view text, char separator);  // keeps empty parts; views into text
std::vector<std::string_view> split_lines(std::string_view text);      // LF or CRLF, no empty part at the end
std::string join(const std::vector<std::string>& parts, std::string_view separator);
bool is_digits(std::string_view text);                                 // one or more of 0-9

// Cuts `text` at the first (last) separator: {before, after}; {text, ""} where there is none.
std::pair<std::string_view, std::string_view> cut(std::string_view text, std::string_view separator);
std::pair<std::string_view, std::string_view> cut_last(std::string_view text, std::string_view separator);

// RFC 3986 percent-encoding of everything but unreserved characters and those in `keep`.
std::string percent_encode(std::string_view text, std::string_view keep = {});
std::string percent_decode(std::string_view text);  // malformed escapes are kept as they are

// Text safe to print on a terminal: control characters and invalid UTF-8 replaced by U+FFFD.
std::string printable(std::string_view text);

// Appends the UTF-8 form (RFC 3629) of a code point, which is at most 0x10ffff and no surrogate.
void append_utf8(std::uint32_t code, std::string& out);

// The part of a path behind its last '/'.
std::string_view basename(std::string_view path);

// Letters to insert, remove or change to make one text of the other (Levenshtein).
std::size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace base
