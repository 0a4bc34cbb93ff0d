// SPDX-License-Identifier: Apache-2.0
#include "hub/logs/query_scope.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "arm/resource_id.hpp"
#include "base/text.hpp"

namespace hub {

namespace {

arm::Reply workspace_not_found(std::string_view name) {
  return arm::refuse(404, "WorkspaceNotFoundError", fmt::format("There is no workspace '{}'; use its customerId, its name or its resource id.", name));
}

void add_once(std::vector<providers::Workspace>& workspaces, const providers::Workspace& one) {
  if (std::none_of(workspaces.begin(), workspaces.end(), [&](const auto& there) { return there.ref == one.ref; })) workspaces.push_back(one);
}

std::optional<arm::Reply> add_workspace_scope(QueryScope& scope, std::string_view name) {
  const auto* workspace = providers::find_workspace(*scope.known, name);
  // Who may ask nothing at all does not hear which names there are.
  if (!workspace) return scope.access->granted_scopes(kQueryRight).empty() ? insufficient_access(kQueryRight, name) : workspace_not_found(name);
  if (!scope.access->allows(kQueryRight, workspace->key)) return insufficient_access(kQueryRight, workspace->ref.resource_id);
  add_once(scope.workspaces, *workspace);
  return std::nullopt;
}

// Rows of a resource are in any workspace; those that insist on rights of their own are left out without them.
std::optional<arm::Reply> add_resource_scope(QueryScope& scope, const arm::ResourceId& id) {
  scope.resource_key = id.key();
  const bool by_resource = scope.access->allows(kResourceLogsRight, scope.resource_key);
  for (const auto& workspace : *scope.known)
    if ((by_resource && workspace.resource_rights_suffice) || scope.access->allows(kQueryRight, workspace.key)) add_once(scope.workspaces, workspace);
  if (scope.workspaces.empty()) return insufficient_access(kResourceLogsRight, id.text());
  return std::nullopt;
}

}  // namespace

arm::Reply insufficient_access(std::string_view action, std::string_view scope) {
  return arm::refuse(403, "InsufficientAccessError",
                     fmt::format("The provided credentials have insufficient access to perform the requested operation: '{}' over scope '{}' is needed.", action, scope));
}

bool QueryScope::may_read(const workspace::WorkspaceRef& ref, std::string_view table) const {
  const auto* workspace = providers::find_workspace(*known, ref.id);
  if (!workspace) return false;
  if (access->allows(fmt::format("Microsoft.OperationalInsights/workspaces/query/{}/read", table), workspace->key)) return true;
  return !resource_key.empty() && workspace->resource_rights_suffice && access->allows(fmt::format("Microsoft.Insights/logs/{}/read", table), resource_key);
}

std::optional<workspace::WorkspaceRef> QueryScope::find(std::string_view name) const {
  const auto* workspace = providers::find_workspace(*known, name);
  return workspace && access->allows(kQueryRight, workspace->key) ? std::optional(workspace->ref) : std::nullopt;
}

std::vector<workspace::WorkspaceRef> QueryScope::refs() const {
  std::vector<workspace::WorkspaceRef> out;
  for (const auto& workspace : workspaces) out.push_back(workspace.ref);
  return out;
}

base::Result<tl::expected<QueryScope, arm::Reply>> scope_of(store::Session& session, const arm::Access& access, const QueryPath& path,
                                                            const std::vector<std::string>& further) {
  QueryScope scope;
  scope.known = std::make_shared<const std::vector<providers::Workspace>>(TRY(providers::load_workspaces(session)));
  scope.access = std::make_shared<const arm::Access>(access);
  const bool by_workspace_path = path.kind == QueryPath::Kind::workspace_query || path.kind == QueryPath::Kind::workspace_metadata;
  std::optional<arm::Reply> refused;
  if (by_workspace_path) {
    refused = add_workspace_scope(scope, path.target);
  } else {
    const auto id = arm::ResourceId::parse(path.target);
    if (!id) return tl::expected<QueryScope, arm::Reply>(tl::make_unexpected(arm::refuse(400, "InvalidResourceId", id.error().message)));
    refused = base::equals_ignoring_case(id->type(), providers::kWorkspaceType) ? add_workspace_scope(scope, id->text()) : add_resource_scope(scope, *id);
  }
  for (const auto& name : further)
    if (!refused) refused = add_workspace_scope(scope, name);
  if (refused) return tl::expected<QueryScope, arm::Reply>(tl::make_unexpected(std::move(*refused)));
  return tl::expected<QueryScope, arm::Reply>(std::move(scope));
}

}  // namespace hub
