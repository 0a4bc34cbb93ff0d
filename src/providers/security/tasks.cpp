// SPDX-License-Identifier: Apache-2.0
// Microsoft.Security/tasks, api 2015-06-01-preview: one for each recommendation that a resource does not follow.
#include <fmt/format.h>

#include "base/crypto.hpp"
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
                                          {"creationTimeUtc", arm::format_millis(row.integer(3))},
                                          {"lastStateChangeTimeUtc", arm::format_millis(row.integer(4))},
                                          {"securityTaskParameters",
                                           base::JsonObject{{"name", recommendation ? recommendation->title : std::string(row.text(2))},
                                                            {"policyName", recommendation ? recommendation->title : std::string(row.text(2))},
                                                            {"assessmentKey", row.text(2)},
                                                            {"severity", recommendation ? recommendation->severity : ""},
                                                            {"resourceId", row.text(0)}}}}}};
}

base::Result<arm::Reply> list_tasks(const security::Recommendations& recommendations, const arm::Call& call, store::Session& session,
                                    const arm::ResourceId& scope) {
  const auto page = TRY(arm::read_page(call));
  const std::string begin = scope.is_tenant() ? "/" : scope.key() + "/";
  std::string end = begin;
  end.back() = '0';  // the character behind '/'
  base::JsonArray value;
  std::string next;
  std::size_t read = 0;
  TRY(session.query("SELECT resource_id, resource_key, assessment_key, first_evaluated_at, status_changed_at FROM assessments WHERE status = 'Unhealthy' "
                    "AND (resource_key = ? OR (resource_key >= ? AND resource_key < ?)) AND resource_key || '|' || assessment_key > ? "
                    "ORDER BY resource_key || '|' || assessment_key LIMIT ?",
                    {scope.key(), begin, end, page.after, static_cast<std::int64_t>(page.top)}, [&](const store::Row& row) {
                      ++read;
                      next = fmt::format("{}|{}", row.text(1), row.text(2));
                      if (call.access.allows(call.action, row.text(1))) value.emplace_back(task_json(row, scope, recommendations.find(row.text(2))));
                    }));
  return arm::list_reply(call, std::move(value), read == page.top ? next : "");
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
