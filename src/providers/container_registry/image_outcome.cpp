// SPDX-License-Identifier: Apache-2.0
#include "providers/container_registry/image_outcome.hpp"

#include "providers/container_registry/image_assessment.hpp"
#include "providers/container_registry/scan_event.hpp"
#include "providers/hybrid_compute/host_assessment.hpp"
#include "security/finding_sets.hpp"
#include "security/meter.hpp"

namespace providers {

namespace {

base::Result<void> keep_image(store::Session& session, const ImageRow& image, const ScanOutcome& outcome, std::int64_t set_id,
                              store::Millis now) {
  const std::string os = outcome.inventory.os ? outcome.inventory.os->pretty_name : "";
  const std::string config = base::to_text(to_json(outcome.details));
  return session.run(
      "UPDATE images SET scan_state = ?, scan_error = '', scan_partial = ?, scanned_at = ?, set_id = ?, platform = ?, os = ?, "
      "size = ?, config = ?, media_type = CASE WHEN media_type = '' THEN ? ELSE media_type END WHERE id = ?",
      {kComplete, std::int64_t{outcome.inventory.partial}, now, set_id, outcome.inventory.artifact.platform, os,
       outcome.details.size, config, outcome.details.media_type, image.id});
}

}  // namespace

base::Result<void> keep_outcome(const Services& services, store::Session& session, const Registry& registry,
                                const ImageRow& scanned, const ScanOutcome& outcome, store::Millis now) {
  const std::string key = registry.image_id(scanned.repository, scanned.digest).key();
  auto image = TRY(find_image(session, key));
  if (!image || image->deleted_at != 0) return {};
  const auto set = TRY(security::put_finding_set(session, security::set_key_of(outcome.inventory), &outcome.inventory,
                                                 outcome.findings, outcome.matched_with, now));
  TRY(keep_image(session, *image, outcome, set.set_id, now));
  TRY(security::meter_scan(session, {image->digest, registry.key(), image->repository, now}));
  image = TRY(find_image(session, key));
  TRY(assess_image(services, session, registry, *image, now));
  if (set.any()) TRY(services.assessor.reassess_set(session, set.set_id, "Fixed", now));
  TRY(hybrid_compute::image_was_scanned(services, session, image->digest, now));
  return tell_scan(services, session, registry, *image, kComplete);
}

}  // namespace providers
