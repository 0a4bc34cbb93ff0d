// SPDX-License-Identifier: Apache-2.0
// Semantic Versioning 2.0.0 as it is met in the field, for the orders that are built on it.
#pragma once

#include <compare>
#include <string_view>

namespace advisory {

// A version cut up; the views point into the text. What has no number in front has empty `numbers`.
struct SemverText {
  std::string_view numbers;             // "1.2.3"; missing parts are 0, a fourth and later ones count
  std::string_view prerelease;          // "rc.1"; empty: a release
  std::string_view prerelease_ordinal;  // one more identifier behind `prerelease`, for forms like "rc1"
  std::string_view build;               // "20130313144700"
  bool well_formed = false;             // nothing had to be guessed beyond a missing or fourth number
};

// Reads blanks around, `v` and `=` in front, one to any number of numeric parts, text that follows them without
// hyphen ("1.2.3beta") as a prerelease.
SemverText read_semver(std::string_view text);

enum class IdentifierCase { significant, ignored };

// Precedence by section 11 of the specification. Texts without numbers come first, in the order of their bytes.
std::strong_ordering compare_semver_text(const SemverText& a, const SemverText& b,
                                         IdentifierCase letters = IdentifierCase::significant);

// Order of dot-separated identifiers: numeric before alphanumeric, the longer list later.
std::strong_ordering compare_identifiers(std::string_view a, std::string_view b,
                                         IdentifierCase letters = IdentifierCase::significant);

}  // namespace advisory
