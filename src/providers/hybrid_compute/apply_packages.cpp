// SPDX-License-Identifier: Apache-2.0
// Package lists of a host and of the images that stand on it.
#include "providers/hybrid_compute/apply.hpp"
#include "security/finding_sets.hpp"
#include "security/finding_text.hpp"

namespace providers::hybrid_compute {

base::Result<void> apply(Taking& taking, const uplink::Packages& packages, const MatchedPackages& matched) {
  const std::string key = security::set_key_of(matched.inventory);
  const auto set = TRY(security::put_finding_set(taking.session, key, &matched.inventory, matched.findings, matched.matched_with, taking.now));
  if (set.any()) TRY(taking.services.assessor.reassess_set(taking.session, set.set_id, "RescanWithNewData", taking.now));
  if (packages.image_id.empty()) {
    if (taking.machine.packages_set != set.set_id) taking.effects.packages = true;
    taking.machine.packages_set = set.set_id;
    taking.machine.packages_at = taking.at;
    return {};
  }
  // An image that is not there (any more) is passed over: what a host says counts for its own images alone.
  const std::string id = security::stored_text(packages.image_id);
  TRY(taking.session.run("UPDATE host_images SET set_id = ? WHERE machine_key = ? AND id = ?", {set.set_id, std::string_view(taking.machine.key), std::string_view(id)}));
  taking.effects.containers = true;
  return {};
}

}  // namespace providers::hybrid_compute
