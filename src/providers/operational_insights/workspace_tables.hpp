// SPDX-License-Identifier: Apache-2.0
// The tables of a workspace as they are: those of the program, those that requests made, those that came up at ingestion;
// each with the retention that holds for it.
#pragma once

#include <optional>
#include <vector>

#include "providers/operational_insights/operational_insights.hpp"
#include "providers/operational_insights/workspaces.hpp"

namespace providers {

struct WorkspaceTable {
  workspace::TableSpec spec;
  std::optional<arm::Resource> stored;  // what a request said of it
  bool own_retention = false;
  bool is_custom = false;
};

base::Result<std::vector<WorkspaceTable>> load_tables(store::Session& session, const WorkspaceTables& tables, const Workspace& workspace);  // by name
const WorkspaceTable* find_table(const std::vector<WorkspaceTable>& tables, std::string_view name);  // without case; null where there is none
base::Result<std::vector<workspace::TableSpec>> load_table_specs(store::Session& session, const WorkspaceTables& tables, const Workspace& workspace);

// At start: has the tables of every workspace made or brought up to their specifications.
base::Result<void> set_up_workspaces(store::Database& database, const WorkspaceTables& tables);

}  // namespace providers
