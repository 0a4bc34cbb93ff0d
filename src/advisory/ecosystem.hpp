// SPDX-License-Identifier: Apache-2.0
// Names of ecosystems and of packages in them, brought to one form for advisories and packages alike.
#pragma once

#include <string>
#include <string_view>

#include "advisory/record.hpp"

namespace advisory {

// The form under which an ecosystem is indexed: "Ubuntu:22.04" for "Ubuntu:22.04:LTS", "Red Hat:9" for
// "Red Hat:enterprise_linux:9::appstream", "SUSE:15.5" for the modules of SUSE Linux Enterprise 15 SP5, "Mariner:2.0" for
// "Azure Linux:2" (its later name), "Maven" for "Maven:https://…"; others as they are.
std::string canonical_ecosystem(std::string_view ecosystem);

// Package name as compared: PEP 503 for PyPI; lower case for NuGet and Packagist; else as it is.
std::string normalize_name(std::string_view ecosystem, std::string_view name);

// OSV ecosystem of a language package's purl type; empty for OS packages and types without advisories.
std::string_view ecosystem_of_type(std::string_view purl_type);

// Whether rpm, deb or apk packages live there.
bool is_distribution_ecosystem(std::string_view ecosystem);

}  // namespace advisory
