// SPDX-License-Identifier: Apache-2.0
// The JSON report of a scan: docs/report.md describes it, docs/report.schema.json is its schema. Members come in a
// fixed order, so that two reports can be compared as text.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "model/inventory.hpp"

namespace scan {

// What a report says beside the inventory and the findings.
struct ReportContext {
  std::string tool_version;
  std::string created;                  // RFC 3339
  std::vector<std::string> notices;     // to be said loudly
  std::string database_built;           // RFC 3339; empty where no database was there
  std::size_t database_advisories = 0;
};

// Raised when a member changes its meaning or goes away; new members do not raise it.
inline constexpr int kReportSchemaVersion = 1;

base::Json to_report_json(const model::Inventory& inventory, const std::vector<model::Finding>& findings,
                          const ReportContext& context);

}  // namespace scan
