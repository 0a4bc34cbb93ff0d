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
arm::ResourceType tables_type(const WorkspaceTables& tables);
arm::ResourceType saved_searches_type();
arm::ResourceType query_packs_type();
arm::ResourceType pack_queries_type(const Services& services);

// All of a stored type under a scope that the caller may read, in one answer: {value}. The lists of this provider have no
// pages, and its clients look for none.
std::function<base::Result<arm::Reply>(const arm::Call&, store::Session&, const arm::Target&)> list_whole(std::string_view type);

}  // namespace providers
