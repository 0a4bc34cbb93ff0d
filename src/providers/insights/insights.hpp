// SPDX-License-Identifier: Apache-2.0
// Microsoft.Insights: data collection rules and endpoints, by which others send logs; and the dashboards of
// Microsoft.Portal.
#pragma once

#include "arm/resource_manager.hpp"
#include "providers/operational_insights/operational_insights.hpp"

namespace providers {

// `tables` outlives the manager.
void declare_insights(arm::ResourceManager& manager, const WorkspaceTables& tables);

}  // namespace providers
