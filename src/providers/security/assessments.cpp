// SPDX-License-Identifier: Apache-2.0
// Microsoft.Security/assessments, api 2021-06-01, and assessmentMetadata.
#include <fmt/format.h>

#include "base/text.hpp"
#include "providers/security/ranged_list.hpp"
#include "providers/security/types.hpp"
#include "security/counts.hpp"

namespace providers {

namespace {

constexpr std::string_view kAssessmentColumns =
    "resource_id, assessment_key, status, cause, description, first_evaluated_at, status_changed_at, critical, high, medium, low, unrated, "
    "fixable, disabled, resource_key, assessment_key";
constexpr int kOrderColumn = 14;

base::JsonObject status_json(const store::Row& row) {
  base::JsonObject status{{"code", row.text(2)}, {"firstEvaluationDate", arm::format_millis(row.integer(5))},
                          {"statusChangeDate", arm::format_millis(row.integer(6))}};
  if (!row.text(3).empty()) status.emplace("cause", row.text(3));
  if (!row.text(4).empty()) status.emplace("description", row.text(4));
  return status;
}

base::JsonObject counts_json(const store::Row& row) {
  base::JsonObject counts;
  int column = 7;
  for (const auto* name : {"critical", "high", "medium", "low", "unknown", "fixable", "disabled"})
    counts.emplace(name, std::to_string(row.integer(column++)));  // Azure's additionalData holds texts alone
  return counts;
}

base::JsonObject assessment_json(const store::Row& row, const security::Recommendation* recommendation, std::string_view key,
                                 const std::string& origin, bool with_metadata) {
  const std::string id = fmt::format("{}/providers/{}/{}", row.text(0), kAssessmentType, key);
  base::JsonObject properties{
      {"resourceDetails", base::JsonObject{{"source", "Azure"}, {"id", row.text(0)}}},
      {"displayName", recommendation ? recommendation->title : std::string(row.text(1))},
      {"status", status_json(row)},
      {"additionalData", counts_json(row)},
      {"links", base::JsonObject{{"azurePortalUri", fmt::format("{}/recommendations/{}", origin, row.text(1))}}}};
  if (with_metadata && recommendation) properties.emplace("metadata", metadata_json(*recommendation)["properties"]);
  return {{"id", id}, {"name", key}, {"type", kAssessmentType}, {"properties", std::move(properties)}};
}

bool expands_metadata(const arm::Call& call) { return call.http.parameter("$expand").find("metadata") != std::string_view::npos; }

base::Result<arm::Reply> get_assessment(const security::Recommendations& recommendations, const arm::Call& call,
                                        store::Session& session, const arm::ResourceId& id) {
  const auto* recommendation = recommendations.find(id.name());
  arm::Reply reply = arm::refuse(404, "ResourceNotFound", fmt::format("There is no assessment '{}' of '{}'.", id.name(), id.parent().text()));
  if (!recommendation) return reply;
  TRY(session.query(fmt::format("SELECT {} FROM assessments WHERE resource_key = ? AND assessment_key = ?", kAssessmentColumns),
                    {id.parent().key(), recommendation->key}, [&](const store::Row& row) {
                      reply = {200, assessment_json(row, recommendation, id.name(), call.origin(), expands_metadata(call)), {}};
                    }));
  return reply;
}

base::Result<arm::Reply> list_assessments(const security::Recommendations& recommendations, const arm::Call& call,
                                          store::Session& session, const arm::Target& target) {
  const RangedSelect select{kAssessmentColumns, "assessments", {}, {}, {"resource_key", "assessment_key"}, kOrderColumn};
  return list_ranges(call, session, target.id.key(), select,
                     [&, origin = call.origin(), metadata = expands_metadata(call)](const store::Row& row) {
                       return base::Json(assessment_json(row, recommendations.find(row.text(1)), row.text(1), origin, metadata));
                     });
}

}  // namespace

base::JsonObject metadata_json(const security::Recommendation& recommendation) {
  const auto texts = [](const std::vector<std::string>& list) {
    base::JsonArray out;
    for (const auto& text : list) out.emplace_back(text);
    return out;
  };
  std::string remediation;
  for (const auto& step : recommendation.remediation) remediation += (remediation.empty() ? "" : "\n") + step;
  return {{"id", fmt::format("/providers/Microsoft.Security/assessmentMetadata/{}", recommendation.key)},
          {"name", recommendation.key},
          {"type", "Microsoft.Security/assessmentMetadata"},
          {"properties", base::JsonObject{{"displayName", recommendation.title},
                                          {"policyDefinitionId", recommendation.policy_definition_id},
                                          {"description", recommendation.description},
                                          {"remediationDescription", remediation},
                                          {"categories", texts(recommendation.categories)},
                                          {"severity", recommendation.severity},
                                          {"userImpact", recommendation.user_impact},
                                          {"implementationEffort", recommendation.implementation_effort},
                                          {"threats", texts(recommendation.threats)},
                                          {"preview", false},
                                          {"assessmentType", "BuiltIn"}}}};
}

arm::ResourceType assessments_type(const security::Recommendations& recommendations) {
  arm::ResourceType type;
  type.name = kAssessmentType;
  type.api_versions = {"2021-06-01", "2020-01-01"};
  type.stored = false;
  type.get = [&recommendations](const arm::Call& call, store::Session& session, const arm::ResourceId& id) {
    return get_assessment(recommendations, call, session, id);
  };
  type.list = [&recommendations](const arm::Call& call, store::Session& session, const arm::Target& target) {
    return list_assessments(recommendations, call, session, target);
  };
  return type;
}

arm::ResourceType assessment_metadata_type(const security::Recommendations& recommendations) {
  arm::ResourceType type;
  type.name = "Microsoft.Security/assessmentMetadata";
  type.api_versions = {"2021-06-01", "2020-01-01"};
  type.open = true;
  type.stored = false;
  type.get = [&recommendations](const arm::Call&, store::Session&, const arm::ResourceId& id) -> base::Result<arm::Reply> {
    const auto* recommendation = recommendations.find(id.name());
    if (!recommendation) return arm::refuse(404, "ResourceNotFound", fmt::format("There is no assessment metadata '{}'.", id.name()));
    return arm::Reply{200, metadata_json(*recommendation), {}};
  };
  type.list = [&recommendations](const arm::Call& call, store::Session&, const arm::Target&) -> base::Result<arm::Reply> {
    base::JsonArray value;
    for (const auto& recommendation : recommendations.all()) value.emplace_back(metadata_json(recommendation));
    return arm::list_reply(call, std::move(value), {});
  };
  return type;
}

}  // namespace providers
