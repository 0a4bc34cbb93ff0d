// SPDX-License-Identifier: Apache-2.0
// What every importer turns its source into: an advisory in the shape of OSV (https://ossf.github.io/osv-schema/), with
// what vendors say beyond it.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace advisory {

struct Event {
  enum class Type : std::uint8_t { introduced, fixed, last_affected };
  Type type = Type::introduced;
  std::string_view version;  // "0" introduced: before every version
};

// Events of one range of type SEMVER or ECOSYSTEM, in any order. GIT ranges are left out by the importer, and with
// them `limit`, which has a meaning for commits only.
using Range = std::vector<Event>;

// What a vendor says of a package of its release. `affected`: ranges and versions decide.
enum class VendorStatus : std::uint8_t {
  affected,
  not_affected,
  will_not_fix,
  fix_deferred,
  end_of_life,
  under_investigation
};

// Which name of an OS package an advisory speaks of.
enum class NameKind : std::uint8_t { by_ecosystem, source, binary, either };

struct Affected {
  std::string_view ecosystem;  // as OSV writes it: "npm", "Debian:12", "Ubuntu:22.04:LTS"
  std::string_view name;
  NameKind name_kind = NameKind::by_ecosystem;
  std::vector<Range> ranges;
  std::vector<std::string_view> versions;
  VendorStatus status = VendorStatus::affected;
  std::string_view severity;  // the vendor's word for this package: "unimportant", "Important"
  std::string_view vectors;   // CVSS vectors for this package, newest version first, blanks between
  std::string_view modules;   // rpm modules it is built for, "name:stream" separated by blanks; empty: not known
};

// Whether a bound is the build of an rpm module: "1-4.module_el8.6.0+2904+fa8ab72a", "1-1.module+el8…".
bool has_module_build(const Affected& affected);

// The views point into the document being imported or into `texts`.
struct Advisory {
  std::string_view id;
  std::string_view title;
  std::string_view modified;   // RFC 3339
  std::string_view published;  // RFC 3339
  std::string_view severity;   // the vendor's word
  std::string_view vectors;    // CVSS vectors, newest version first, blanks between
  std::vector<std::string_view> aliases;  // the same vulnerability by other names
  std::vector<std::string_view> covers;   // vulnerabilities that a vendor's advisory repairs; each one is a finding
  std::vector<std::string_view> references;
  std::vector<Affected> affected;
  bool withdrawn = false;

  std::deque<std::string> texts;  // strings an importer made itself
  std::string_view keep(std::string text) { return texts.emplace_back(std::move(text)); }
};

}  // namespace advisory
