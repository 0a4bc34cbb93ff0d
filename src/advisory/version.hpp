// SPDX-License-Identifier: Apache-2.0
// Version order, exact to each ecosystem's own tool.
#pragma once

#include <compare>
#include <optional>
#include <string_view>

namespace advisory {

enum class Scheme { debian, rpm, alpine, semver, golang, pypi, maven, rubygems, nuget, packagist, pub, hex, cran, hackage };

// The scheme of an ecosystem, however it is written: OSV names with or without a suffix ("Debian:12", "npm", "crates.io",
// "Red Hat:…", "AlmaLinux:9", "Go"), short names of version tables ("debian", "semver"), and purl types ("deb", "cargo").
std::optional<Scheme> scheme_of(std::string_view ecosystem);

// Total order over any text: hostile or invalid versions are ordered by a stable fallback and never fail. Numbers
// are of any length. Maven's own order, kept as it is, is not transitive for some odd texts ("0.alpha", "final",
// "x-final"): sort with std::stable_sort, which bears that.
std::strong_ordering compare_versions(Scheme scheme, std::string_view a, std::string_view b);

// Whether the text is a version in that scheme; an invalid one is matched only when listed word for word.
bool is_valid_version(Scheme scheme, std::string_view version);

}  // namespace advisory
