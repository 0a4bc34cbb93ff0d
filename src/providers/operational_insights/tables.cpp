// SPDX-License-Identifier: Apache-2.0
// Tables of a workspace: their schema and their retention.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "providers/operational_insights/table_schemas.hpp"
#include "providers/operational_insights/types.hpp"
#include "providers/operational_insights/workspace_tables.hpp"
#include "providers/property_checks.hpp"

namespace providers {

namespace {

constexpr int kUsualRetentionDays = 30;  // of a specification that says nothing of its own
constexpr int kShortestTableRetentionDays = 4;
constexpr std::int64_t kAsTheWorkspace = -1;

// What a stored table says of its retention; nothing: as the workspace.
std::optional<int> stored_retention(const arm::Resource& resource) {
  const auto* days = resource.property("retentionInDays");
  if (!days || !days->is_int64() || days->get_int64() < kShortestTableRetentionDays) return std::nullopt;
  return static_cast<int>(std::min<std::int64_t>(days->get_int64(), workspace::kLongestRetentionDays));
}

base::Result<void> add_stored(std::map<std::string, WorkspaceTable>& found, const WorkspaceTables& tables, arm::Resource resource) {
  const std::string name = resource.id.name();
  auto& table = found[name];
  if (table.spec.schema.name.empty()) {
    table.spec = TRY(custom_table_of(name, *resource.body.if_contains("properties"), tables.builtin));
    table.is_custom = true;
  } else if (table.is_custom) {
    add_columns_of(table.spec, TRY(custom_table_of(name, *resource.body.if_contains("properties"), tables.builtin)));
  }
  table.stored = std::move(resource);
  return {};
}

base::JsonObject table_json(const WorkspaceTable& table, const WorkspaceTables& tables, const std::string& workspace_id) {
  const int days = table.spec.retention_days;
  return {{"id", fmt::format("{}/tables/{}", workspace_id, table.spec.schema.name)},
          {"name", table.spec.schema.name},
          {"type", kTableType},
          {"properties", base::JsonObject{{"plan", "Analytics"},
                                          {"retentionInDays", days},
                                          {"totalRetentionInDays", days},
                                          {"archiveRetentionInDays", 0},
                                          {"retentionInDaysAsDefault", !table.own_retention},
                                          {"totalRetentionInDaysAsDefault", !table.own_retention},
                                          {"provisioningState", "Succeeded"},
                                          {"schema", schema_json(table.spec, tables.builtin)}}}};
}

base::Result<std::optional<Workspace>> load_workspace(store::Session& session, const arm::ResourceId& id) {
  const auto resource = TRY(arm::load_resource(session, id.key()));
  return resource && resource->id.type() == kWorkspaceType ? std::optional(Workspace::of(*resource)) : std::nullopt;
}

base::Result<arm::Reply> list_tables(const WorkspaceTables& tables, const arm::Call& call, store::Session& session, const arm::Target& target) {
  const auto workspace = TRY(load_workspace(session, target.id));
  if (!workspace) return no_such_workspace(target.id);
  base::JsonArray value;
  if (call.may(std::string(kTableType) + "/read", target.id))
    for (const auto& table : TRY(load_tables(session, tables, *workspace))) value.emplace_back(table_json(table, tables, workspace->ref.resource_id));
  return arm::list_reply(call, std::move(value), {});
}

arm::Reply no_table(std::string_view name) { return arm::refuse(404, "ResourceNotFound", fmt::format("There is no table '{}' in this workspace.", base::printable(name))); }

base::Result<arm::Reply> get_table(const WorkspaceTables& tables, store::Session& session, const arm::ResourceId& id) {
  const auto workspace = TRY(load_workspace(session, id.parent()));
  if (!workspace) return no_such_workspace(id.parent());
  const auto all = TRY(load_tables(session, tables, *workspace));
  const auto* table = find_table(all, id.name());
  return table ? arm::Reply{200, table_json(*table, tables, workspace->ref.resource_id), {}} : no_table(id.name());
}

base::Result<void> check_table(const base::Json& properties, const Holder& holder) {
  constexpr std::string_view kPlans[] = {"Analytics"};
  TRY(check_word(holder, "plan", kPlans));
  TRY(check_object(holder, "schema"));
  for (const auto* days : {"retentionInDays", "totalRetentionInDays"})
    if (base::get_int(properties, days) != kAsTheWorkspace) TRY(check_whole(holder, days, kShortestTableRetentionDays, workspace::kLongestRetentionDays));
  const auto retention = base::get_int(properties, "retentionInDays"), total = base::get_int(properties, "totalRetentionInDays");
  if (retention && total && *total != *retention)
    return must_be(holder, "totalRetentionInDays", "the same as retentionInDays: there is no archive");
  return {};
}

// A table of the program's has the columns that it has.
base::Result<void> check_builtin(const workspace::TableSpec& spec, const base::Json& properties, const WorkspaceTables& tables) {
  const auto* schema = base::find(properties, "schema");
  if (!schema) return {};
  for (const auto& column : base::get_array(*schema, "columns"))
    if (const auto name = base::get_string(column, "name"); !spec.schema.find(name))
      return base::fail(base::Kind::invalid_input, fmt::format("{} is one of the {} built-in tables, whose columns are fixed: it has no column '{}'.", spec.schema.name,
                                                               tables.builtin.all().size(), base::printable(name)));
  return {};
}

// What is kept of the request: retention, and the schema of a custom table.
base::JsonObject kept_properties(const base::JsonObject& properties) {
  base::JsonObject kept;
  for (const auto* name : {"retentionInDays", "schema"})
    if (const auto* value = properties.if_contains(name)) kept.emplace(name, *value);
  if (const auto* total = properties.if_contains("totalRetentionInDays"); total && !kept.contains("retentionInDays")) kept.emplace("retentionInDays", *total);
  return kept;
}

// The stored table with what the request says; of a table that came up at ingestion its schema as it is.
base::Result<arm::Resource> changed_table(const WorkspaceTables& tables, store::Session& session, const Workspace& workspace, const WorkspaceTable* there,
                                          const std::string& name, const base::JsonObject& given) {
  const bool is_builtin = there && !there->is_custom;
  arm::Resource resource;
  resource.id = TRY(arm::ResourceId::parse(fmt::format("{}/tables/{}", workspace.ref.resource_id, there ? there->spec.schema.name : name)));
  base::JsonObject properties;
  if (there && there->is_custom) properties.emplace("schema", schema_json(there->spec, tables.builtin));
  if (const auto stored = TRY(arm::load_resource(session, resource.id.key()))) {
    properties = stored->body.at("properties").as_object();
    resource.created_at = stored->created_at;
    resource.created_by = stored->created_by;
  }
  base::Json merged(std::move(properties));
  base::merge_patch(merged, kept_properties(given));
  if (is_builtin) merged.get_object().erase("schema");
  resource.body = {{"properties", std::move(merged)}};
  return resource;
}

base::Result<arm::Reply> put_table(const WorkspaceTables& tables, const arm::Call& call, store::Session& session, const arm::ResourceId& id) {
  const auto workspace = TRY(load_workspace(session, id.parent()));
  if (!workspace) return no_such_workspace(id.parent());
  const auto before = TRY(load_tables(session, tables, *workspace));
  const auto* there = find_table(before, id.name());
  if (!there && call.http.method == "PATCH") return no_table(id.name());
  const auto* given = base::find(call.body, "properties");
  if (!given || !given->is_object()) return base::fail(base::Kind::invalid_input, "properties is missing: {retentionInDays, schema}.");
  TRY(check_table(*given, {*given}));
  if (there && !there->is_custom) TRY(check_builtin(there->spec, *given, tables));

  auto resource = TRY(changed_table(tables, session, *workspace, there, id.name(), given->get_object()));
  if (!there || there->is_custom) {
    const auto wanted = TRY(custom_table_of(resource.id.name(), resource.body["properties"], tables.builtin));
    if (there) TRY(check_types_stay(there->spec, wanted));
  }
  TRY(arm::save_resource(session, resource, call.who(), call.now));
  const auto after = TRY(load_tables(session, tables, *workspace));
  const auto* made = find_table(after, resource.id.name());
  if (tables.set_up) TRY(tables.set_up(workspace->ref, made->spec));
  return arm::Reply{200, table_json(*made, tables, workspace->ref.resource_id), {}};
}

base::Result<arm::Reply> remove_table(const WorkspaceTables& tables, store::Session& session, const arm::ResourceId& id) {
  const auto workspace = TRY(load_workspace(session, id.parent()));
  if (!workspace) return no_such_workspace(id.parent());
  const auto all = TRY(load_tables(session, tables, *workspace));
  const auto* table = find_table(all, id.name());
  if (!table) return arm::Reply{204, nullptr, {}};
  if (!table->is_custom) return base::fail(base::Kind::invalid_input, fmt::format("{} is a built-in table and cannot be deleted; set its retention instead.", table->spec.schema.name));
  TRY(arm::delete_resource(session, id.key()));
  if (tables.remove) TRY(tables.remove(workspace->ref, table->spec.schema.name));
  return arm::Reply{200, table_json(*table, tables, workspace->ref.resource_id), {}};
}

// What the tables of the HTTP Data Collector API need in Azure before collection rules can send to them. Here all of them can.
base::Result<arm::Reply> migrate_table(const Services& services, const WorkspaceTables& tables, const arm::ResourceId& id) {
  arm::Reply reply;
  TRY(services.database.read([&](store::Session& session) -> base::Result<void> {
    reply = TRY(get_table(tables, session, id));
    return {};
  }));
  const auto name = base::get_string(reply.body, "name");
  if (reply.status == 200 && !is_custom_table_name(name))
    return base::fail(base::Kind::unsupported, fmt::format("{} is a built-in table: only tables of your own, whose names end with _CL, are migrated.", name));
  return reply;
}

base::Result<arm::Reply> cancel_search(const arm::ResourceId& id) {
  return base::fail(base::Kind::unsupported, fmt::format("{} is no table of search results: there are no search jobs here. A query reads all that is kept; DELETE "
                                                         "/api/logs/queries/{{x-ms-client-request-id}} ends one.", base::printable(id.name())));
}

}  // namespace

const WorkspaceTable* find_table(const std::vector<WorkspaceTable>& tables, std::string_view name) {
  const auto found = std::find_if(tables.begin(), tables.end(), [&](const auto& table) { return base::equals_ignoring_case(table.spec.schema.name, name); });
  return found == tables.end() ? nullptr : &*found;
}

base::Result<std::vector<WorkspaceTable>> load_tables(store::Session& session, const WorkspaceTables& tables, const Workspace& workspace) {
  std::map<std::string, WorkspaceTable> found;
  for (const auto& spec : tables.builtin.all()) found[spec.schema.name].spec = spec;
  if (tables.custom) {
    for (auto& spec : TRY(tables.custom(workspace.ref))) {
      auto& table = found[spec.schema.name];
      table.is_custom = !tables.builtin.find(spec.schema.name);
      if (!table.is_custom) continue;
      table.spec = std::move(spec);
      table.spec.retention_days = kUsualRetentionDays;  // what was set up once says nothing of what is asked for now
    }
  }
  for (auto& resource : TRY(arm::load_resources(session, std::string(kTableType), workspace.key))) TRY(add_stored(found, tables, std::move(resource)));
  std::vector<WorkspaceTable> out;
  for (auto& one : found) {
    auto& table = one.second;
    const auto own = table.stored ? stored_retention(*table.stored) : std::nullopt;
    table.own_retention = own.has_value();
    // A specification that asks for more than usual keeps it, whatever the workspace says of the others.
    if (own || table.spec.retention_days == kUsualRetentionDays) table.spec.retention_days = own.value_or(workspace.retention_days);
    out.push_back(std::move(table));
  }
  return out;
}

base::Result<std::vector<workspace::TableSpec>> load_table_specs(store::Session& session, const WorkspaceTables& tables, const Workspace& workspace) {
  std::vector<workspace::TableSpec> specs;
  for (auto& table : TRY(load_tables(session, tables, workspace))) specs.push_back(std::move(table.spec));
  return specs;
}

base::Result<void> set_up_workspaces(store::Database& database, const WorkspaceTables& tables) {
  if (!tables.set_up_workspace) return {};
  std::vector<std::pair<Workspace, std::vector<workspace::TableSpec>>> all;
  TRY(database.read([&](store::Session& session) -> base::Result<void> {
    for (const auto& workspace : TRY(load_workspaces(session))) all.emplace_back(workspace, TRY(load_table_specs(session, tables, workspace)));
    return {};
  }));
  for (const auto& [workspace, specs] : all) tables.set_up_workspace(workspace.ref, specs, workspace.retention_days);
  return {};
}

arm::ResourceType tables_type(const Services& services, const WorkspaceTables& tables) {
  arm::ResourceType type;
  type.name = kTableType;
  type.api_versions = {"2023-09-01", "2022-10-01", "2021-12-01-preview"};
  type.list = [&tables](const arm::Call& call, store::Session& session, const arm::Target& target) { return list_tables(tables, call, session, target); };
  type.get = [&tables](const arm::Call&, store::Session& session, const arm::ResourceId& id) { return get_table(tables, session, id); };
  type.put = [&tables](const arm::Call& call, store::Session& session, const arm::ResourceId& id) { return put_table(tables, call, session, id); };
  type.remove = [&tables](const arm::Call&, store::Session& session, const arm::ResourceId& id) { return remove_table(tables, session, id); };
  type.actions["migrate"] = {"POST", [&services, &tables](const arm::Call&, const arm::ResourceId& id) { return migrate_table(services, tables, id); }};
  type.actions["cancelsearch"] = {"POST", [](const arm::Call&, const arm::ResourceId& id) { return cancel_search(id); }};
  return type;
}

}  // namespace providers
