// SPDX-License-Identifier: Apache-2.0
#include "providers/container_registry/match_again.hpp"

#include "model/inventory.hpp"
#include "providers/container_registry/image_assessment.hpp"
#include "providers/container_registry/intake.hpp"
#include "providers/hybrid_compute/host_assessment.hpp"
#include "security/finding_sets.hpp"

namespace providers {

namespace {

// Images that were scanned when there was no data to judge them by: their verdicts, and an end to their quarantine.
base::Result<void> judge_first(const Services& services, store::Session& session, std::int64_t set_id, store::Millis now) {
  std::vector<std::string> keys;
  TRY(session.query("SELECT resource_key FROM images WHERE set_id = ? AND deleted_at = 0", {set_id},
                    [&](const store::Row& row) { keys.emplace_back(row.text(0)); }));
  for (const auto& key : keys) {
    const auto image = TRY(find_image(session, key));
    const auto registry = TRY(load_registry(session, services.vault, image->registry_key));
    if (!registry) continue;
    TRY(assess_images(services, session, *registry, {key}, now));
    if (registry->quarantine && image->quarantine.empty()) TRY(queue_scan(services, session, *registry, *image, now));
  }
  return hybrid_compute::set_was_matched(services, session, set_id, now);
}

}  // namespace

base::Result<std::size_t> match_again(const Services& services, std::size_t limit) {
  const auto data = services.data.current();
  if (!data) return std::size_t{0};
  std::vector<std::pair<std::int64_t, model::Inventory>> sets;
  TRY(services.database.read([&](store::Session& session) -> base::Result<void> {
    for (const auto id : TRY(security::sets_to_match(session, data->version, 0, limit)))
      if (auto inventory = TRY(security::load_inventory(session, id))) sets.emplace_back(id, std::move(*inventory));
    return {};
  }));
  std::vector<std::vector<model::Finding>> findings;
  for (const auto& set : sets) {
    findings.push_back(data->database->match(set.second));
    findings.back().insert(findings.back().end(), set.second.issues.begin(), set.second.issues.end());
  }
  if (sets.empty()) return std::size_t{0};
  TRY(services.database.write([&](store::Session& session) -> base::Result<void> {
    const auto now = store::now_ms();
    for (std::size_t i = 0; i < sets.size(); ++i) {
      const auto before = TRY(store::query_text(session, "SELECT matched_with FROM finding_sets WHERE id = ?", {sets[i].first}));
      const auto change = TRY(security::put_finding_set(session, security::set_key_of(sets[i].second), nullptr, findings[i],
                                                        data->version, now));
      if (change.any()) TRY(services.assessor.reassess_set(session, sets[i].first, "RescanWithNewData", now));
      if (!before || before->empty()) TRY(judge_first(services, session, sets[i].first, now));
    }
    return {};
  }));
  return sets.size();
}

}  // namespace providers
