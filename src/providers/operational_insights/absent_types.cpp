// SPDX-License-Identifier: Apache-2.0
// What Azure has in this namespace and a hub of one's own has no use for. Lists are empty, and whoever wants to make one is told
// what to do instead.
#include <fmt/format.h>

#include "arm/resource_manager.hpp"
#include "base/text.hpp"
#include "providers/operational_insights/types.hpp"
#include "providers/operational_insights/workspaces.hpp"

namespace providers {

namespace {

constexpr std::string_view kNamespace = "Microsoft.OperationalInsights/";
constexpr std::string_view kOnlyPack = "LogManagement";

struct Absent {
  std::string_view type;  // behind the namespace
  std::string_view what, instead;
};

constexpr Absent kAbsent[] = {
    {"clusters", "dedicated clusters", "Start the hub with a ClickHouse server or cluster of your own (--clickhouse-file)."},
    {"deletedWorkspaces", "deleted workspaces", "The rows of a workspace go with it; what a backup holds `bulwark hub restore` brings back."},
    {"workspaces/dataExports", "data exports", "Ask for the rows with POST {workspace}/query and write them where you want them."},
    {"workspaces/dataSources", "data sources of the Log Analytics agent", "Send records through a data collection rule, POST /v1/logs (OTLP) or POST /api/logs/tables/{table}."},
    {"workspaces/gateways", "gateways", "Senders reach the hub itself, or through a proxy of your own."},
    {"workspaces/linkedServices", "linked services", "The hub needs no automation account and no dedicated cluster beside it."},
    {"workspaces/linkedStorageAccounts", "linked storage accounts", "Records, queries and alerts are kept in the hub's data directory or on its ClickHouse server."},
    {"workspaces/managementGroups", "management groups of Operations Manager", "Send records through a data collection rule."},
    {"workspaces/storageInsightConfigs", "readers of storage accounts", "Send records through a data collection rule, POST /v1/logs (OTLP) or POST /api/logs/tables/{table}."},
};

std::string told(const Absent& absent) { return fmt::format("There are no {} here. {}", absent.what, absent.instead); }

arm::ResourceType absent_type(const Absent& absent) {
  const auto refuse = [&absent](const arm::Call&, store::Session&, const arm::ResourceId&) -> base::Result<arm::Reply> {
    return arm::refuse(400, "OperationNotSupported", told(absent));
  };
  const auto find_none = [&absent](const arm::Call&, store::Session&, const arm::ResourceId&) -> base::Result<arm::Reply> {
    return arm::refuse(404, "ResourceNotFound", told(absent));
  };
  arm::ResourceType type;
  type.name = fmt::format("{}{}", kNamespace, absent.type);
  type.stored = false;
  type.list = list_nothing;
  type.get = type.remove = find_none;
  type.put = refuse;
  return type;
}

base::Result<arm::Reply> list_packs(const arm::Call& call, store::Session& session, const arm::Target& target) {
  const auto nothing = TRY(list_nothing(call, session, target));
  if (nothing.status != 200) return nothing;
  return arm::Reply{200, base::JsonArray{base::JsonObject{{"name", kOnlyPack}, {"displayName", "Log Management"}, {"enabled", true}}}, {}};
}

base::Result<arm::Reply> enable_pack(const arm::ResourceId& id) {
  if (base::equals_ignoring_case(id.name(), kOnlyPack)) return arm::Reply{200, base::JsonObject(), {}};
  return base::fail(base::Kind::unsupported, fmt::format("There is no solution '{}' to switch on: the tables of all are there already, and take records.", base::printable(id.name())));
}

base::Result<arm::Reply> disable_pack(const arm::ResourceId&) {
  return base::fail(base::Kind::unsupported, "Solutions are not switched off here: a table to which nobody sends costs nothing.");
}

base::JsonObject operation_json(const std::string& type, std::string_view what) {
  return {{"name", fmt::format("{}/{}", type, what)},
          {"display", base::JsonObject{{"provider", "Microsoft.OperationalInsights"}, {"resource", type.substr(kNamespace.size())}, {"operation", what}}}};
}

void add_operations(const arm::ResourceType& type, base::JsonArray& value) {
  const bool writable = type.put || (type.stored && type.writable);
  value.emplace_back(operation_json(type.name, "read"));
  if (writable)
    for (const auto* what : {"write", "delete"}) value.emplace_back(operation_json(type.name, what));
  for (const auto& action : type.actions) value.emplace_back(operation_json(type.name, action.first + (action.second.method == "GET" ? "/read" : "/action")));
}

}  // namespace

base::Result<arm::Reply> list_nothing(const arm::Call& call, store::Session& session, const arm::Target& target) {
  if (target.id.type() == kWorkspaceType && !TRY(arm::load_resource(session, target.id.key()))) return no_such_workspace(target.id);
  return arm::list_reply(call, {}, {});
}

std::vector<arm::ResourceType> absent_types() {
  std::vector<arm::ResourceType> out;
  for (const auto& absent : kAbsent) out.push_back(absent_type(absent));
  return out;
}

// Solutions, which Azure switches on one by one.
arm::ResourceType intelligence_packs_type() {
  arm::ResourceType type;
  type.name = fmt::format("{}workspaces/intelligencePacks", kNamespace);
  type.api_versions = {"2020-08-01"};
  type.writable = false;
  type.list = list_packs;
  type.actions["enable"] = {"POST", [](const arm::Call&, const arm::ResourceId& id) { return enable_pack(id); }};
  type.actions["disable"] = {"POST", [](const arm::Call&, const arm::ResourceId& id) { return disable_pack(id); }};
  return type;
}

arm::ResourceType operation_list_type(const arm::ResourceManager& manager) {
  arm::ResourceType type;
  type.name = fmt::format("{}operations", kNamespace);
  type.api_versions = {"2023-09-01", "2020-08-01"};
  type.writable = false;
  type.list = [&manager](const arm::Call& call, store::Session&, const arm::Target&) -> base::Result<arm::Reply> {
    base::JsonArray value;
    for (const auto* one : manager.types())
      if (!one->api_versions.empty() && one->name.compare(0, kNamespace.size(), kNamespace) == 0) add_operations(*one, value);
    return arm::list_reply(call, std::move(value), {});
  };
  return type;
}

}  // namespace providers
