// SPDX-License-Identifier: Apache-2.0
#include "providers/insights/insights.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "providers/insights/collection_rule.hpp"
#include "providers/operational_insights/workspace_tables.hpp"
#include "providers/property_checks.hpp"

namespace providers {

namespace {

constexpr std::string_view kKeysRight = "Microsoft.OperationalInsights/workspaces/sharedKeys/action";

std::string new_immutable_id(std::string_view start) {
  std::string id = base::uuid4();
  std::erase(id, '-');
  return fmt::format("{}-{}", start, id);
}

// What the hub says of a rule or an endpoint, whatever was sent.
void complete_collection(const arm::Call& call, const arm::Resource* before, arm::Resource& after, std::string_view id_start, std::string_view endpoint) {
  after.body.emplace("location", "local");
  auto& properties = after.body["properties"].get_object();
  properties["immutableId"] = before ? std::string(before->text_property("immutableId")) : new_immutable_id(id_start);
  properties["provisioningState"] = "Succeeded";
  properties[endpoint] = endpoint == "endpoints" ? base::JsonObject{{"logsIngestion", call.origin()}} : base::JsonObject{{"endpoint", call.origin()}};
}

// The tables that a rule sends to are there.
base::Result<void> check_output_tables(store::Session& session, const WorkspaceTables& tables, const CollectionRule& rule, const CollectionRule::Destination& destination,
                                       const Workspace& workspace) {
  const auto there = TRY(load_tables(session, tables, workspace));
  for (const auto& flow : rule.flows) {
    if (std::find(flow.destinations.begin(), flow.destinations.end(), destination.name) == flow.destinations.end()) continue;
    for (const auto& stream : flow.streams) {
      const auto table = table_of_stream(flow.output_stream.empty() ? stream : flow.output_stream).value_or("");
      if (std::none_of(there.begin(), there.end(), [&](const auto& one) { return one.spec.schema.name == table; }))
        return base::fail(base::Kind::invalid_input, fmt::format("There is no table '{}' in the workspace '{}' of destination '{}'; make the table first.", table,
                                                                 workspace.ref.name, destination.name));
    }
  }
  return {};
}

// A transformation is wrong where it is written, not at the first record.
std::optional<arm::Reply> refuse_transforms(const WorkspaceTables& tables, const TransformCheck& check, const CollectionRule& rule) {
  for (std::size_t i = 0; i < rule.flows.size(); ++i) {
    const auto& flow = rule.flows[i];
    if (is_plain_transform(flow.transform)) continue;
    for (const auto& stream : flow.streams) {
      const auto checked = check(flow.transform, columns_of_stream(rule, stream, tables.builtin));
      if (checked) continue;
      return arm::refuse(400, "InvalidTransformQuery", fmt::format("The transformation of the stream '{}' is wrong. {}", stream, checked.error().message),
                         fmt::format("properties.dataFlows[{}].transformKql", i));
    }
  }
  return std::nullopt;
}

// Who makes a rule makes others send to its workspaces: as who has their keys may.
base::Result<std::optional<arm::Reply>> refuse_rule(const WorkspaceTables& tables, const TransformCheck& check_transform, const arm::Call& call, store::Session& session,
                                                    const arm::Resource& after) {
  const auto rule = TRY(parse_collection_rule(after));
  if (auto refused = refuse_transforms(tables, check_transform, rule)) return refused;
  const auto workspaces = TRY(load_workspaces(session));
  for (const auto& destination : rule.destinations) {
    const auto id = TRY(arm::ResourceId::parse(destination.workspace_id));
    const auto* workspace = find_workspace(workspaces, id.text());
    if (!workspace) return std::optional(arm::refuse(400, "InvalidWorkspace", fmt::format("There is no workspace '{}'.", id.text()), "workspaceResourceId"));
    if (!call.may(kKeysRight, id))
      return std::optional(arm::refuse(403, "LinkedAuthorizationFailed",
                                       fmt::format("The client has permission to perform action '{}' on scope '{}'; however, it does not have permission to perform "
                                                   "action '{}' on the linked scope '{}'.", call.action, after.id.text(), kKeysRight, id.text())));
    TRY(check_output_tables(session, tables, rule, destination, *workspace));
  }
  return std::nullopt;
}

arm::ResourceType collection_rules_type(const WorkspaceTables& tables, TransformCheck check_transform) {
  arm::ResourceType type;
  type.name = kCollectionRuleType;
  type.api_versions = {"2023-03-11", "2022-06-01"};
  type.refuse = [&tables, check = std::move(check_transform)](const arm::Call& call, store::Session& session, const arm::Resource*, const arm::Resource& after) {
    return refuse_rule(tables, check, call, session, after);
  };
  type.prepare = [](const arm::Call& call, store::Session&, const arm::Resource* before, arm::Resource& after) -> base::Result<void> {
    complete_collection(call, before, after, "dcr", "endpoints");
    return {};
  };
  return type;
}

arm::ResourceType collection_endpoints_type() {
  arm::ResourceType type;
  type.name = kCollectionEndpointType;
  type.api_versions = {"2023-03-11", "2022-06-01"};
  type.prepare = [](const arm::Call& call, store::Session&, const arm::Resource* before, arm::Resource& after) -> base::Result<void> {
    if (!after.body.if_contains("properties")) after.body["properties"] = base::JsonObject();
    const Holder holder{after.body["properties"]};
    TRY(check_text(holder, "description", 4096));
    TRY(check_object(holder, "networkAcls"));
    complete_collection(call, before, after, "dce", "logsIngestion");
    return {};
  };
  return type;
}

// What is on a dashboard is the pages' own matter.
arm::ResourceType dashboards_type() {
  constexpr std::size_t kLargestDashboard = 1u << 20;
  arm::ResourceType type;
  type.name = "Microsoft.Portal/dashboards";
  type.api_versions = {"2022-12-01-preview", "2020-09-01-preview"};
  type.prepare = [](const arm::Call&, store::Session&, const arm::Resource*, arm::Resource& after) -> base::Result<void> {
    after.body.emplace("location", "local");
    if (!after.body.if_contains("properties")) after.body["properties"] = base::JsonObject();
    if (base::to_text(after.body["properties"]).size() > kLargestDashboard)
      return base::fail(base::Kind::too_large, "A dashboard has at most 1 MiB of properties; take tiles away.");
    return {};
  };
  return type;
}

}  // namespace

void declare_insights(arm::ResourceManager& manager, const WorkspaceTables& tables, TransformCheck check_transform) {
  manager.declare(collection_rules_type(tables, std::move(check_transform)));
  manager.declare(collection_endpoints_type());
  manager.declare(dashboards_type());
}

}  // namespace providers
