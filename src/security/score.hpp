// SPDX-License-Identifier: Apache-2.0
// The secure score. A control's points are max / (healthy + unhealthy) x healthy resources, where a resource is healthy when
// every recommendation of the control that applies to it is; the score is the sum over the controls that have resources
// ("Secure score", Azure Security Center). Pure, but for the history.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "security/recommendations.hpp"
#include "store/database.hpp"
#include "store/jobs.hpp"

namespace security {

// One verdict of a recommendation about a resource of its type.
struct ScoreInput {
  std::string assessment_key, resource_key, status;
};

struct ControlScore {
  std::string id, title;
  double max = 0, current = 0;
  double potential_increase = 0;  // points that are missing
  std::int64_t healthy = 0, unhealthy = 0, not_applicable = 0;  // resources
  std::vector<std::string> recommendations;                     // keys with a verdict

  bool counts() const { return healthy + unhealthy > 0; }
};

struct Score {
  double current = 0, max = 0;
  std::vector<ControlScore> controls;  // all of them, in the order of the content

  double percentage() const { return max > 0 ? current / max : 0; }  // 0 … 1
};

Score compute_score(const Recommendations& recommendations, const std::vector<ScoreInput>& inputs);

// Points that the score gains once every resource of the recommendation is healthy.
double score_impact(const Recommendations& recommendations, const std::vector<ScoreInput>& inputs, std::string_view key);

// Verdicts at and below the scopes, of the recommendations' own resource types.
base::Result<std::vector<ScoreInput>> load_score_inputs(store::Session& session, const Recommendations& recommendations,
                                                        const std::vector<std::string>& scope_keys);

// Writes the day's row of a scope, over an earlier one of the same day.
base::Result<void> record_score(store::Session& session, const Recommendations& recommendations, const std::string& scope_key,
                                store::Millis now);

struct ScoreDay {
  std::string day;  // 2026-11-29
  double current = 0, max = 0;
};
base::Result<std::vector<ScoreDay>> score_history(store::Session& session, const std::string& scope_key, std::size_t days);

base::JsonObject to_json(const ControlScore& control);

}  // namespace security
