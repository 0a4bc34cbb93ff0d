// SPDX-License-Identifier: Apache-2.0
// Queries of a hub's workspace, over its Log Analytics query API.
#pragma once

#include <string>
#include <string_view>

#include "client/connection.hpp"
#include "kql/run.hpp"

namespace client {

struct LogsAnswer {
  kql::QueryRows rows;
  std::string cut;  // why not all rows are there; empty where they are
};

// `timespan`: ISO 8601 ("PT24H", "2026-01-01/2026-01-02"); empty: none but the query's own. `workspace`: a name or an id; empty:
// the hub's default one. Kind::invalid_input with the places where the query is wrong.
base::Result<LogsAnswer> query_logs(const Connection& connection, std::string_view query, std::string_view timespan, std::string_view workspace = {});

}  // namespace client
