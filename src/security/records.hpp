// SPDX-License-Identifier: Apache-2.0
// What the workspace is told of verdicts: rows of SecurityRecommendation and SecurityNestedRecommendation.
#pragma once

#include "security/assessor.hpp"

namespace security {

// The state of an assessment that changed, and the findings that count now and did not before. `recommendation` may be null.
base::Result<void> record_change(store::Session& session, const Recommendation* recommendation, const Change& change, store::Millis now);

// Findings that do not count any more, of the resolved ones behind `after_id`: rows of SecurityNestedRecommendation. The id
// of the last; `after_id` where there is none.
struct ResolvedRecords {
  std::vector<base::JsonObject> rows;
  std::int64_t last_id = 0;
};
base::Result<ResolvedRecords> resolved_records(store::Session& session, const Recommendations& recommendations, std::int64_t after_id,
                                               std::size_t most);

}  // namespace security
