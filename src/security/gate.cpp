// SPDX-License-Identifier: Apache-2.0
#include "security/gate.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "base/time.hpp"

namespace security {

namespace {

constexpr store::Millis kDayMs = 86'400'000;

struct CountedSeverity {
  model::Severity severity;
  std::int64_t Counts::*count;
};

constexpr CountedSeverity kGateSeverities[] = {{model::Severity::critical, &Counts::critical},
                                               {model::Severity::high, &Counts::high},
                                               {model::Severity::medium, &Counts::medium},
                                               {model::Severity::low, &Counts::low},
                                               {model::Severity::unknown, &Counts::unrated}};

std::string when(store::Millis at) { return base::format_time(base::Seconds(std::chrono::seconds(at / 1000))); }

void check_scan(const GateRule& rule, const ImageFacts& image, store::Millis now, GateAnswer& answer) {
  answer.scanned = image.scan_state == "complete" || (image.scanned_at > 0 && image.scan_state != "unsupported");
  if (!answer.scanned) {
    const std::string_view mend = image.scan_state == "failed"        ? "see why its scan failed and scan it again"
                                  : image.scan_state == "unsupported" ? "it is of a kind that cannot be scanned; approve another"
                                  : image.scan_state == "off" ? "switch scanning on for its registry, then scan it"
                                                              : "wait for its scan, or start one";
    answer.reasons.push_back(fmt::format("{} is not scanned ({}); {}", image.name, image.scan_state, mend));
  } else if (rule.max_age_days > 0 && now - image.scanned_at > rule.max_age_days * kDayMs) {
    answer.reasons.push_back(fmt::format("the last scan of {} ({}) is older than {} days; scan it again", image.name,
                                         when(image.scanned_at), rule.max_age_days));
  } else if (!image.matched) {
    answer.reasons.push_back(fmt::format("{} was scanned, but there was no vulnerability data to compare it with; import some", image.name));
  }
}

void check_findings(const GateRule& rule, const ImageFacts& image, GateAnswer& answer) {
  if (!rule.severity) return;
  Counts counts = rule.only_fixed ? image.open_fixable : image.open;
  if (!rule.obey_exemptions) counts += rule.only_fixed ? image.disregarded_fixable : image.disregarded;
  std::vector<std::string> parts;
  for (const CountedSeverity& counted : kGateSeverities)
    if (const std::int64_t count = counts.*counted.count; count > 0 && counted.severity >= *rule.severity)
      parts.push_back(fmt::format("{} {}", count, severity_label(counted.severity)));
  if (parts.empty()) return;
  const std::string_view mend = rule.only_fixed ? "rebuild it with the fixed versions"
                                : rule.obey_exemptions ? "rebuild it with fixed versions, or exempt what does not concern it"
                                                       : "rebuild it with fixed versions";
  answer.reasons.push_back(fmt::format("{} has open findings at or above {} ({}{}); {}", image.name,
                                       severity_label(*rule.severity), base::join(parts, ", "),
                                       rule.only_fixed ? ", each with a fix" : "", mend));
}

bool holds(const ImageFacts& image, ApprovalDecision decision, store::Millis now) {
  return image.decision == decision && (image.approval_expires == 0 || now < image.approval_expires);
}

void take_decision(ImageFacts& image, const ImageFacts& index) {
  image.decision = index.decision;
  image.decision_reason = index.decision_reason;
  image.approval_expires = index.approval_expires;
}

void check_approval(const GateRule& rule, const ImageFacts& image, store::Millis now, GateAnswer& answer) {
  answer.approved = holds(image, ApprovalDecision::approved, now);
  if (holds(image, ApprovalDecision::refused, now)) {  // whether or not approval is asked for
    answer.reasons.push_back(fmt::format("{} was refused{}; deploy another image, or have the decision changed", image.name,
                                         image.decision_reason.empty() ? "" : ": " + image.decision_reason));
  } else if (rule.require_approval && !answer.approved) {
    answer.reasons.push_back(image.decision == ApprovalDecision::approved
                                 ? fmt::format("the approval of {} ran out at {}; ask for a new one", image.name,
                                               when(image.approval_expires))
                                 : fmt::format("{} is not approved; ask an Image Approver to approve it", image.name));
  }
}

}  // namespace

GateAnswer ask_gate(const GateRule& rule, const ImageFacts& image, store::Millis now) {
  GateAnswer answer;
  check_scan(rule, image, now, answer);
  check_findings(rule, image, answer);
  check_approval(rule, image, now, answer);
  if (rule.require_signature && !image.is_signed)
    answer.reasons.push_back(fmt::format("{} is not signed; sign it and push the signature to its registry", image.name));
  answer.allowed = answer.reasons.empty();
  return answer;
}

void inherit(ImageFacts& image, const std::vector<ImageFacts>& indexes, const ImageFacts* asked, store::Millis now) {
  std::size_t refused = 0;
  const ImageFacts *approval = nullptr, *refusal = nullptr;
  for (const ImageFacts& index : indexes) {
    image.is_signed = image.is_signed || index.is_signed;
    if (holds(index, ApprovalDecision::approved, now)) approval = &index;
    if (!holds(index, ApprovalDecision::refused, now)) continue;
    refusal = &index;
    ++refused;
  }
  const bool own = holds(image, ApprovalDecision::approved, now) || holds(image, ApprovalDecision::refused, now);
  if (asked && holds(*asked, ApprovalDecision::refused, now)) take_decision(image, *asked);
  else if (!own && approval) take_decision(image, *approval);
  else if (!own && refusal && refused == indexes.size()) take_decision(image, *refusal);
}

GateAnswer join_answers(const std::string& index_name, const std::vector<GateAnswer>& images, std::string_view platforms) {
  GateAnswer joined;
  joined.scanned = joined.approved = !images.empty();
  if (images.empty())
    joined.reasons.push_back(fmt::format("{} holds no image for {}; widen the platforms of its registry, or deploy another", index_name, platforms));
  for (const GateAnswer& image : images) {
    joined.scanned = joined.scanned && image.scanned;
    joined.approved = joined.approved && image.approved;
    joined.reasons.insert(joined.reasons.end(), image.reasons.begin(), image.reasons.end());
  }
  joined.allowed = joined.reasons.empty();
  return joined;
}

}  // namespace security
