// SPDX-License-Identifier: Apache-2.0
// The columns that ingestion fills in by itself (content/tables/standard-columns.yaml).
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include "workspace/table_spec.hpp"

namespace workspace {

inline constexpr std::string_view kResourceIdColumn = "_ResourceId";
inline constexpr std::string_view kSubscriptionIdColumn = "_SubscriptionId";
inline constexpr std::string_view kSourceSystemColumn = "SourceSystem";
inline constexpr std::string_view kTypeColumn = "Type";
inline constexpr std::string_view kTenantIdColumn = "TenantId";
inline constexpr std::string_view kBilledSizeColumn = "_BilledSize";
inline constexpr std::string_view kIsBillableColumn = "_IsBillable";

inline constexpr std::array kFilledColumns{kTimeColumn, kResourceIdColumn, kSubscriptionIdColumn, kSourceSystemColumn,
                                           kTypeColumn, kTenantIdColumn,   kBilledSizeColumn,     kIsBillableColumn};

inline bool is_filled_column(std::string_view name) {
  return std::find(kFilledColumns.begin(), kFilledColumns.end(), name) != kFilledColumns.end();
}

// Records of these tables count for no metering, as in Log Analytics.
inline constexpr std::array<std::string_view, 4> kFreeTables{"AzureActivity", "Heartbeat", "Operation", "Usage"};

inline bool is_billable(std::string_view table) { return std::find(kFreeTables.begin(), kFreeTables.end(), table) == kFreeTables.end(); }

}  // namespace workspace
