// SPDX-License-Identifier: Apache-2.0
// Rows of views as docs/rest-api.md has them.
#pragma once

#include "hub/context.hpp"
#include "security/queries.hpp"
#include "security/score.hpp"

namespace hub {

base::JsonObject recommendation_json(const security::Recommendation& recommendation);
base::JsonObject recommendation_row_json(const security::RecommendationRow& row);
base::JsonObject assessed_json(const security::AssessedResource& row);
base::JsonObject finding_json(const security::FindingView& row);
base::JsonObject finding_details_json(const security::FindingDetails& details);
base::JsonObject vulnerability_json(const security::VulnerabilityDetails& details);
base::JsonObject inventory_row_json(const security::InventoryRow& row);
base::JsonObject score_json(const security::Score& score, std::vector<security::ScoreDay> history);
base::JsonObject search_hit_json(const security::SearchHit& hit);
base::JsonObject activity_row_json(const store::Row& row);
base::Result<base::JsonObject> overview_json(const Context& context, store::Session& session, const std::vector<std::string>& scopes,
                                             std::vector<security::ScoreDay> history);

}  // namespace hub
