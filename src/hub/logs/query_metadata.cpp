// SPDX-License-Identifier: Apache-2.0
#include "hub/logs/query_metadata.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace hub {

namespace {

base::JsonArray columns_of(const model::TableSchema& table) {
  base::JsonArray out;
  for (const auto& column : table.columns)
    out.emplace_back(base::JsonObject{{"name", column.name}, {"type", model::column_type_name(column.type)}, {"description", column.description}});
  return out;
}

base::JsonObject table_metadata(const model::TableSchema& table) {
  return {{"id", "t/" + table.name}, {"name", table.name}, {"description", table.description}, {"timespanColumn", "TimeGenerated"}, {"columns", columns_of(table)}};
}

base::JsonObject function_metadata(const workspace::StoredFunction& function) {
  return {{"id", "f/" + function.name}, {"name", function.name}, {"parameters", fmt::format("({})", function.parameters)}, {"body", function.text}};
}

base::JsonArray texts_of(const std::vector<std::string>& texts) { return base::JsonArray(texts.begin(), texts.end()); }

base::JsonObject example_metadata(const workspace::ExampleQuery& example) {
  return {{"id", "q/" + example.id},
          {"displayName", example.name},
          {"description", example.description},
          {"body", example.text},
          {"related", base::JsonObject{{"tables", texts_of(example.tables)}, {"categories", base::JsonArray{base::Json(example.category)}}}}};
}

// Queries of the query packs that the caller may read.
base::Result<base::JsonArray> pack_queries(store::Session& session, const arm::Access& access) {
  constexpr std::string_view kPackQueries = "Microsoft.OperationalInsights/queryPacks/queries";
  base::JsonArray out;
  for (const auto& query : TRY(arm::load_resources(session, std::string(kPackQueries), "/"))) {
    if (!access.allows(fmt::format("{}/read", kPackQueries), query.id.key())) continue;
    base::JsonObject json{{"id", query.id.name()}};
    for (const auto* name : {"displayName", "description", "body", "related", "tags"})
      if (const auto* value = query.property(name)) json.emplace(name, *value);
    out.emplace_back(std::move(json));
  }
  return out;
}

}  // namespace

base::Result<base::JsonObject> metadata_json(store::Database& database, workspace::QueryService& service, std::span<const workspace::ExampleQuery> examples,
                                             const QueryScope& scope) {
  base::JsonArray tables, workspaces, functions, queries;
  std::set<std::string> seen;
  for (const auto& workspace : scope.workspaces) {
    for (const auto& table : TRY(service.schema(workspace.ref)))
      if (scope.may_read(workspace.ref, table.name) && seen.insert(table.name).second) tables.emplace_back(table_metadata(table));
    workspaces.emplace_back(base::JsonObject{{"id", workspace.ref.id}, {"resourceId", workspace.ref.resource_id}, {"name", workspace.ref.name}, {"region", "local"}});
  }
  TRY(database.read([&](store::Session& session) -> base::Result<void> {
    for (const auto& workspace : scope.workspaces)
      for (const auto& function : TRY(providers::load_functions(session, workspace.key))) functions.emplace_back(function_metadata(function));
    queries = TRY(pack_queries(session, *scope.access));
    return {};
  }));
  for (const auto& example : examples)
    if (std::all_of(example.tables.begin(), example.tables.end(), [&](const std::string& table) { return seen.count(table) != 0; }))
      queries.emplace_back(example_metadata(example));
  return base::JsonObject{{"tables", std::move(tables)}, {"functions", std::move(functions)}, {"queries", std::move(queries)}, {"workspaces", std::move(workspaces)}};
}

}  // namespace hub
