// SPDX-License-Identifier: Apache-2.0
// Disable rules and exemptions as the bodies of their resources.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "base/time.hpp"
#include "security/counts.hpp"
#include "security/rules.hpp"
#include "security/scopes.hpp"

namespace security {

namespace {

constexpr std::size_t kRuleValues = 1'000, kRuleTags = 50;
constexpr std::size_t kReasonBytes = 2'000;

// What an extension resource stands on: its key up to the last "/providers/".
std::string extended_scope(std::string_view key) {
  const std::size_t at = key.rfind("/providers/");
  return at == std::string_view::npos || at == 0 ? "/" : std::string(key.substr(0, at));
}

base::Result<store::Millis> parse_expiry(const base::Json& properties) {
  const base::Json* given = base::find(properties, "expires");
  if (!given || given->is_null()) return 0;
  const auto time = base::parse_time(base::as_string(*given));
  if (!time) return base::fail(base::Kind::invalid_input, "expires is no time; write it as 2026-12-31T00:00:00Z");
  return std::max<store::Millis>(1, time->time_since_epoch().count() * 1000);
}

base::Result<std::string> parse_reason(const base::Json& properties) {
  const std::string_view reason = base::trim(base::get_string(properties, "reason"));
  if (reason.size() > kReasonBytes)
    return base::fail(base::Kind::invalid_input, fmt::format("reason is longer than {} bytes", kReasonBytes));
  return base::printable(reason);
}

using RuleWords = std::set<std::string, std::less<>>;

base::Result<RuleWords> parse_words(const base::Json& object, std::string_view key) {
  RuleWords out;
  const base::Json* given = base::find(object, key);
  if (!given || given->is_null()) return out;
  if (!given->is_array()) return base::fail(base::Kind::invalid_input, fmt::format("{} is no list", key));
  if (given->get_array().size() > kRuleValues)
    return base::fail(base::Kind::invalid_input, fmt::format("{} has more than {} values", key, kRuleValues));
  for (const base::Json& value : given->get_array()) {
    if (base::as_string(value).empty())
      return base::fail(base::Kind::invalid_input, fmt::format("{} holds a value that is no text", key));
    out.insert(base::to_lower(base::as_string(value)));
  }
  return out;
}

base::Result<Tags> parse_tags(const base::Json& properties) {
  Tags out;
  const base::Json* given = base::find(properties, "tags");
  if (!given || given->is_null()) return out;
  if (!given->is_object()) return base::fail(base::Kind::invalid_input, "tags is no object of names and values");
  for (const auto& tag : given->get_object()) {
    if (!tag.value().is_string()) return base::fail(base::Kind::invalid_input, fmt::format("tags: the value of '{}' is no text", base::printable(tag.key())));
    out.emplace(base::to_lower(tag.key()), tag.value().get_string());
  }
  if (out.size() > kRuleTags) return base::fail(base::Kind::invalid_input, fmt::format("tags has more than {} members", kRuleTags));
  return out;
}

base::Result<std::set<model::Severity>> parse_severities(const base::Json& criteria) {
  std::set<model::Severity> out;
  for (const std::string& word : TRY(parse_words(criteria, "severities"))) {
    const auto severity = parse_severity_label(word);
    if (!severity)
      return base::fail(base::Kind::invalid_input,
                        fmt::format("severities: '{}' is none of Critical, High, Medium, Low, Unknown", word));
    out.insert(*severity);
    if (*severity == model::Severity::low) out.insert(model::Severity::negligible);  // shown as Low
  }
  return out;
}

base::Result<RuleWords> parse_categories(const base::Json& criteria) {
  RuleWords out = TRY(parse_words(criteria, "categories"));
  for (const std::string& word : out)
    if (word != "vulnerability" && word != "secret" && word != "malware" && word != "misconfiguration" && word != "configuration")
      return base::fail(base::Kind::invalid_input,
                        fmt::format("categories: '{}' is none of Vulnerability, Secret, Malware, Misconfiguration, Configuration", word));
  return out;
}

base::Result<std::optional<double>> parse_cvss(const base::Json& criteria) {
  const base::Json* given = base::find(criteria, "cvssBelow");
  if (!given || given->is_null()) return std::nullopt;
  boost::system::error_code error;
  const double below = given->is_number() ? given->to_number<double>(error) : -1;
  if (error || below <= 0 || below > 10) return base::fail(base::Kind::invalid_input, "cvssBelow is no number up to 10");
  return below;
}

base::Result<std::optional<bool>> parse_patchable(const base::Json& criteria) {
  const base::Json* given = base::find(criteria, "patchable");
  if (!given || given->is_null()) return std::nullopt;
  if (!given->is_bool()) return base::fail(base::Kind::invalid_input, "patchable is neither true nor false");
  return given->get_bool();
}

base::Result<Criteria> parse_criteria(const base::Json& criteria) {
  Criteria out;
  out.finding_ids = TRY(parse_words(criteria, "findingIds"));
  out.categories = TRY(parse_categories(criteria));
  out.severities = TRY(parse_severities(criteria));
  out.vulnerabilities = TRY(parse_words(criteria, "vulnerabilities"));
  out.packages = TRY(parse_words(criteria, "packages"));
  out.cvss_below = TRY(parse_cvss(criteria));
  out.patchable = TRY(parse_patchable(criteria));
  if (out.empty())
    return base::fail(base::Kind::invalid_input, "criteria names nothing; a rule needs at least one, else it would disable all");
  return out;
}

base::Result<const base::Json*> properties_of(const base::Json& body) {
  const base::Json* properties = base::find(body, "properties");
  if (!properties || !properties->is_object()) return base::fail(base::Kind::invalid_input, "the body has no properties");
  return properties;
}

}  // namespace

base::Result<DisableRule> parse_disable_rule(std::string_view key, std::string_view name, const base::Json& body) {
  const base::Json& properties = *TRY(properties_of(body));
  DisableRule rule;
  rule.key = key;
  rule.name = name;
  const std::string parent = extended_scope(key);
  rule.scope_key = base::to_lower(base::get_string(properties, "scope", parent));
  if (!at_or_below(parent, rule.scope_key))
    return base::fail(base::Kind::invalid_input, fmt::format("scope is not at or below {}", parent));
  const std::string_view state = base::get_string(properties, "state", "Enabled");
  if (!base::equals_ignoring_case(state, "Enabled") && !base::equals_ignoring_case(state, "Disabled"))
    return base::fail(base::Kind::invalid_input, "state is neither Enabled nor Disabled");
  rule.enabled = base::equals_ignoring_case(state, "Enabled");
  rule.reason = TRY(parse_reason(properties));
  rule.expires = TRY(parse_expiry(properties));
  rule.tags = TRY(parse_tags(properties));
  const base::Json* criteria = base::find(properties, "criteria");
  rule.criteria = TRY(parse_criteria(criteria ? *criteria : base::Json(base::JsonObject{})));
  return rule;
}

base::Result<Exemption> parse_exemption(std::string_view key, const base::Json& body) {
  const base::Json& properties = *TRY(properties_of(body));
  Exemption exemption;
  exemption.key = key;
  exemption.scope_key = extended_scope(key);
  exemption.assessment_key = base::to_lower(base::get_string(properties, "assessmentKey"));
  if (exemption.assessment_key.empty()) return base::fail(base::Kind::invalid_input, "assessmentKey is missing");
  exemption.category = base::get_string(properties, "category", "Waiver");
  if (exemption.category != "Waiver" && exemption.category != "Mitigated")
    return base::fail(base::Kind::invalid_input, "category is neither Waiver nor Mitigated");
  exemption.reason = TRY(parse_reason(properties));
  exemption.expires = TRY(parse_expiry(properties));
  exemption.finding_ids = TRY(parse_words(properties, "findingIds"));
  exemption.tags = TRY(parse_tags(properties));
  return exemption;
}

}  // namespace security
