// SPDX-License-Identifier: Apache-2.0
// rpm-version(7) and rpmvercmp: [epoch:]version[-release].
#include "advisory/version_schemes.hpp"
#include "advisory/version_text.hpp"

namespace advisory {
namespace {

struct RpmVersion {
  std::string_view epoch;  // missing is 0
  std::string_view version;
  std::string_view release;
  bool has_release = false;
};

RpmVersion split_rpm(std::string_view text) {
  RpmVersion parts;
  std::string_view rest = text;
  const std::string_view digits = take_digits(rest);
  if (!rest.empty() && rest.front() == ':') {
    parts.epoch = digits;
    text = rest.substr(1);
  }
  const std::size_t hyphen = text.rfind('-');
  parts.version = text.substr(0, hyphen);
  if (hyphen != std::string_view::npos) {
    parts.release = text.substr(hyphen + 1);
    parts.has_release = true;
  }
  return parts;
}

bool is_rpm_separator(char c) { return !is_ascii_alnum(c) && c != '~' && c != '^'; }

// '~' sorts before the end, the end before '^', and '^' before text.
int rpm_rank(std::string_view text) {
  if (text.empty()) return 1;
  if (text.front() == '~') return 0;
  return text.front() == '^' ? 2 : 3;
}

std::strong_ordering compare_rpm_segment(std::string_view& a, std::string_view& b) {
  const bool left_number = is_ascii_digit(a.front());
  const bool right_number = is_ascii_digit(b.front());
  if (left_number != right_number) return left_number <=> right_number;
  if (left_number) return compare_digits(take_digits(a), take_digits(b));
  return compare_bytes(take_while(a, is_ascii_alpha), take_while(b, is_ascii_alpha));
}

std::strong_ordering compare_rpm_part(std::string_view a, std::string_view b) {
  while (true) {
    take_while(a, is_rpm_separator);
    take_while(b, is_rpm_separator);
    if (const auto order = rpm_rank(a) <=> rpm_rank(b); order != 0) return order;
    if (a.empty()) return std::strong_ordering::equal;
    if (a.front() == '~' || a.front() == '^') {
      a.remove_prefix(1);
      b.remove_prefix(1);
      continue;
    }
    if (const auto order = compare_rpm_segment(a, b); order != 0) return order;
  }
}

}  // namespace

// A version with a release is later than the same without one, as rpmverCmp has it.
std::strong_ordering compare_rpm(std::string_view a, std::string_view b) {
  const RpmVersion left = split_rpm(a);
  const RpmVersion right = split_rpm(b);
  if (const auto order = compare_digits(left.epoch, right.epoch); order != 0) return order;
  if (const auto order = compare_rpm_part(left.version, right.version); order != 0) return order;
  if (left.has_release != right.has_release) return left.has_release <=> right.has_release;
  return compare_rpm_part(left.release, right.release);
}

bool is_rpm_version(std::string_view text) {
  bool has_content = false;
  for (const char c : text) {
    if (is_ascii_space(c) || static_cast<unsigned char>(c) < 0x20) return false;
    has_content = has_content || is_ascii_alnum(c);
  }
  return has_content;
}

}  // namespace advisory
