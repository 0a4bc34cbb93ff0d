// SPDX-License-Identifier: Apache-2.0
// Microsoft.Security/secureScores, secureScoreControls and their definitions, api 2020-01-01.
#include <fmt/format.h>

#include "providers/security/types.hpp"
#include "security/score.hpp"

namespace providers {

namespace {

constexpr std::string_view kScores = "Microsoft.Security/secureScores";
constexpr std::string_view kControls = "Microsoft.Security/secureScores/secureScoreControls";

base::JsonObject points_json(double current, double max) {
  return {{"max", max}, {"current", current}, {"percentage", max > 0 ? current / max : 0.0}};
}

base::Result<security::Score> score_of(const security::Recommendations& recommendations, store::Session& session, const arm::ResourceId& scope) {
  return security::compute_score(recommendations, TRY(security::load_score_inputs(session, recommendations, {scope.key()})));
}

base::JsonObject score_json(const security::Score& score, const arm::ResourceId& scope) {
  std::int64_t weight = 0;
  for (const auto& control : score.controls) weight += control.healthy + control.unhealthy;
  return {{"id", scope.extension(kScores, "ascScore").text()},
          {"name", "ascScore"},
          {"type", kScores},
          {"properties", base::JsonObject{{"displayName", "ASC score"}, {"score", points_json(score.current, score.max)}, {"weight", weight}}}};
}

base::JsonObject definition_json(const security::ScoreControl& control, const security::Recommendations& recommendations) {
  base::JsonArray assessed;
  for (const auto& recommendation : recommendations.all())
    if (recommendation.control == control.id)
      assessed.emplace_back(base::JsonObject{{"id", "/providers/Microsoft.Security/assessmentMetadata/" + recommendation.key}});
  return {{"id", fmt::format("/providers/Microsoft.Security/secureScoreControlDefinitions/{}", control.id)},
          {"name", control.id},
          {"type", "Microsoft.Security/secureScoreControlDefinitions"},
          {"properties", base::JsonObject{{"displayName", control.title}, {"description", control.description}, {"maxScore", control.max_score},
                                          {"source", base::JsonObject{{"sourceType", "BuiltIn"}}}, {"assessmentDefinitions", std::move(assessed)}}}};
}

base::JsonObject control_json(const security::ControlScore& control, const arm::ResourceId& scope) {
  return {{"id", scope.extension("Microsoft.Security/secureScoreControls", control.id).text()},
          {"name", control.id},
          {"type", "Microsoft.Security/secureScoreControls"},
          {"properties", base::JsonObject{{"displayName", control.title},
                                          {"score", points_json(control.current, control.max)},
                                          {"healthyResourceCount", control.healthy},
                                          {"unhealthyResourceCount", control.unhealthy},
                                          {"notApplicableResourceCount", control.not_applicable},
                                          {"weight", control.healthy + control.unhealthy}}}};
}

base::Result<arm::Reply> list_controls(const security::Recommendations& recommendations, const arm::Call& call, store::Session& session,
                                       const arm::ResourceId& scope) {
  base::JsonArray value;
  if (!call.may(call.action, scope)) return arm::list_reply(call, std::move(value), {});
  const bool with_definition = call.http.parameter("$expand").find("definition") != std::string_view::npos;
  for (const auto& control : TRY(score_of(recommendations, session, scope)).controls) {
    auto json = control_json(control, scope);
    for (const auto& defined : recommendations.controls())
      if (with_definition && defined.id == control.id) json["properties"].get_object().emplace("definition", definition_json(defined, recommendations));
    value.emplace_back(std::move(json));
  }
  return arm::list_reply(call, std::move(value), {});
}

}  // namespace

arm::ResourceType secure_scores_type(const security::Recommendations& recommendations) {
  arm::ResourceType type;
  type.name = kScores;
  type.api_versions = {"2020-01-01"};
  type.stored = false;
  type.get = [&recommendations](const arm::Call&, store::Session& session, const arm::ResourceId& id) -> base::Result<arm::Reply> {
    if (id.name() != "ascScore") return arm::refuse(404, "ResourceNotFound", "The secure score is called ascScore.");
    return arm::Reply{200, score_json(TRY(score_of(recommendations, session, id.parent())), id.parent()), {}};
  };
  type.list = [&recommendations](const arm::Call& call, store::Session& session, const arm::Target& target) -> base::Result<arm::Reply> {
    base::JsonArray value;
    if (call.may(call.action, target.id)) value.emplace_back(score_json(TRY(score_of(recommendations, session, target.id)), target.id));
    return arm::list_reply(call, std::move(value), {});
  };
  return type;
}

// Listed under the subscription, and under one score.
arm::ResourceType secure_score_controls_type(const security::Recommendations& recommendations) {
  arm::ResourceType type;
  type.name = "Microsoft.Security/secureScoreControls";
  type.api_versions = {"2020-01-01"};
  type.stored = false;
  type.list = [&recommendations](const arm::Call& call, store::Session& session, const arm::Target& target) {
    return list_controls(recommendations, call, session, target.id);
  };
  return type;
}

arm::ResourceType score_controls_below_type(const security::Recommendations& recommendations) {
  arm::ResourceType type;
  type.name = kControls;
  type.api_versions = {"2020-01-01"};
  type.stored = false;
  type.list = [&recommendations](const arm::Call& call, store::Session& session, const arm::Target& target) {
    return list_controls(recommendations, call, session, target.id.parent());
  };
  return type;
}

arm::ResourceType secure_score_definitions_type(const security::Recommendations& recommendations) {
  arm::ResourceType type;
  type.name = "Microsoft.Security/secureScoreControlDefinitions";
  type.api_versions = {"2020-01-01"};
  type.stored = false;
  type.list = [&recommendations](const arm::Call& call, store::Session&, const arm::Target&) -> base::Result<arm::Reply> {
    base::JsonArray value;
    for (const auto& control : recommendations.controls()) value.emplace_back(definition_json(control, recommendations));
    return arm::list_reply(call, std::move(value), {});
  };
  return type;
}

}  // namespace providers
