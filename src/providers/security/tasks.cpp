// SPDX-License-Identifier: Apache-2.0
// Microsoft.Security/tasks, api 2015-06-01-preview: one for each recommendation that a resource does not follow.
#include <fmt/format.h>

#include "base/crypto.hpp"
#include "providers/security/ranged_list.hpp"
#include "providers/security/types.hpp"

namespace providers {

namespace {

constexpr std::string_view kTaskType = "Microsoft.Security/tasks";

base::JsonObject task_json(const store::Row& row, const arm::ResourceId& scope, const security::Recommendation* recommendation) {
  const std::string name = base::uuid_of(fmt::format("{}|{}", row.text(1), row.text(2)));
  return {{"id", scope.extension(kTaskType, name).text()},
          {"name", name},
          {"type", kTaskType},
          {"properties", base::JsonObject{{"state", "Active"},
                                          {"subState", "NA"},
                                          {"creationTimeUtc", arm::format_millis(row.integer(1))},
                                          {"lastStateChangeTimeUtc", arm::format_millis(row.integer(2))},
                                          {"securityTaskParameters",
                                           base::JsonObject{{"name", recommendation ? recommendation->title : std::string(row.text(4))},
                                                            {"policyName", recommendation ? recommendation->title : std::string(row.text(4))},
                                                            {"assessmentKey", row.text(4)},
                                                            {"severity", recommendation ? recommendation->severity : ""},
                                                            {"resourceId", row.text(0)}}}}}};
}

base::Result<arm::Reply> list_tasks(const security::Recommendations& recommendations, const arm::Call& call, store::Session& session,
                                    const arm::ResourceId& scope) {
  const RangedSelect select{"resource_id, first_evaluated_at, status_changed_at, resource_key, assessment_key", "assessments",
                            " AND status = 'Unhealthy'", {}, {"resource_key", "assessment_key"}, 3};
  return list_ranges(call, session, scope.key(), select, [&](const store::Row& row) {
    return base::Json(task_json(row, scope, recommendations.find(row.text(4))));
  });
}

}  // namespace

arm::ResourceType tasks_type(const security::Recommendations& recommendations) {
  arm::ResourceType type;
  type.name = kTaskType;
  type.api_versions = {"2015-06-01-preview"};
  type.stored = false;
  type.list = [&recommendations](const arm::Call& call, store::Session& session, const arm::Target& target) {
    return list_tasks(recommendations, call, session, target.id);
  };
  return type;
}

}  // namespace providers
