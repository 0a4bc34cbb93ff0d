// SPDX-License-Identifier: Apache-2.0
#include "providers/container_registry/image_assessment.hpp"

#include "security/recommendations.hpp"

namespace providers {

namespace {

security::Verdict not_applicable(std::string cause, std::string description) {
  return {std::nullopt, std::string(security::kNotApplicable), std::move(cause), std::move(description)};
}


}  // namespace

security::Subject subject_of(const ImageRow& image) {
  return {image.resource_id, std::string(kImageType), std::string(security::kRegistryImages)};
}

base::Result<security::Verdict> verdict_of(store::Session& session, const Registry& registry, const ImageRow& image) {
  if (image.superseded_at != 0 && !registry.assess_untagged)
    return not_applicable("Superseded", "No tag leads to this image any more; delete it, or let the registry assess untagged images.");
  if (image.scan_state == kOff) return not_applicable("OffByPolicy", image.scan_error);
  if (image.scan_state == kUnsupported) return not_applicable("UnsupportedImage", image.scan_error);
  if (image.set_id) {  // also while it is scanned again
    const auto matched = TRY(store::query_text(session, "SELECT matched_with FROM finding_sets WHERE id = ?", {*image.set_id}));
    if (!matched || matched->empty())
      return not_applicable("NoVulnerabilityData", "The image was scanned, but there is no vulnerability data to compare it with; import some.");
    return security::Verdict{image.set_id, {}, {}, {}};
  }
  if (image.scan_state == kFailed) return not_applicable("ScanFailed", image.scan_error);
  return not_applicable("ScanPending", "The image has not been scanned yet.");
}

base::Result<void> assess_image(const Services& services, store::Session& session, const Registry& registry,
                                const ImageRow& image, store::Millis now) {
  if (image.is_index()) return assess_registry(services, session, registry, now);
  TRY(services.assessor.assess(session, subject_of(image), TRY(verdict_of(session, registry, image)), now));
  return assess_registry(services, session, registry, now);
}

base::Result<void> assess_images(const Services& services, store::Session& session, const Registry& registry,
                                 const std::vector<std::string>& resource_keys, store::Millis now) {
  for (const auto& key : resource_keys) {
    const auto image = TRY(find_image(session, key));
    if (!image || image->deleted_at != 0 || image->is_index()) continue;
    TRY(services.assessor.assess(session, subject_of(*image), TRY(verdict_of(session, registry, *image)), now));
  }
  return resource_keys.empty() ? base::Result<void>() : assess_registry(services, session, registry, now);
}

base::Result<void> assess_registry(const Services& services, store::Session& session, const Registry& registry,
                                   store::Millis now) {
  TRY(services.assessor.roll_up(session, {registry.id.text(), std::string(kRegistryType), std::string(security::kRegistryImages)}, now));
  return {};
}

std::string scan_off_reason(const Registry& registry, const security::Plans& plans) {
  if (!registry.enabled) return "Scanning is switched off for this registry; switch it on in its settings.";
  return security::registry_scan(plans).reason;
}

}  // namespace providers
