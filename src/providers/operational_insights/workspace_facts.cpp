// SPDX-License-Identifier: Apache-2.0
// What the older operations of a workspace tell: the columns of its tables, what of its limits is used, its price tiers.
#include <algorithm>
#include <map>

#include "providers/operational_insights/types.hpp"
#include "providers/operational_insights/workspace_tables.hpp"
#include "workspace/ingest/ingest_limits.hpp"

namespace providers {

namespace {

constexpr int kUsualRetention = 30;

// The type of a property as the search API of before KQL has it.
std::string_view search_type(model::ColumnType type) {
  using model::ColumnType;
  switch (type) {
    case ColumnType::boolean: return "Boolean";
    case ColumnType::datetime: return "DateTime";
    case ColumnType::int32: return "Int";
    case ColumnType::int64: return "Long";
    case ColumnType::real:
    case ColumnType::decimal: return "Double";
    case ColumnType::guid: return "Guid";
    default: return "String";
  }
}

base::Result<std::optional<std::vector<WorkspaceTable>>> tables_of(const Services& services, const WorkspaceTables& tables, const arm::ResourceId& id) {
  std::optional<std::vector<WorkspaceTable>> found;
  TRY(services.database.read([&](store::Session& session) -> base::Result<void> {
    if (const auto resource = TRY(arm::load_resource(session, id.key()))) found = TRY(load_tables(session, tables, Workspace::of(*resource)));
    return {};
  }));
  return found;
}

// A property is a name with a type, in all the tables that have it.
base::Json schema_of(const std::vector<WorkspaceTable>& tables) {
  std::map<std::pair<std::string, std::string_view>, base::JsonArray> owners;
  for (const auto& table : tables)
    for (const auto& column : table.spec.schema.columns) owners[{column.name, search_type(column.type)}].emplace_back(table.spec.schema.name);
  base::JsonArray value;
  for (auto& [property, names] : owners)
    value.emplace_back(base::JsonObject{{"name", property.first}, {"displayName", property.first}, {"type", property.second}, {"indexed", true},
                                        {"stored", true}, {"facet", false}, {"ownerType", std::move(names)}});
  const auto total = value.size();
  return base::JsonObject{{"metadata", base::JsonObject{{"resultType", "schema"}, {"total", total}, {"status", "Successful"}}}, {"value", std::move(value)}};
}

base::Json usages_of(const std::vector<WorkspaceTable>& tables) {
  const auto custom = std::count_if(tables.begin(), tables.end(), [](const auto& table) { return table.is_custom; });
  return base::JsonObject{{"value", base::JsonArray{base::JsonObject{{"name", base::JsonObject{{"value", "CustomTables"}, {"localizedValue", "Custom tables"}}},
                                                                     {"unit", "Count"}, {"currentValue", custom}, {"limit", workspace::kMostCustomTables}}}}};
}

base::Json tiers() {
  return base::JsonArray{base::JsonObject{{"serviceTier", "PerGB2018"}, {"enabled", true}, {"minimumRetention", kShortestRetentionDays},
                                          {"maximumRetention", workspace::kLongestRetentionDays}, {"defaultRetention", kUsualRetention}}};
}

}  // namespace

arm::Reply no_such_workspace(const arm::ResourceId& id) { return arm::refuse(404, "ResourceNotFound", "There is no workspace '" + id.name() + "'."); }

void add_workspace_facts(arm::ResourceType& type, const Services& services, const WorkspaceTables& tables) {
  const auto tell = [&](const char* name, const char* method, base::Json (*facts)(const std::vector<WorkspaceTable>&)) {
    type.actions[name] = {method, [&services, &tables, facts](const arm::Call&, const arm::ResourceId& id) -> base::Result<arm::Reply> {
                            const auto found = TRY(tables_of(services, tables, id));
                            return found ? arm::Reply{200, facts(*found), {}} : no_such_workspace(id);
                          }};
  };
  tell("schema", "POST", schema_of);
  tell("usages", "GET", usages_of);
  tell("availableservicetiers", "GET", [](const std::vector<WorkspaceTable>&) { return tiers(); });
}

}  // namespace providers
