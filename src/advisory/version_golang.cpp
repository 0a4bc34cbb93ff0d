// SPDX-License-Identifier: Apache-2.0
// Go modules (golang.org/x/mod/semver) and Go toolchains ("go1.22.3", "go1.22rc1").
#include "advisory/version_schemes.hpp"
#include "advisory/version_semver.hpp"
#include "advisory/version_text.hpp"

namespace advisory {
namespace {

// Cuts "rc1" into "rc" and "1"; false where it is anything else.
bool cut_toolchain_prerelease(std::string_view text, std::string_view& word, std::string_view& ordinal) {
  word = take_while(text, is_ascii_lower);
  if (!text.empty() && text.front() == '.') text.remove_prefix(1);
  ordinal = text;
  return (word == "rc" || word == "beta" || word == "alpha" || word == "pre") && all_digits(ordinal);
}

// A toolchain's prerelease is written without hyphen and dot, and the advisories for "stdlib" and "toolchain" have
// it as "1.22.0-rc.1": it is read as that. A vendor's suffix ("go1.21.3-bigcorp") does not enter the order.
SemverText read_golang(std::string_view text) {
  text = trim_ascii(text);
  const bool toolchain = text.size() > 2 && text.starts_with("go") && is_ascii_digit(text[2]);
  if (toolchain) text = text.substr(2, text.find_first_of(" \t") - 2);
  SemverText version = read_semver(text);
  const bool hyphenless = !version.prerelease.empty() && !version.numbers.empty() &&
                          version.prerelease.data() == version.numbers.data() + version.numbers.size();
  if (!toolchain && !hyphenless) return version;
  std::string_view word;
  std::string_view ordinal;
  if (cut_toolchain_prerelease(version.prerelease, word, ordinal)) {
    version.prerelease = word;
    version.prerelease_ordinal = ordinal;
  } else if (toolchain && !hyphenless && version.prerelease != "0") {
    version.prerelease = {};
  }
  return version;
}

}  // namespace

std::strong_ordering compare_golang(std::string_view a, std::string_view b) {
  return compare_semver_text(read_golang(a), read_golang(b));
}

bool is_golang_version(std::string_view text) { return read_golang(text).well_formed; }

}  // namespace advisory
