// SPDX-License-Identifier: Apache-2.0
// Gem::Version of RubyGems.
#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "advisory/version_schemes.hpp"
#include "advisory/version_text.hpp"

namespace advisory {
namespace {

// First words of Gem::Platform names, as they stand behind a version in file names and lock files.
constexpr std::array<std::string_view, 21> kGemPlatforms = {
    "aarch64", "arm", "arm64", "dalvik", "i386", "i486", "i586", "i686", "java", "jruby", "mingw32",
    "mswin32", "mswin64", "powerpc", "ppc64le", "riscv64", "s390x", "universal", "x64", "x86", "x86_64"};

// "1.15.4-x86_64-linux" is version 1.15.4 for one platform.
std::string_view without_gem_platform(std::string_view text) {
  for (std::size_t hyphen = text.find('-'); hyphen != std::string_view::npos; hyphen = text.find('-', hyphen + 1)) {
    const std::string_view rest = text.substr(hyphen + 1);
    const std::string_view word = rest.substr(0, rest.find('-'));
    if (std::find(kGemPlatforms.begin(), kGemPlatforms.end(), word) != kGemPlatforms.end()) return text.substr(0, hyphen);
  }
  return text;
}

using GemSegments = std::vector<std::string_view>;

bool is_gem_number(std::string_view segment) { return is_ascii_digit(segment.front()); }

bool is_gem_zero(std::string_view segment) { return segment.find_first_not_of('0') == std::string_view::npos; }

void drop_trailing_zeros(GemSegments& segments) {
  while (!segments.empty() && is_gem_zero(segments.back())) segments.pop_back();
}

// Runs of digits and runs of letters, a hyphen standing for ".pre."; zeros before the first word and at the end
// are dropped ("1.0.a" is "1.a").
GemSegments canonical_gem_segments(std::string_view text) {
  text = without_gem_platform(trim_ascii(text));
  GemSegments segments;
  bool in_numbers = true;
  const auto append = [&](std::string_view segment) {
    if (in_numbers && !is_gem_number(segment)) {
      drop_trailing_zeros(segments);
      in_numbers = false;
    }
    segments.push_back(segment);
  };
  while (!text.empty()) {
    if (is_ascii_digit(text.front())) {
      append(take_digits(text));
    } else if (is_ascii_alpha(text.front())) {
      append(take_while(text, is_ascii_alpha));
    } else {
      if (text.front() == '-') append("pre");
      text.remove_prefix(1);
    }
  }
  drop_trailing_zeros(segments);
  return segments;
}

std::strong_ordering compare_gem_segment(std::string_view a, std::string_view b) {
  if (is_gem_number(a) != is_gem_number(b)) return is_gem_number(a) <=> is_gem_number(b);
  return is_gem_number(a) ? compare_digits(a, b) : compare_bytes(a, b);
}

bool are_gem_parts(std::string_view text, bool hyphens) {
  PartWalker parts(text, '.');
  if (parts.done()) return false;
  while (!parts.done()) {
    const std::string_view part = parts.next();
    const bool good = std::all_of(part.begin(), part.end(),
                                  [hyphens](char c) { return is_ascii_alnum(c) || (hyphens && c == '-'); });
    if (part.empty() || !good) return false;
  }
  return true;
}

}  // namespace

std::strong_ordering compare_gem(std::string_view a, std::string_view b) {
  const GemSegments left = canonical_gem_segments(a);
  const GemSegments right = canonical_gem_segments(b);
  for (std::size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
    const auto order = compare_gem_segment(i < left.size() ? left[i] : "0", i < right.size() ? right[i] : "0");
    if (order != 0) return order;
  }
  return std::strong_ordering::equal;
}

bool is_gem_version(std::string_view text) {
  text = without_gem_platform(trim_ascii(text));
  const std::size_t hyphen = text.find('-');
  const std::string_view release = text.substr(0, hyphen);
  if (release.empty() || !is_ascii_digit(release.front())) return false;
  std::string_view rest = release;
  take_digits(rest);
  if (!rest.empty() && rest.front() != '.') return false;
  return are_gem_parts(release, false) && (hyphen == std::string_view::npos || are_gem_parts(text.substr(hyphen + 1), true));
}

}  // namespace advisory
