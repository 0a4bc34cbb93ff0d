// SPDX-License-Identifier: Apache-2.0
#include "security/score.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.hpp"
#include "base/time.hpp"
#include "security/assessor.hpp"
#include "security/scopes.hpp"

namespace security {

namespace {

struct ControlFacts {
  std::map<std::string, std::string> resources;  // status by resource, the worst of its recommendations
  std::set<std::string> keys;
};

int badness(std::string_view status) { return status == kUnhealthy ? 2 : status == kHealthy ? 1 : 0; }

ControlScore score_control(const ScoreControl& control, const ControlFacts& facts) {
  ControlScore out;
  out.id = control.id;
  out.title = control.title;
  out.max = control.max_score;
  out.recommendations.assign(facts.keys.begin(), facts.keys.end());
  for (const auto& entry : facts.resources) {
    if (entry.second == kUnhealthy) ++out.unhealthy;
    else if (entry.second == kHealthy) ++out.healthy;
    else ++out.not_applicable;
  }
  if (!out.counts()) return out;
  out.current = out.max / static_cast<double>(out.healthy + out.unhealthy) * static_cast<double>(out.healthy);
  out.potential_increase = out.max - out.current;
  return out;
}

}  // namespace

Score compute_score(const Recommendations& recommendations, const std::vector<ScoreInput>& inputs) {
  std::map<std::string, ControlFacts> facts;
  for (const ScoreInput& input : inputs) {
    const Recommendation* known = recommendations.find(input.assessment_key);
    if (!known) continue;
    ControlFacts& control = facts[known->control];
    control.keys.insert(known->key);
    std::string& status = control.resources[input.resource_key];
    if (status.empty() || badness(input.status) > badness(status)) status = input.status;
  }
  Score out;
  for (const ScoreControl& control : recommendations.controls()) {
    out.controls.push_back(score_control(control, facts[control.id]));
    if (!out.controls.back().counts()) continue;
    out.current += out.controls.back().current;
    out.max += out.controls.back().max;
  }
  return out;
}

double score_impact(const Recommendations& recommendations, const std::vector<ScoreInput>& inputs, std::string_view key) {
  std::vector<ScoreInput> mended = inputs;
  for (ScoreInput& input : mended)
    if (input.assessment_key == key && input.status == kUnhealthy) input.status = kHealthy;
  return compute_score(recommendations, mended).current - compute_score(recommendations, inputs).current;
}

base::Result<std::vector<ScoreInput>> load_score_inputs(store::Session& session, const Recommendations& recommendations,
                                                        const std::vector<std::string>& scope_keys) {
  const ScopeCondition scope("resource_key", scope_keys);
  std::vector<ScoreInput> out;
  for (const Recommendation& recommendation : recommendations.all()) {
    std::vector<store::Value> parameters{std::string_view(recommendation.key), std::string_view(recommendation.resource_type)};
    scope.append_to(parameters);
    TRY(session.query(fmt::format("SELECT resource_key, status FROM assessments WHERE assessment_key = ? AND "
                                  "resource_type = ? AND {}",
                                  scope.sql()),
                      parameters, [&](const store::Row& row) {
                        out.push_back({recommendation.key, std::string(row.text(0)), std::string(row.text(1))});
                      }));
  }
  return out;
}

base::JsonObject to_json(const ControlScore& control) {
  base::JsonArray keys;
  for (const std::string& key : control.recommendations) keys.emplace_back(key);
  return {{"id", control.id},
          {"title", control.title},
          {"max", control.max},
          {"current", control.current},
          {"potentialIncrease", control.potential_increase},
          {"healthy", control.healthy},
          {"unhealthy", control.unhealthy},
          {"notApplicable", control.not_applicable},
          {"recommendations", std::move(keys)}};
}

base::Result<void> record_score(store::Session& session, const Recommendations& recommendations, const std::string& scope_key,
                                store::Millis now) {
  const auto inputs = TRY(load_score_inputs(session, recommendations, {scope_key}));
  const Score score = compute_score(recommendations, inputs);
  base::JsonArray controls;
  for (const ControlScore& control : score.controls)
    if (control.counts()) controls.push_back(to_json(control));
  const std::string text = base::to_text(controls);
  const std::string day = base::format_date(base::Seconds(std::chrono::seconds(now / 1000)));
  return session.run(
      "INSERT INTO score_history (day, scope_key, current, maximum, controls) VALUES (?, ?, ?, ?, ?) ON CONFLICT (scope_key, "
      "day) DO UPDATE SET current = excluded.current, maximum = excluded.maximum, controls = excluded.controls",
      {std::string_view(day), std::string_view(scope_key), score.current, score.max, std::string_view(text)});
}

base::Result<std::vector<ScoreDay>> score_history(store::Session& session, const std::string& scope_key, std::size_t days) {
  std::vector<ScoreDay> out;
  TRY(session.query("SELECT day, current, maximum FROM score_history WHERE scope_key = ? ORDER BY day DESC LIMIT ?",
                    {std::string_view(scope_key), static_cast<std::int64_t>(days)}, [&](const store::Row& row) {
                      out.push_back({std::string(row.text(0)), row.real(1), row.real(2)});
                    }));
  std::reverse(out.begin(), out.end());
  return out;
}

}  // namespace security
