// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/text.hpp"
#include "security/rules.hpp"
#include "security/scopes.hpp"

namespace security {

namespace {

void add_disable_rule(Rules& rules, std::string_view key, std::string_view name, const base::Json& body) {
  if (auto rule = parse_disable_rule(key, name, body)) rules.disable.push_back(std::move(*rule));
}

void add_exemption(Rules& rules, const Recommendations& recommendations, std::string_view key, const base::Json& body) {
  auto exemption = parse_exemption(key, body);
  if (!exemption) return;
  if (const Recommendation* known = recommendations.find(exemption->assessment_key)) exemption->assessment_key = known->key;
  rules.exemptions.push_back(std::move(*exemption));
}

// `where` chooses among the resources of the two types.
base::Result<void> read_rules(store::Session& session, const Recommendations& recommendations, const std::string& where,
                              std::vector<store::Value> parameters, Rules& rules) {
  parameters.insert(parameters.begin(), {kDisableRuleType, kExemptionType});
  return session.query(
      fmt::format("SELECT type, resource_key, name, body FROM resources WHERE type IN (?, ?) AND {}", where), parameters,
      [&](const store::Row& row) {
        const auto body = base::parse_json(row.text(3), row.text(1));
        if (!body) return;
        if (row.text(0) == kDisableRuleType)
          add_disable_rule(rules, row.text(1), row.text(2), *body);
        else
          add_exemption(rules, recommendations, row.text(1), *body);
      });
}

}  // namespace

base::Result<Rules> load_rules(store::Session& session, const Recommendations& recommendations, const std::string& scope_key,
                               RulesBelow below) {
  Rules rules;
  std::vector<std::string> above = scopes_above(scope_key);
  if (below == RulesBelow::yes) above.pop_back();  // the range below the scope has those that stand on it
  for (const std::string& scope : above) {
    const std::string prefix = scope == "/" ? "" : scope;
    for (const std::string_view type : {kDisableRuleType, kExemptionType}) {
      const std::string first = fmt::format("{}/providers/{}/", prefix, type), end = fmt::format("{}/providers/{}0", prefix, type);
      TRY(read_rules(session, recommendations, "resource_key > ? AND resource_key < ?",
                     {std::string_view(first), std::string_view(end)}, rules));
    }
  }
  if (below == RulesBelow::yes) {
    const ScopeCondition condition("resource_key", {scope_key});
    std::vector<store::Value> parameters;
    condition.append_to(parameters);
    TRY(read_rules(session, recommendations, condition.sql(), std::move(parameters), rules));
  }
  return rules;
}

base::Result<Tags> load_tags(store::Session& session, const Rules& rules, const std::string& resource_key) {
  Tags out;
  if (!rules.ask_for_tags()) return out;
  std::string key = resource_key;
  for (bool found = false; !found && key.size() > 1; key = key.substr(0, key.rfind('/'))) {
    TRY(session.query("SELECT body FROM resources WHERE resource_key = ?", {std::string_view(key)}, [&](const store::Row& row) {
      found = true;
      const auto body = base::parse_json(row.text(0), "a resource");
      if (!body) return;
      for (const auto& tag : base::get_object(*body, "tags"))
        if (tag.value().is_string()) out.emplace(base::to_lower(tag.key()), tag.value().get_string());
    }));
  }
  return out;
}

base::Result<std::optional<Expiry>> next_expiry(store::Session& session, store::Millis after) {
  Rules rules;
  TRY(read_rules(session, Recommendations(), "1=1", {}, rules));
  std::optional<Expiry> next;
  const auto consider = [&](store::Millis at, const std::string& scope_key) {
    if (at > after && (!next || at < next->at)) next = Expiry{at, scope_key};
  };
  for (const DisableRule& rule : rules.disable)
    if (rule.enabled) consider(rule.expires, rule.scope_key);
  for (const Exemption& exemption : rules.exemptions) consider(exemption.expires, exemption.scope_key);
  return next;
}

}  // namespace security
