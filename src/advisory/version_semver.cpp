// SPDX-License-Identifier: Apache-2.0
#include "advisory/version_semver.hpp"

#include <algorithm>
#include <utility>

#include "advisory/version_schemes.hpp"
#include "advisory/version_text.hpp"

namespace advisory {
namespace {

bool is_identifier_char(char c) { return is_ascii_alnum(c) || c == '-' || c == '.'; }

std::strong_ordering compare_dotted_numbers(std::string_view a, std::string_view b) {
  PartWalker left(a, '.');
  PartWalker right(b, '.');
  while (!left.done() || !right.done()) {
    if (const auto order = compare_digits(left.next(), right.next()); order != 0) return order;
  }
  return std::strong_ordering::equal;
}

std::strong_ordering compare_identifier(std::string_view a, std::string_view b, IdentifierCase letters) {
  const bool left_number = !a.empty() && all_digits(a);
  const bool right_number = !b.empty() && all_digits(b);
  if (left_number != right_number) return right_number <=> left_number;
  if (left_number) return compare_digits(a, b);
  return letters == IdentifierCase::ignored ? compare_bytes_ignoring_case(a, b) : compare_bytes(a, b);
}

// The identifiers of a list, then one more.
class IdentifierWalker {
 public:
  IdentifierWalker(std::string_view list, std::string_view last) : parts_(list, '.'), last_(last) {}
  bool done() const { return parts_.done() && last_.empty(); }
  std::string_view next() { return parts_.done() ? std::exchange(last_, {}) : parts_.next(); }

 private:
  PartWalker parts_;
  std::string_view last_;
};

std::strong_ordering compare_identifier_lists(IdentifierWalker left, IdentifierWalker right, IdentifierCase letters) {
  while (!left.done() && !right.done()) {
    if (const auto order = compare_identifier(left.next(), right.next(), letters); order != 0) return order;
  }
  return right.done() <=> left.done();
}

}  // namespace

SemverText read_semver(std::string_view text) {
  text = trim_ascii(text);
  SemverText version;
  take_while(text, [](char c) { return c == '=' || c == 'v' || c == 'V' || is_ascii_space(c); });
  version.numbers = take_dotted_numbers(text);
  const std::size_t plus = text.find('+');
  if (plus != std::string_view::npos) version.build = text.substr(plus + 1);
  text = text.substr(0, plus);
  const bool dotted_text = !text.empty() && text.front() == '.';  // "1.x", "1.2.3.Final"
  if (!text.empty() && (text.front() == '-' || text.front() == '.')) text.remove_prefix(1);
  version.prerelease = text;
  version.well_formed = !version.numbers.empty() && !dotted_text &&
                        std::all_of(text.begin(), text.end(), is_identifier_char) &&
                        std::all_of(version.build.begin(), version.build.end(), is_identifier_char);
  return version;
}

std::strong_ordering compare_identifiers(std::string_view a, std::string_view b, IdentifierCase letters) {
  return compare_identifier_lists({a, {}}, {b, {}}, letters);
}

std::strong_ordering compare_semver_text(const SemverText& a, const SemverText& b, IdentifierCase letters) {
  if (a.numbers.empty() != b.numbers.empty()) return b.numbers.empty() <=> a.numbers.empty();
  if (const auto order = compare_dotted_numbers(a.numbers, b.numbers); order != 0) return order;
  const IdentifierWalker left(a.prerelease, a.prerelease_ordinal);
  const IdentifierWalker right(b.prerelease, b.prerelease_ordinal);
  if (left.done() != right.done()) return left.done() <=> right.done();  // a release follows its prereleases
  return compare_identifier_lists(left, right, letters);
}

std::strong_ordering compare_semver(std::string_view a, std::string_view b) {
  return compare_semver_text(read_semver(a), read_semver(b));
}

bool is_semver_version(std::string_view text) { return read_semver(text).well_formed; }

}  // namespace advisory
