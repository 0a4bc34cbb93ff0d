// SPDX-License-Identifier: Apache-2.0
// The types that this provider declares, one file a family.
#pragma once

#include "arm/resource_type.hpp"
#include "providers/operational_insights/operational_insights.hpp"

namespace providers {

inline constexpr std::string_view kTableType = "Microsoft.OperationalInsights/workspaces/tables";
inline constexpr std::string_view kSavedSearchType = "Microsoft.OperationalInsights/workspaces/savedSearches";

inline constexpr int kShortestRetentionDays = 4;

arm::ResourceType workspaces_type(const Services& services, const WorkspaceTables& tables);
void add_workspace_facts(arm::ResourceType& workspaces, const Services& services, const WorkspaceTables& tables);  // POST {id}/schema and its kin
void add_workspace_purge(arm::ResourceType& workspaces, const Services& services, const WorkspaceTables& tables);  // POST {id}/purge
arm::ResourceType purge_operations_type();    // {workspace}/operations
arm::ResourceType operation_statuses_type();  // the same purges, below locations
arm::ResourceType tables_type(const Services& services, const WorkspaceTables& tables);
arm::ResourceType saved_searches_type();
arm::ResourceType query_packs_type();
arm::ResourceType pack_queries_type(const Services& services);
arm::ResourceType intelligence_packs_type();
std::vector<arm::ResourceType> absent_types();  // that Azure has and this hub has not: they say what to do instead
arm::ResourceType operation_list_type(const arm::ResourceManager& manager);  // what may be done with this provider's types

arm::Reply no_such_workspace(const arm::ResourceId& id);
// The list of something that no workspace here has; 404 where there is no workspace.
base::Result<arm::Reply> list_nothing(const arm::Call& call, store::Session& session, const arm::Target& target);

// All of a stored type under a scope that the caller may read, in one answer: {value}. The lists of this provider have no
// pages, and its clients look for none.
std::function<base::Result<arm::Reply>(const arm::Call&, store::Session&, const arm::Target&)> list_whole(std::string_view type);

}  // namespace providers
