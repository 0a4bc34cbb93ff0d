// SPDX-License-Identifier: Apache-2.0
// Requests of the Log Analytics query API. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "net/server.hpp"
#include "workspace/query_service.hpp"

namespace hub {

inline constexpr std::size_t kLongestQueryText = 2u << 20;
inline constexpr std::size_t kMostWorkspaces = 100;
inline constexpr std::size_t kMostBatchedQueries = 100;

struct QueryQuestion {
  std::string query;
  std::optional<workspace::TimeRange> timespan;
  std::vector<std::string> workspaces;  // further ones: names, customerIds or ARM ids
};

// {query, timespan?, workspaces?} of a body. Kind::invalid_input names the member that is wrong.
base::Result<QueryQuestion> read_question(const base::Json& body, std::int64_t now_ticks);

// Of a request: its body (POST), or the parameters query, timespan and workspaces (GET).
base::Result<QueryQuestion> read_question(const net::ServerRequest& request, std::int64_t now_ticks);

struct BatchedQuery {
  std::string id, workspace, prefer;
  base::Result<QueryQuestion> question;  // each may be wrong by itself
};

// {requests: [{id, headers, body, method, path, workspace}]}
base::Result<std::vector<BatchedQuery>> read_batch(const base::Json& body, std::int64_t now_ticks);

// What path a query came by.
struct QueryPath {
  enum class Kind { none, workspace_query, workspace_metadata, resource_query, resource_metadata, batch };
  Kind kind = Kind::none;
  std::string target;   // customerId of a workspace, or the ARM id of a resource
  bool is_arm = false;  // of the resource manager: with its forms of errors
};

// /v1/workspaces/ID/query, /v1/{resourceId}/query, {resourceId}/query, {workspaceId}/api/query,
// {resourceId}/providers/Microsoft.Insights/logs, the same with `metadata` for `query`, and /v1/$batch.
QueryPath read_query_path(std::string_view path);

}  // namespace hub
