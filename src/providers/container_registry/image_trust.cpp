// SPDX-License-Identifier: Apache-2.0
#include "providers/container_registry/image_trust.hpp"

#include <fmt/format.h>

#include <charconv>

#include "arm/resource.hpp"
#include "base/public_key.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "oci/cosign.hpp"
#include "oci/registry_admin.hpp"

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

base::Result<security::Counts> open_findings(store::Session& session, const ImageRow& image) {
  security::Counts counts;
  const auto id = TRY(arm::ResourceId::parse(image.resource_id));
  TRY(session.query("SELECT critical, high, medium, low, unrated, fixable, disabled FROM assessments WHERE resource_key = ? AND assessment_key = ?",
                    {id.key(), security::kRegistryImages}, [&](const store::Row& row) {
                      counts = {row.integer(0), row.integer(1), row.integer(2), row.integer(3), row.integer(4), row.integer(5), row.integer(6)};
                    }));
  return counts;
}

bool flag(const net::ServerRequest& request, std::string_view name) { return base::equals_ignoring_case(request.parameter(name), "true"); }

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
  security::Counts counts;
  TRY(services.database.read([&](store::Session& session) -> base::Result<void> {
    counts = TRY(open_findings(session, image));
    return {};
  }));
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

base::Result<security::ImageFacts> gate_facts(store::Session& session, const ImageRow& image) {
  const auto id = TRY(arm::ResourceId::parse(image.resource_id));
  security::ImageFacts facts;
  facts.name = fmt::format("{}@{}", image.repository, image.digest);
  facts.scan_state = image.scan_state;
  facts.scanned_at = image.set_id ? image.scanned_at : 0;
  TRY(session.query("SELECT f.severity, f.fixed_version <> '', s.finding_id IS NOT NULL FROM assessments a JOIN findings f ON f.set_id = a.set_id "
                    "LEFT JOIN suppressions s ON s.assessment_id = a.id AND s.finding_id = f.finding_id WHERE a.resource_key = ?",
                    {id.key()}, [&](const store::Row& row) {
                      const auto severity = static_cast<model::Severity>(row.integer(0));
                      const bool fixable = row.integer(1) != 0, disregarded = row.integer(2) != 0;
                      (disregarded ? facts.disregarded : facts.open).add(severity, fixable);
                      if (fixable) (disregarded ? facts.disregarded_fixable : facts.open_fixable).add(severity, true);
                    }));
  if (const auto approval = TRY(arm::load_resource(session, id.extension(kApprovalType, "default").key()))) {
    facts.decision = approval->text_property("decision") == "Approved" ? security::ApprovalDecision::approved : security::ApprovalDecision::refused;
    facts.decision_reason = approval->text_property("reason");
    if (const auto expires = base::parse_time(approval->text_property("expires"))) facts.approval_expires = expires->time_since_epoch().count() * 1000;
  }
  const auto config = base::parse_json(image.config, "an image's details");
  if (config)
    if (const auto* signature = base::find(*config, "signature")) facts.is_signed = base::get_bool(*signature, "verified");
  return facts;
}

base::Result<security::GateRule> read_gate_rule(const net::ServerRequest& request) {
  security::GateRule rule;
  if (const auto severity = request.parameter("severity"); !severity.empty()) {
    const auto parsed = security::parse_severity_label(severity);
    if (!parsed) return base::fail(base::Kind::invalid_input, fmt::format("severity '{}' is none of Critical, High, Medium, Low.", base::printable(severity)));
    rule.severity = *parsed;
  }
  if (const auto days = request.parameter("maxAgeDays"); !days.empty()) {
    const auto read = std::from_chars(days.data(), days.data() + days.size(), rule.max_age_days);
    if (read.ec != std::errc() || read.ptr != days.data() + days.size() || rule.max_age_days < 0)
      return base::fail(base::Kind::invalid_input, "maxAgeDays must be a whole number of days.");
  }
  rule.only_fixed = flag(request, "onlyFixed");
  rule.require_approval = flag(request, "requireApproval");
  rule.require_signature = flag(request, "requireSignature");
  return rule;
}

base::JsonObject to_json(const security::GateAnswer& decision, const security::ImageFacts& facts) {
  base::JsonArray reasons;
  for (const auto& reason : decision.reasons) reasons.emplace_back(reason);
  return {{"allowed", decision.allowed},
          {"scanned", decision.scanned},
          {"approved", decision.approved},
          {"signed", facts.is_signed},
          {"reasons", std::move(reasons)},
          {"counts", security::to_json(facts.open)},
          {"scannedAt", facts.scanned_at == 0 ? base::Json(nullptr) : base::Json(arm::format_millis(facts.scanned_at))}};
}

}  // namespace providers
