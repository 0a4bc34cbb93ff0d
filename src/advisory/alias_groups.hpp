// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "advisory/record_set.hpp"

namespace advisory {

// Ties advisories to vulnerabilities. Fills `groups` of every effective advisory and returns the group rows.
//
// Ids joined by `aliases` are one vulnerability, transitively (GO-… = GHSA-… = CVE-…). A vendor's advisory that covers
// vulnerabilities (OSV `upstream`) belongs to each of theirs and is none itself. `related` joins nothing.
std::vector<index::GroupRow> make_groups(RecordSet& records);

// Order of ids by which a vulnerability is called: CVE first, then GHSA, then others; the older id first.
bool is_better_id(std::string_view a, std::string_view b);

}  // namespace advisory
