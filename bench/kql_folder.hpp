// SPDX-License-Identifier: Apache-2.0
// The folder of container logs that bench_kql fills and bench_ask asks: its tables, its engine, and queries of it.
#pragma once

#include <fmt/format.h>

#include <cstdlib>
#include <string>
#include <string_view>

#include "workspace/chdb_engine.hpp"
#include "workspace/ddl.hpp"
#include "workspace/query/workspace_query.hpp"

namespace bench {

[[noreturn]] inline void die(std::string_view why) {
  fmt::print(stderr, "bench: {}\n", why);
  std::exit(1);
}

template <typename T>
T good(base::Result<T> result) {
  if (!result) die(result.error().message);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

using Specs = std::vector<std::shared_ptr<const workspace::TableSpec>>;

inline const workspace::TablePlace kPlace{"w", ""};

// ContainerLogV2, and a small table to join with; rows are kept whatever the day is.
inline Specs make_specs() {
  workspace::TableSpec logs = *good(workspace::TableSpecs::load()).find("ContainerLogV2");
  workspace::TableSpec owners;
  owners.schema.name = "PodOwners_CL";
  owners.schema.columns = {{"TimeGenerated", model::ColumnType::datetime, ""}, {"PodName", model::ColumnType::string, ""}, {"Team", model::ColumnType::string, ""}};
  owners.sort_key = {"PodName", "TimeGenerated"};
  logs.retention_days = owners.retention_days = workspace::kLongestRetentionDays;
  return {std::make_shared<const workspace::TableSpec>(std::move(logs)), std::make_shared<const workspace::TableSpec>(std::move(owners))};
}

inline std::unique_ptr<workspace::SqlEngine> open_engine(const char* library, const char* folder) {
  workspace::ChdbOptions chdb;
  chdb.library = library;
  chdb.folder = folder;
  chdb.memory_bytes = std::uint64_t{6} << 30;
  return good(workspace::open_chdb(chdb));
}

// As the Logs page asks. `options.now` is the caller's.
inline std::unique_ptr<workspace::QueryService> open_service(workspace::SqlEngine& engine, const Specs& specs, workspace::WorkspaceQueryOptions options = {}) {
  options.tables = [specs](std::string_view) { return specs; };
  options.place = [](std::string_view) { return kPlace; };
  return workspace::make_query_service(engine, std::move(options));
}

inline auto ask_service(workspace::QueryService& service, std::string text) {
  workspace::QueryRequest request;
  request.text = std::move(text);
  request.workspaces = {{"w", "", ""}};
  return service.run(request);
}

// SQL by hand has the memory that a query has.
inline auto ask_engine(workspace::SqlEngine& engine, std::string sql) {
  workspace::SqlQuery query;
  query.sql = std::move(sql);
  query.limits.memory_bytes = workspace::QueryLimits().memory_bytes;
  return engine.query(query);
}

// The engine keeps which rows a condition held for, and would answer the next run from that.
inline void forget_conditions(workspace::SqlEngine& engine) { good(engine.execute("SYSTEM DROP QUERY CONDITION CACHE")); }

}  // namespace bench
