// SPDX-License-Identifier: Apache-2.0
// PHP's version_compare, which Composer's constraints rest on, with the `v` in front left out as Composer does.
#include <array>
#include <string>

#include "advisory/version_schemes.hpp"
#include "advisory/version_text.hpp"

namespace advisory {
namespace {

struct PhpForm {
  std::string_view prefix;
  int rank;
};
constexpr std::array<PhpForm, 10> kPhpForms = {{{"dev", 0}, {"alpha", 1}, {"a", 1}, {"beta", 2}, {"b", 2},
                                                {"RC", 3}, {"rc", 3}, {"#", 4}, {"pl", 5}, {"p", 5}}};
constexpr int kPhpNumber = 4;  // a number stands where '#' does in the list of forms

// Unknown words come before all known ones. The case of letters counts.
int php_form_rank(std::string_view word) {
  for (const PhpForm& form : kPhpForms) {
    if (word.starts_with(form.prefix)) return form.rank;
  }
  return -1;
}

bool is_php_mark(char c) { return c == '-' || c == '_' || c == '+'; }

// '.' for every '-', '_', '+' and other mark, and between digits and anything else; never two of them in a row. A mark
// behind a digit stays ("2#" is "2.#").
std::string canonical_php_version(std::string_view text) {
  std::string canonical;
  canonical.reserve(text.size() * 2);
  char before = 0;
  for (const char c : text) {
    const bool number_starts = is_ascii_digit(c) && !is_ascii_digit(before) && before != '.' && !is_php_mark(before);
    const bool number_ends = is_ascii_digit(before) && !is_ascii_digit(c) && c != '.';
    const bool boundary = !is_php_mark(c) && (number_starts || number_ends);
    const bool kept = boundary || is_ascii_alnum(c);
    if (canonical.empty()) {
      canonical.push_back(c);
    } else {
      if ((boundary || !kept) && canonical.back() != '.') canonical.push_back('.');
      if (kept) canonical.push_back(c);
    }
    before = c;
  }
  return canonical;
}

std::strong_ordering compare_php_part(std::string_view a, std::string_view b) {
  const bool left_number = !a.empty() && is_ascii_digit(a.front());
  const bool right_number = !b.empty() && is_ascii_digit(b.front());
  if (left_number && right_number) return compare_digits(a, b);
  return (left_number ? kPhpNumber : php_form_rank(a)) <=> (right_number ? kPhpNumber : php_form_rank(b));
}

// What follows where the other version has ended: a number is later, a word as its rank against '#' says.
std::strong_ordering php_part_against_end(std::string_view part) {
  if (!part.empty() && is_ascii_digit(part.front())) return std::strong_ordering::greater;
  return php_form_rank(part) <=> kPhpNumber;
}

std::string_view without_php_prefix(std::string_view text) {
  text = trim_ascii(text);
  if (!text.empty() && ascii_lower(text.front()) == 'v') text.remove_prefix(1);
  return text;
}

}  // namespace

std::strong_ordering compare_packagist(std::string_view a, std::string_view b) {
  const std::string left_text = canonical_php_version(without_php_prefix(a));
  const std::string right_text = canonical_php_version(without_php_prefix(b));
  if (left_text.empty() || right_text.empty()) return right_text.empty() <=> left_text.empty();
  PartWalker left(left_text, '.');
  PartWalker right(right_text, '.');
  while (!left.done() && !right.done()) {
    if (const auto order = compare_php_part(left.next(), right.next()); order != 0) return order;
  }
  while (!left.done()) {
    if (const auto order = php_part_against_end(left.next()); order != 0) return order;
  }
  while (!right.done()) {
    if (const auto order = php_part_against_end(right.next()); order != 0) return 0 <=> order;
  }
  return std::strong_ordering::equal;
}

// Numbered versions; branches ("dev-main") are matched only when listed.
bool is_packagist_version(std::string_view text) {
  text = without_php_prefix(text);
  if (text.empty() || !is_ascii_digit(text.front())) return false;
  for (const char c : text) {
    if (!is_ascii_alnum(c) && std::string_view(".-_+#@").find(c) == std::string_view::npos) return false;
  }
  return true;
}

}  // namespace advisory
