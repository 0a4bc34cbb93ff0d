// SPDX-License-Identifier: Apache-2.0
#include "providers/container_registry/image_trust.hpp"

#include "base/public_key.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "oci/cosign.hpp"
#include "oci/registry_admin.hpp"
#include "providers/container_registry/image_assessment.hpp"

namespace providers {

namespace {

constexpr std::string_view kPassed = "Passed", kFailedQuarantine = "Failed";

base::Result<SignatureState> look_for_signature(const RegistryConnection& connection, const Registry& registry,
                                                const ImageRow& image) {
  oci::SignaturePolicy policy;
  for (const auto& pem : registry.signature_keys) policy.keys.push_back({{}, TRY(base::PublicKey::parse(pem))});
  const auto reference = TRY(oci::Reference::parse(registry.reference(image.repository, image.digest)));
  const auto check = TRY(oci::check_signatures(reference, TRY(oci::Digest::parse(image.digest)), policy, connection.registry_options()));
  std::string detail = check.detail;
  for (const auto& refusal : check.refused) detail += " " + refusal;
  return SignatureState{check.verified, base::printable(detail)};
}

// Tells the registry, and keeps with the row.
base::Result<void> mark_image(const Services& services, const RegistryConnection& connection, const Registry& registry,
                              const ImageRow& image, bool passed, const security::Counts& counts) {
  oci::QuarantineReport report;
  report.passed = passed;
  report.critical = static_cast<std::uint64_t>(counts.critical);
  report.high = static_cast<std::uint64_t>(counts.high);
  report.medium = static_cast<std::uint64_t>(counts.medium);
  report.low = static_cast<std::uint64_t>(counts.low);
  report.none = static_cast<std::uint64_t>(counts.unrated);
  report.time = base::format_time(base::system_now());
  const auto admin = TRY(oci::RegistryAdmin::open(registry.login_server, connection.registry_options()));
  TRY(admin->set_quarantine(image.repository, TRY(oci::Digest::parse(image.digest)), passed, oci::quarantine_details(report)));
  return services.database.write([&](store::Session& session) {
    return session.run("UPDATE images SET quarantine = ? WHERE id = ?", {passed ? kPassed : kFailedQuarantine, image.id});
  });
}

base::Result<std::optional<security::StandingFindings>> standing_of(const Services& services, store::Session& session, const ImageRow& image) {
  if (!image.set_id) return std::optional<security::StandingFindings>();
  return std::optional<security::StandingFindings>(TRY(services.assessor.standing(session, subject_of(image), *image.set_id, store::now_ms())));
}

// What the images of an index that the registry covers add up to; nothing while one of them waits in quarantine.
struct IndexVerdict {
  bool passed = true;
  security::Counts counts;
};
base::Result<std::optional<IndexVerdict>> verdict_of_index(const Services& services, store::Session& session, const Registry& registry,
                                                           const ImageRow& index) {
  std::optional<IndexVerdict> verdict;
  for (const auto& image : TRY(images_in(session, index))) {
    if (image.is_index() || !registry.covers_platform(image.platform)) continue;
    if (image.quarantine.empty()) return std::optional<IndexVerdict>();
    if (!verdict) verdict.emplace();
    verdict->passed = verdict->passed && image.quarantine == kPassed;
    if (const auto standing = TRY(standing_of(services, session, image))) verdict->counts += standing->open;
  }
  return verdict;
}

}  // namespace

std::optional<SignatureState> check_signature(const RegistryConnection& connection, const Registry& registry,
                                              const ImageRow& image) {
  if (registry.signature_keys.empty()) return std::nullopt;
  const auto state = look_for_signature(connection, registry, image);
  return state ? *state : SignatureState{false, state.error().message};
}

base::Result<void> mark_quarantine(const Services& services, const RegistryConnection& connection, const Registry& registry,
                                   const ImageRow& image) {
  if (!registry.quarantine) return {};
  std::optional<security::StandingFindings> standing;
  std::vector<ImageRow> indexes;
  TRY(services.database.read([&](store::Session& session) -> base::Result<void> {
    const auto scanned = TRY(find_image(session, registry.key(), image.repository, image.digest));
    if (scanned) standing = TRY(standing_of(services, session, *scanned));
    indexes = TRY(indexes_of(session, image));
    return {};
  }));
  if (!standing || !standing->matched) return {};  // nothing is known about it yet: it stays in quarantine
  TRY(mark_image(services, connection, registry, image, standing->open.critical == 0 && standing->open.high == 0, standing->open));
  for (const auto& index : indexes) TRY(mark_index_quarantine(services, connection, registry, index));
  return {};
}

base::Result<void> mark_index_quarantine(const Services& services, const RegistryConnection& connection, const Registry& registry,
                                         const ImageRow& index) {
  if (!registry.quarantine) return {};
  std::optional<IndexVerdict> verdict;
  std::string before;
  TRY(services.database.read([&](store::Session& session) -> base::Result<void> {
    const auto row = TRY(find_image(session, registry.key(), index.repository, index.digest));
    if (!row || row->deleted_at != 0) return {};
    before = row->quarantine;
    verdict = TRY(verdict_of_index(services, session, registry, *row));
    return {};
  }));
  if (!verdict || before == (verdict->passed ? kPassed : kFailedQuarantine)) return {};
  return mark_image(services, connection, registry, index, verdict->passed, verdict->counts);
}

}  // namespace providers
