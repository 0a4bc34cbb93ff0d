// SPDX-License-Identifier: Apache-2.0
#include "providers/container_registry/image_gate.hpp"

#include <fmt/format.h>

#include <charconv>

#include "arm/resource.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "providers/container_registry/image_assessment.hpp"

namespace providers {

namespace {

// An image as the gate sees it, and what it answered.
struct Asked {
  ImageRow image;
  security::ImageFacts facts;
  security::GateAnswer answer;
};

base::Result<void> read_decision(store::Session& session, const ImageRow& image, security::ImageFacts& facts) {
  const auto id = TRY(arm::ResourceId::parse(image.resource_id));
  const auto approval = TRY(arm::load_resource(session, id.extension(kApprovalType, "default").key()));
  if (!approval) return {};
  facts.decision = approval->text_property("decision") == "Approved" ? security::ApprovalDecision::approved : security::ApprovalDecision::refused;
  facts.decision_reason = approval->text_property("reason");
  if (const auto expires = base::parse_time(approval->text_property("expires"))) facts.approval_expires = expires->time_since_epoch().count() * 1000;
  return {};
}

// What is known of the row itself, an index's too.
base::Result<security::ImageFacts> own_facts(const Services& services, store::Session& session, const ImageRow& image, store::Millis now) {
  security::ImageFacts facts;
  facts.name = fmt::format("{}@{}", image.repository, image.digest);
  facts.scan_state = image.scan_state;
  facts.scanned_at = image.set_id ? image.scanned_at : 0;
  if (image.set_id) {
    const auto standing = TRY(services.assessor.standing(session, subject_of(image), *image.set_id, now));
    facts.matched = standing.matched;
    facts.open = standing.open;
    facts.open_fixable = standing.open_fixable;
    facts.disregarded = standing.disregarded;
    facts.disregarded_fixable = standing.disregarded_fixable;
  }
  TRY(read_decision(session, image, facts));
  if (const auto config = base::parse_json(image.config, "an image's details"))
    if (const auto* signature = base::find(*config, "signature")) facts.is_signed = base::get_bool(*signature, "verified");
  return facts;
}

// With what the image takes from its indexes; `asked` is the one that was asked about, if any.
base::Result<security::ImageFacts> facts_of(const Services& services, store::Session& session, const ImageRow& image,
                                            const security::ImageFacts* asked, store::Millis now) {
  auto facts = TRY(own_facts(services, session, image, now));
  std::vector<security::ImageFacts> indexes;
  for (const auto& index : TRY(indexes_of(session, image))) indexes.push_back(TRY(own_facts(services, session, index, now)));
  security::inherit(facts, indexes, asked, now);
  return facts;
}

base::JsonObject to_json(const security::GateAnswer& answer, const security::ImageFacts& facts) {
  base::JsonArray reasons;
  for (const auto& reason : answer.reasons) reasons.emplace_back(reason);
  return {{"allowed", answer.allowed},
          {"scanned", answer.scanned},
          {"approved", answer.approved},
          {"signed", facts.is_signed},
          {"reasons", std::move(reasons)},
          {"counts", security::to_json(facts.open)},
          {"scannedAt", facts.scanned_at == 0 ? base::Json(nullptr) : base::Json(arm::format_millis(facts.scanned_at))}};
}

std::int64_t severest(const security::Counts& counts) {
  return counts.critical > 0 ? 4 : counts.high > 0 ? 3 : counts.medium > 0 ? 2 : counts.low > 0 ? 1 : 0;
}

// What the answer about an index says besides: the counts of the worst image, the oldest scan, signed where all are.
security::ImageFacts worst_of(const std::vector<Asked>& images) {
  security::ImageFacts worst;
  for (const auto& asked : images) {
    const bool first = &asked == &images.front();
    const auto& counts = asked.facts.open;
    if (first || severest(counts) > severest(worst.open) || (severest(counts) == severest(worst.open) && counts.open() > worst.open.open())) worst.open = counts;
    worst.is_signed = asked.facts.is_signed && (first || worst.is_signed);
    worst.scanned_at = first ? asked.facts.scanned_at : std::min(worst.scanned_at, asked.facts.scanned_at);
  }
  return worst;
}

base::Result<base::JsonObject> answer_index(const Services& services, store::Session& session, const ImageRow& index,
                                            const security::GateRule& rule, store::Millis now) {
  const auto registry = TRY(load_registry(session, services.vault, index.registry_key));
  const auto index_facts = TRY(own_facts(services, session, index, now));
  std::vector<Asked> images;
  std::vector<security::GateAnswer> answers;
  for (const auto& image : TRY(images_in(session, index))) {
    if (image.is_index() || (registry && !registry->covers_platform(image.platform))) continue;
    auto facts = TRY(facts_of(services, session, image, &index_facts, now));
    answers.push_back(security::ask_gate(rule, facts, now));
    images.push_back({image, std::move(facts), answers.back()});
  }
  const std::string platforms = registry && !registry->platforms.empty() ? base::join(registry->platforms, ", ") : "any platform";
  auto json = to_json(security::join_answers(index_facts.name, answers, platforms), worst_of(images));
  base::JsonArray each;
  for (const auto& asked : images) {
    auto one = to_json(asked.answer, asked.facts);
    one["digest"] = asked.image.digest;
    one["platform"] = asked.image.platform;
    each.emplace_back(std::move(one));
  }
  json["images"] = std::move(each);
  return json;
}

bool flag(const net::ServerRequest& request, std::string_view name) { return base::equals_ignoring_case(request.parameter(name), "true"); }

}  // namespace

base::Result<base::JsonObject> answer_gate(const Services& services, store::Session& session, const ImageRow& image,
                                           const security::GateRule& rule, store::Millis now) {
  const bool read = image.scanned_at != 0 && image.scan_state != kOff;  // what is in it is known
  if (image.is_index() && read) return answer_index(services, session, image, rule, now);
  const auto facts = TRY(facts_of(services, session, image, nullptr, now));
  return to_json(security::ask_gate(rule, facts, now), facts);
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

}  // namespace providers
