// SPDX-License-Identifier: Apache-2.0
// Microsoft.Insights: data collection rules and endpoints, by which others send logs; and the dashboards of
// Microsoft.Portal.
#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "arm/resource_manager.hpp"
#include "providers/operational_insights/operational_insights.hpp"

namespace providers {

// What is wrong with a transformKql over a stream of these columns, which is called `source`: Kind::invalid_input says it line by
// line, with place and suggestion.
using TransformCheck = std::function<base::Result<void>(std::string_view transform, std::span<const model::ColumnSchema> columns)>;

// `tables` outlives the manager.
void declare_insights(arm::ResourceManager& manager, const WorkspaceTables& tables, TransformCheck check_transform);

}  // namespace providers
