// SPDX-License-Identifier: Apache-2.0
#include "security/rules.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "security/scopes.hpp"

namespace security {

namespace {

// A kind of criterion that is not given asks nothing.
bool allows(const std::set<std::string, std::less<>>& values, std::string_view value) {
  return values.empty() || values.count(base::to_lower(value)) > 0;
}

}  // namespace

bool Criteria::empty() const {
  return finding_ids.empty() && categories.empty() && vulnerabilities.empty() && packages.empty() && severities.empty() &&
         !cvss_below && !patchable;
}

bool Criteria::match(const FindingFacts& finding) const {
  if (empty()) return false;
  if (!severities.empty() && severities.count(finding.severity) == 0) return false;
  if (patchable && *patchable != finding.patchable) return false;
  if (cvss_below && (finding.score < 0 || finding.score >= *cvss_below)) return false;
  return allows(categories, finding.category) && allows(vulnerabilities, finding.vulnerability) &&
         allows(packages, finding.package) && allows(finding_ids, finding.finding_id);
}

bool tags_match(const Tags& wanted, const Tags& tags) {
  return std::all_of(wanted.begin(), wanted.end(), [&](const auto& tag) {
    const auto at = tags.find(tag.first);
    return at != tags.end() && at->second == tag.second;
  });
}

bool Rules::ask_for_tags() const {
  const auto asks = [](const auto& rule) { return !rule.tags.empty(); };
  return std::any_of(disable.begin(), disable.end(), asks) || std::any_of(exemptions.begin(), exemptions.end(), asks);
}

RulesAt::RulesAt(const Rules& rules, std::string_view resource_key, const Tags& tags, std::string_view assessment_key, store::Millis now) {
  for (const Exemption& exemption : rules.exemptions) {
    if (exemption.assessment_key != assessment_key || !exemption.holds(now)) continue;
    if (!at_or_below(exemption.scope_key, resource_key) || !tags_match(exemption.tags, tags)) continue;
    if (!exemption.finding_ids.empty())
      exemptions_.push_back(&exemption);
    else if (!whole_)
      whole_ = &exemption;
  }
  for (const DisableRule& rule : rules.disable)
    if (rule.holds(now) && at_or_below(rule.scope_key, resource_key) && tags_match(rule.tags, tags)) disable_.push_back(&rule);
}

std::optional<Disregard> RulesAt::of(const FindingFacts& finding) const {
  if (whole_) return Disregard{"Exempt", whole_->reason, whole_->key};
  for (const Exemption* exemption : exemptions_)
    if (exemption->finding_ids.count(finding.finding_id) > 0) return Disregard{"Exempt", exemption->reason, exemption->key};
  for (const DisableRule* rule : disable_)
    if (rule->criteria.match(finding)) return Disregard{"Disabled", rule->reason, rule->key};
  return std::nullopt;
}

}  // namespace security
