// SPDX-License-Identifier: Apache-2.0
// What keeps a finding, or a whole resource, from counting: disable rules and exemptions. Pure, but for the loader.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "model/finding.hpp"
#include "security/recommendations.hpp"
#include "store/database.hpp"
#include "store/jobs.hpp"

namespace security {

inline constexpr std::string_view kDisableRuleType = "bulwark.security/disablerules";
inline constexpr std::string_view kExemptionType = "bulwark.security/exemptions";

// What a rule or exemption is asked about. Views of a row, or of whatever holds the texts.
struct FindingFacts {
  std::string_view finding_id, category, vulnerability, package;
  model::Severity severity = model::Severity::unknown;
  double score = -1;  // CVSS base; below zero where not known
  bool patchable = false;
};

// A finding meets the criteria where it meets each kind that is given, by one of that kind's values. No kind at all:
// nothing meets them. Texts are held in lower case.
struct Criteria {
  std::set<std::string, std::less<>> finding_ids, categories, vulnerabilities, packages;
  std::set<model::Severity> severities;
  std::optional<double> cvss_below;  // a finding without a score is not below
  std::optional<bool> patchable;

  bool empty() const;
  bool match(const FindingFacts& finding) const;
};

// Tags of a resource. A condition on them holds where each of its tags is there with that value; names are compared without case.
using Tags = std::map<std::string, std::string, std::less<>>;  // names in lower case
bool tags_match(const Tags& wanted, const Tags& tags);

struct DisableRule {
  std::string key, name;  // of the resource; lower case, as written
  std::string scope_key;  // it holds at and below; the narrower of its parent and `properties.scope`
  std::string reason;
  Criteria criteria;
  Tags tags;  // the resource, or the nearest one above it that has tags of its own, must have these; empty: any
  bool enabled = true;
  store::Millis expires = 0;  // 0: never

  bool holds(store::Millis now) const { return enabled && (expires == 0 || now < expires); }
};

struct Exemption {
  std::string key;
  std::string scope_key;       // it holds at and below what it extends
  std::string assessment_key;  // lower case
  std::string category;        // Waiver, Mitigated
  std::string reason;
  std::set<std::string, std::less<>> finding_ids;  // empty: the whole resource
  Tags tags;                                       // as of disable rules
  store::Millis expires = 0;                       // 0: never

  bool holds(store::Millis now) const { return expires == 0 || now < expires; }
};

// From the resource's key (lower case), name and body `{"properties": {…}}` (docs/rest-api.md). Kind::invalid_input
// names the member and the mend: a provider's `validate` is this call.
base::Result<DisableRule> parse_disable_rule(std::string_view key, std::string_view name, const base::Json& body);
base::Result<Exemption> parse_exemption(std::string_view key, const base::Json& body);

struct Rules {
  std::vector<DisableRule> disable;
  std::vector<Exemption> exemptions;  // assessment keys are those of recommendations, aliases resolved

  bool ask_for_tags() const;  // some holds by tags alone
};

// Of the resource, or of the nearest one above it that is stored; read only where the rules ask for them.
base::Result<Tags> load_tags(store::Session& session, const Rules& rules, const std::string& resource_key);

// Why a finding does not count, as `suppressions` holds it.
struct Disregard {
  std::string_view cause;  // "Exempt", "Disabled"
  std::string_view reason, rule_key;
};

// The rules that hold at one resource for one assessment at one time. Points into `rules`.
class RulesAt {
 public:
  RulesAt(const Rules& rules, std::string_view resource_key, const Tags& tags, std::string_view assessment_key, store::Millis now);

  const Exemption* whole_resource() const { return whole_; }  // null where there is none
  std::optional<Disregard> of(const FindingFacts& finding) const;  // exemptions come before disable rules

 private:
  const Exemption* whole_ = nullptr;
  std::vector<const Exemption*> exemptions_;
  std::vector<const DisableRule*> disable_;
};

// Rules that stand at or above the scope, with `below` those below it as well. Bodies that do not parse hold nothing.
enum class RulesBelow { no, yes };
base::Result<Rules> load_rules(store::Session& session, const Recommendations& recommendations, const std::string& scope_key,
                               RulesBelow below);

// When the next rule or exemption runs out after `after`, and where it holds: reassess_scope is due there then. The caller
// keeps `after` over restarts, so that what ran out meanwhile is not missed.
struct Expiry {
  store::Millis at = 0;
  std::string scope_key;
};
base::Result<std::optional<Expiry>> next_expiry(store::Session& session, store::Millis after);

}  // namespace security
