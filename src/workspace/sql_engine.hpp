// SPDX-License-Identifier: Apache-2.0
// The seam to the SQL engine of the workspace, which is ClickHouse in both sizes: embedded (chdb_engine.hpp) and a server
// or cluster (http_engine.hpp).
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "model/value_table.hpp"

namespace workspace {

// What one query may take. The engine ends it with an error when it would take more; 0: no limit.
struct QueryLimits {
  std::uint64_t memory_bytes = 1u << 30;
  std::uint64_t result_rows = 500'000;
  std::uint64_t result_bytes = 64u << 20;  // as the engine counts them, uncompressed
  std::chrono::milliseconds time{600'000};
  unsigned threads = 0;  // 0: as many as the engine thinks fit
};

struct SqlQuery {
  std::string sql;  // one SELECT, without FORMAT and SETTINGS
  std::string id;   // to cancel it by: 1 to 64 letters, digits, '-', '_'; empty: it cannot be cancelled
  QueryLimits limits;
  // Settings of the engine besides those of the limits, by name; values are quoted by the engine.
  std::vector<std::pair<std::string, std::string>> settings;
};

struct QueryStatistics {
  std::uint64_t rows_read = 0;   // from tables
  std::uint64_t bytes_read = 0;
  std::chrono::microseconds elapsed{0};
};

struct QueryAnswer {
  model::ValueTable table;
  QueryStatistics statistics;
};

// Rows for one table, all of one day where the table is partitioned by day.
struct RowBatch {
  std::string table;      // as it stands in SQL, quoted where that is needed
  std::string_view rows;  // JSON objects, one a line; no empty line
  std::uint64_t count = 0;
  std::string token;      // a batch whose token the table has seen is not stored again; 1 to 128 letters, digits, '-', '_', ':'
};

// Thread-safe; calls run beside one another. Failures of the engine are errors whose message begins with
// "ClickHouse error 241 (MEMORY_LIMIT_EXCEEDED): "; clickhouse_error.hpp reads the number back.
class SqlEngine {
 public:
  virtual ~SqlEngine() = default;

  // One statement of Bulwark's own, without an answer: DDL and the like.
  virtual base::Result<void> execute(std::string_view sql) = 0;

  // A SELECT on a fresh session that is read-only and limited. That is no wall: read-only lets more through than it
  // says (file(), system tables, INTO OUTFILE, several statements in one text), so `sql` is written by Bulwark alone.
  virtual base::Result<QueryAnswer> query(const SqlQuery& query) = 0;

  // Durable when it returns (tables of ddl.hpp are synced). Stored whole or, on an error, perhaps in part of it: then
  // the same batch is sent again with the same token.
  virtual base::Result<void> insert(const RowBatch& batch) = 0;

  // Ends the queries of this id, soon; success where there is none.
  virtual base::Result<void> cancel(std::string_view query_id) = 0;
};

}  // namespace workspace
