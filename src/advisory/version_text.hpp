// SPDX-License-Identifier: Apache-2.0
// What the version orders share: ASCII classes, digit strings of any length, dotted lists.
#pragma once

#include <compare>
#include <cstddef>
#include <string_view>

namespace advisory {

inline bool is_ascii_digit(char c) { return c >= '0' && c <= '9'; }
inline bool is_ascii_lower(char c) { return c >= 'a' && c <= 'z'; }
inline bool is_ascii_alpha(char c) { return is_ascii_lower(static_cast<char>(c | 0x20)) && c >= 'A'; }
inline bool is_ascii_alnum(char c) { return is_ascii_digit(c) || is_ascii_alpha(c); }
inline bool is_ascii_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
inline char ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

// Bytes as unsigned values, then length.
inline std::strong_ordering compare_bytes(std::string_view a, std::string_view b) { return a.compare(b) <=> 0; }
std::strong_ordering compare_bytes_ignoring_case(std::string_view a, std::string_view b);

// Numeric order of two strings of digits, each of any length and possibly empty (zero).
std::strong_ordering compare_digits(std::string_view a, std::string_view b);

bool all_digits(std::string_view text);  // true for the empty text
std::string_view trim_ascii(std::string_view text);
bool starts_with_ignoring_case(std::string_view text, std::string_view lower_prefix);

// Cuts the longest run that satisfies `is` off the front of `text`.
template <typename Is>
std::string_view take_while(std::string_view& text, Is is) {
  std::size_t length = 0;
  while (length < text.size() && is(text[length])) ++length;
  const std::string_view taken = text.substr(0, length);
  text.remove_prefix(length);
  return taken;
}
inline std::string_view take_digits(std::string_view& text) { return take_while(text, is_ascii_digit); }
std::string_view take_dotted_numbers(std::string_view& text);  // "1.2.3" off "1.2.3rc1"

// Walks the parts of a text between separators without copying: "1.2" gives "1", "2"; "" gives nothing, "1." gives "1", "".
class PartWalker {
 public:
  PartWalker(std::string_view text, char separator) : rest_(text), separator_(separator), done_(text.empty()) {}
  bool done() const { return done_; }
  std::string_view next();  // "" once done

 private:
  std::string_view rest_;
  char separator_;
  bool done_;
};

}  // namespace advisory
