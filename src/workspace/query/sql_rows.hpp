// SPDX-License-Identifier: Apache-2.0
// Rows of those parts of a plan that the engine can answer.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "kql/evaluate/evaluator.hpp"
#include "kql/sql/check_sql.hpp"
#include "kql/sql/sql_writer.hpp"
#include "workspace/sql_engine.hpp"

namespace workspace {

struct SqlRowsOptions {
  kql::SqlNames names;
  std::vector<kql::SqlTableName> tables;  // that may be read
  std::string id;                         // to cancel the query by
  QueryLimits limits;                     // of each statement; of what an operator in memory goes on with, rows and bytes do not count
  // Plans that read no stored table are computed in memory; true: in the engine, too, where they can be.
  bool always = false;
};

// Used by one thread; run is called one after the other.
class SqlRows {
 public:
  SqlRows(SqlEngine& engine, SqlRowsOptions options) : engine_(engine), options_(std::move(options)) {}

  // As RowSource: nothing where the engine has no exact answer.
  base::Result<std::optional<kql::Rows>> rows(const kql::Relation& relation);

  // An answer as a whole, with at most these rows.
  base::Result<std::optional<model::ValueTable>> answer(const kql::Relation& relation, std::uint64_t rows);

  // The relation that the next calls are parts of; it has to live as long.
  void begin(const kql::Relation& root) { needed_ = kql::needed_columns(root); }
  // Whether columns of nothing are most of what a statement would say: it is left to the evaluator, unless take_padded().
  bool is_padded(const kql::Relation& relation) const;
  void take_padded() { takes_padded_ = true; }

  void allow(std::vector<kql::SqlTableName> tables) { options_.tables = std::move(tables); }

  const QueryStatistics& statistics() const { return statistics_; }
  struct Counts {
    std::uint64_t sent = 0;     // statements
    std::uint64_t inexact = 0;  // of them, those that met a value without an exact answer
    std::uint64_t refused = 0;  // of them, those that the engine did not understand
  };
  const Counts& counts() const { return counts_; }
  const std::string& last_refusal() const { return last_refusal_; }

 private:
  base::Result<std::optional<model::ValueTable>> ask(const kql::SqlText& sql, const QueryLimits& limits);
  base::Result<std::optional<kql::Rows>> written_rows(const kql::Relation& relation);
  base::Result<std::optional<kql::Rows>> partly_filtered(const kql::Relation& relation, const kql::FilterRows& filter);
  bool is_for_engine(const kql::Relation& relation) const;
  std::size_t padding_of(const kql::Relation& relation, const kql::ProjectRows& project) const;
  std::size_t padding_below(const kql::Relation& relation) const;

  SqlEngine& engine_;
  SqlRowsOptions options_;
  kql::NeededColumns needed_;
  QueryStatistics statistics_;
  Counts counts_;
  std::string last_refusal_;
  bool takes_padded_ = false;
};

}  // namespace workspace
