// SPDX-License-Identifier: Apache-2.0
#include "advisory/version_text.hpp"

#include <algorithm>

namespace advisory {

std::strong_ordering compare_bytes_ignoring_case(std::string_view a, std::string_view b) {
  const std::size_t common = std::min(a.size(), b.size());
  for (std::size_t i = 0; i < common; ++i) {
    const auto left = static_cast<unsigned char>(ascii_lower(a[i]));
    const auto right = static_cast<unsigned char>(ascii_lower(b[i]));
    if (left != right) return left <=> right;
  }
  return a.size() <=> b.size();
}

std::strong_ordering compare_digits(std::string_view a, std::string_view b) {
  a.remove_prefix(std::min(a.find_first_not_of('0'), a.size()));
  b.remove_prefix(std::min(b.find_first_not_of('0'), b.size()));
  if (a.size() != b.size()) return a.size() <=> b.size();
  return compare_bytes(a, b);
}

bool all_digits(std::string_view text) { return std::all_of(text.begin(), text.end(), is_ascii_digit); }

std::string_view trim_ascii(std::string_view text) {
  while (!text.empty() && is_ascii_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_ascii_space(text.back())) text.remove_suffix(1);
  return text;
}

bool starts_with_ignoring_case(std::string_view text, std::string_view lower_prefix) {
  if (text.size() < lower_prefix.size()) return false;
  return std::equal(lower_prefix.begin(), lower_prefix.end(), text.begin(),
                    [](char expected, char actual) { return expected == ascii_lower(actual); });
}

std::string_view PartWalker::next() {
  if (done_) return {};
  const std::size_t end = rest_.find(separator_);
  const std::string_view part = rest_.substr(0, end);
  if (end == std::string_view::npos) {
    done_ = true;
  } else {
    rest_.remove_prefix(end + 1);
  }
  return part;
}

std::string_view take_dotted_numbers(std::string_view& text) {
  const std::string_view whole = text;
  std::size_t length = take_digits(text).size();
  while (length > 0 && text.size() > 1 && text[0] == '.' && is_ascii_digit(text[1])) {
    text.remove_prefix(1);
    length += 1 + take_digits(text).size();
  }
  return whole.substr(0, length);
}

}  // namespace advisory
