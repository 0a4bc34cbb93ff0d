// SPDX-License-Identifier: Apache-2.0
// What was found, stored once for each set of packages (or each host) however many resources share it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/finding.hpp"
#include "model/inventory.hpp"
#include "store/database.hpp"
#include "store/jobs.hpp"

namespace security {

// The id by which REST and pages know a finding: a UUID made of category, vulnerability, package, type, version and path,
// so that the same finding in two images has one id.
std::string finding_id(const model::Finding& finding);

struct SetChange {
  std::int64_t set_id = 0;
  std::size_t added = 0, removed = 0, changed = 0;  // findings; all 0: only the time and facts of vulnerabilities were written
  bool any() const { return added + removed + changed > 0; }
};

// The key under which an inventory's findings are stored: a hash of its packages, distribution and issues; two images with
// the same have one set.
std::string set_key_of(const model::Inventory& inventory);

// Stores the set's findings (those of an inventory's issues among them: the caller puts both into `findings`), writing the
// differences alone; findings that are gone leave the set (resolved_findings rows
// are the assessor's). `matched_with` names the vulnerability data, so that a newer one is known to be due. With
// `inventory` the package list is stored too (zstd), from which the set can be matched again without pulling.
base::Result<SetChange> put_finding_set(store::Session& session, const std::string& set_key, const model::Inventory* inventory,
                                        const std::vector<model::Finding>& findings, const std::string& matched_with,
                                        store::Millis now);

base::Result<std::optional<model::Inventory>> load_inventory(store::Session& session, std::int64_t set_id);

// Ids of sets with an inventory that were not matched with `matched_with`, in order of id, behind `after`.
base::Result<std::vector<std::int64_t>> sets_to_match(store::Session& session, const std::string& matched_with,
                                                      std::int64_t after, std::size_t limit);

// Removes sets that no image and no assessment uses any more; how many. For a quiet hour: it looks at every set.
base::Result<std::int64_t> forget_unused_sets(store::Session& session);

}  // namespace security
