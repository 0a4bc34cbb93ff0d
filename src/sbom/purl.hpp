// SPDX-License-Identifier: Apache-2.0
// Package URLs (package-url/purl-spec, PURL-SPECIFICATION and PURL-TYPES).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "model/package.hpp"

namespace sbom {

// The parts of a package URL, percent-decoded and normalised for their type.
struct Purl {
  std::string type;        // lower case: "deb", "npm"
  std::string namespace_;  // segments joined by "/": "debian", "@angular", "org.apache.commons", "github.com/gorilla"
  std::string name;
  std::string version;
  std::vector<std::pair<std::string, std::string>> qualifiers;  // sorted by key, none of them empty
  std::string subpath;

  // The value of a qualifier, empty where there is none.
  std::string_view qualifier(std::string_view key) const;
};

// Reads any valid purl, and the common slips "pkg://…" and an unencoded npm scope. Names of npm and Go keep their case,
// although the specification lowers them: the registries tell "JSONStream" from "jsonstream", and so do advisories.
base::Result<Purl> parse_purl(std::string_view text);

// Canonical text: qualifiers in key order, everything but unreserved characters and ':' percent-encoded.
std::string to_text(const Purl& purl);

// The purl of a package. OS packages get `arch`, `distro` ("debian-12") and, where it differs from name and version,
// `upstream` (source package as "name" or "name@version"; rpm: the source rpm's file name); rpm also `epoch` and
// `rpmmod`. A Go main module without a version has none in its purl.
Purl purl_of(const model::Package& package, const std::optional<model::Distribution>& os);

// The names as model::Package has them, from a purl: "group:artifact" for Maven, "@scope/name" for npm, the module path
// for Go, "vendor/name" for Packagist, the bare name for OS packages.
std::string package_name(const Purl& purl);

}  // namespace sbom
