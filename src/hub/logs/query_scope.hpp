// SPDX-License-Identifier: Apache-2.0
// What one caller may ask: workspaces, resources and tables.
#pragma once

#include <memory>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "arm/rbac.hpp"
#include "arm/reply.hpp"
#include "hub/logs/query_request.hpp"
#include "providers/operational_insights/workspaces.hpp"
#include "store/database.hpp"

namespace hub {

inline constexpr std::string_view kQueryRight = "Microsoft.OperationalInsights/workspaces/query/read";
inline constexpr std::string_view kResourceLogsRight = "Microsoft.Insights/logs/read";

// What a query is asked of, and with which rights.
struct QueryScope {
  std::vector<providers::Workspace> workspaces;
  std::string resource_key;  // rows of this resource and below alone; empty: all
  std::shared_ptr<const std::vector<providers::Workspace>> known;  // all of the installation
  std::shared_ptr<const arm::Access> access;

  bool may_read(const workspace::WorkspaceRef& ref, std::string_view table) const;
  // workspace("…") within a query.
  std::optional<workspace::WorkspaceRef> find(std::string_view name) const;
  std::vector<workspace::WorkspaceRef> refs() const;
};

// The scope of a path and of further workspaces; or the refusal: 404 where there is no such workspace, 403 where the caller may
// not ask it.
base::Result<tl::expected<QueryScope, arm::Reply>> scope_of(store::Session& session, const arm::Access& access, const QueryPath& path,
                                                            const std::vector<std::string>& further);

arm::Reply insufficient_access(std::string_view action, std::string_view scope);

}  // namespace hub
