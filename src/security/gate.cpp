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

void check_approval(const GateRule& rule, const ImageFacts& image, store::Millis now, GateAnswer& answer) {
  const bool expired = image.approval_expires > 0 && now >= image.approval_expires;
  answer.approved = image.decision == ApprovalDecision::approved && !expired;
  if (image.decision == ApprovalDecision::refused && !expired) {  // holds whether or not approval is asked for
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

}  // namespace security
