// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "hub/logs/query_scope.hpp"
#include "workspace/example_queries.hpp"
#include "workspace/query_service.hpp"

namespace hub {

// What can be asked in a scope, as /metadata says it: {tables, functions, queries, workspaces}. Tables that the caller may not
// read are left out, and so are examples that read such a table.
base::Result<base::JsonObject> metadata_json(store::Database& database, workspace::QueryService& service, std::span<const workspace::ExampleQuery> examples,
                                             const QueryScope& scope);

}  // namespace hub
