// SPDX-License-Identifier: Apache-2.0
// Answers queries on the tables of workspaces: text, plan, and then as much of the plan as can be by the engine, the rest in
// memory.
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "workspace/ddl.hpp"
#include "workspace/query_service.hpp"
#include "workspace/sql_engine.hpp"
#include "workspace/table_spec.hpp"

namespace workspace {

struct WorkspaceQueryOptions {
  // Built-in and custom tables of a workspace; the pointers keep what they point to.
  std::function<std::vector<std::shared_ptr<const TableSpec>>(std::string_view workspace_id)> tables;
  std::function<TablePlace(std::string_view workspace_id)> place;
  std::function<std::int64_t()> now;  // ticks of a datetime; empty: the system's clock
  // The resource of a row; empty: _ResourceId.
  std::string resource_column = "_ResourceId";
};

// The engine has to live as long as the service.
std::unique_ptr<QueryService> make_query_service(SqlEngine& engine, WorkspaceQueryOptions options);

}  // namespace workspace
