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
  TRY(services.database.read([&](store::Session& session) -> base::Result<void> {
    const auto scanned = TRY(find_image(session, registry.key(), image.repository, image.digest));
    if (scanned && scanned->set_id) standing = TRY(services.assessor.standing(session, subject_of(*scanned), *scanned->set_id, store::now_ms()));
    return {};
  }));
  if (!standing || !standing->matched) return {};  // nothing is known about it yet: it stays in quarantine
  const security::Counts& counts = standing->open;
  const bool passed = counts.critical == 0 && counts.high == 0;
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
    return session.run("UPDATE images SET quarantine = ? WHERE id = ?", {std::string_view(passed ? "Passed" : "Failed"), image.id});
  });
}

}  // namespace providers
