// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "advisory/distribution.hpp"
#include "advisory/index_reader.hpp"
#include "model/finding.hpp"

namespace advisory {

// An advisory that a package was found under, for one of the vulnerabilities it speaks of.
struct Hit {
  std::uint32_t group = 0;      // number of the vulnerability
  std::uint32_t advisory = 0;
  std::uint32_t affected = 0;   // row
  bool native = false;          // the vendor's own format, which outranks its OSV conversion
  bool is_affected = false;     // false: the advisory says that this version is not
  bool denied = false;          // the vendor says in words that the package is not affected
  index::StringId fixed = 0;    // lowest fixed version above the installed one; may be empty
};

// How a package is looked up: the same package may be filed under its source and its own name.
struct Lookup {
  std::string ecosystem;
  std::string name;
  std::string version;
  NameKind kind = NameKind::by_ecosystem;
};
std::vector<Lookup> lookups_of(const model::Package& package, const std::optional<Release>& release);

// Hits that hold, all of one package: for each vulnerability those of the highest rank, and none where the vendor
// denies it or no version range contains the package. Sorted by group.
std::vector<Hit> match_package(const IndexReader& index, const model::Package& package, const std::optional<Release>& release);

// A finding from hits that share group and package.
model::Finding make_finding(const IndexReader& index, const model::Package& package, const std::vector<Hit>& hits);

}  // namespace advisory
