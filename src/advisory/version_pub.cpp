// SPDX-License-Identifier: Apache-2.0
#include "advisory/version_schemes.hpp"
#include "advisory/version_semver.hpp"

namespace advisory {

// Dart's pub_semver: build metadata counts, none before some.
std::strong_ordering compare_pub(std::string_view a, std::string_view b) {
  const SemverText left = read_semver(a);
  const SemverText right = read_semver(b);
  if (const auto order = compare_semver_text(left, right); order != 0) return order;
  return compare_identifiers(left.build, right.build);
}

bool is_pub_version(std::string_view text) { return is_semver_version(text); }

}  // namespace advisory
