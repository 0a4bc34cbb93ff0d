// SPDX-License-Identifier: Apache-2.0
// Microsoft.OperationalInsights: workspaces, their tables and saved searches, purges of rows, query packs.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "arm/resource_manager.hpp"
#include "providers/services.hpp"
#include "workspace/purge.hpp"
#include "workspace/query_service.hpp"
#include "workspace/table_spec.hpp"

namespace providers {

// What keeps the rows of workspaces. Any function may be empty: then there is nothing to keep.
struct WorkspaceTables {
  const workspace::TableSpecs& builtin;
  // Tables that came up at ingestion, beside those that a request made.
  std::function<base::Result<std::vector<workspace::TableSpec>>(const workspace::WorkspaceRef&)> custom;
  // Makes a table or brings it up to its specification. Called within a write transaction: quick, and nothing is stored on
  // its error.
  std::function<base::Result<void>(const workspace::WorkspaceRef&, const workspace::TableSpec&)> set_up;
  std::function<base::Result<void>(const workspace::WorkspaceRef&, std::string_view table)> remove;
  // At start, and after a workspace was made or changed: all its tables, and for how long those keep their rows that come up at
  // ingestion; and after it was deleted.
  std::function<void(const workspace::WorkspaceRef&, const std::vector<workspace::TableSpec>&, int retention_days)> set_up_workspace;
  std::function<void(const workspace::WorkspaceRef&)> remove_workspace;
  // Deletes rows, those too that were taken in before and are not in the table yet. May take some seconds. Kind::cancelled: the
  // engine is at it; call again. The same purge is begun once, however often it is called.
  std::function<base::Result<void>(const workspace::WorkspaceRef&, const workspace::TableSpec&, const workspace::Purge&)> purge = nullptr;
};

// `services` and `tables` outlive the manager.
void declare_operational_insights(arm::ResourceManager& manager, const Services& services, const WorkspaceTables& tables);

}  // namespace providers
