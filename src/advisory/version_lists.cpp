// SPDX-License-Identifier: Apache-2.0
// CRAN (R's package_version: numbers between '.' or '-') and Hackage (Data.Version: numbers between '.'): lists of
// numbers, of which a longer one is later than its own beginning.
#include "advisory/version_schemes.hpp"
#include "advisory/version_text.hpp"

namespace advisory {
namespace {

bool is_number_list(std::string_view text, std::string_view separators) {
  bool digit_before = false;
  for (const char c : text) {
    const bool digit = is_ascii_digit(c);
    if (!digit && (separators.find(c) == std::string_view::npos || !digit_before)) return false;
    digit_before = digit;
  }
  return digit_before;
}

// Whatever is no list of numbers comes before every list, in the order of its bytes.
std::strong_ordering compare_number_lists(std::string_view a, std::string_view b, std::string_view separators) {
  const bool left_valid = is_number_list(a, separators);
  const bool right_valid = is_number_list(b, separators);
  if (left_valid != right_valid) return left_valid <=> right_valid;
  if (!left_valid) return compare_bytes(a, b);
  while (true) {
    if (const auto order = compare_digits(take_digits(a), take_digits(b)); order != 0) return order;
    if (a.empty() || b.empty()) return a.size() <=> b.size();
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
}

}  // namespace

std::strong_ordering compare_cran(std::string_view a, std::string_view b) {
  return compare_number_lists(trim_ascii(a), trim_ascii(b), ".-");
}

bool is_cran_version(std::string_view text) { return is_number_list(trim_ascii(text), ".-"); }

std::strong_ordering compare_hackage(std::string_view a, std::string_view b) {
  return compare_number_lists(trim_ascii(a), trim_ascii(b), ".");
}

bool is_hackage_version(std::string_view text) { return is_number_list(trim_ascii(text), "."); }

}  // namespace advisory
