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

// Rows of one statement.
struct SqlRowsMost {
  std::uint64_t rows, bytes;
};

struct SqlRowsOptions {
  kql::SqlNames names;
  std::vector<kql::SqlTableName> tables;  // that may be read
  std::string id;                         // to cancel the query by
  QueryLimits limits;                     // of each statement; of what an operator in memory goes on with, rows and bytes do not count
  // Plans that read no stored table are computed in memory; true: in the engine, too, where they can be.
  bool always = false;
  std::uint64_t piece_cells = 0;  // at most, where rows come in pieces: rows times columns
  kql::RunLimits memory;                 // of what is computed here
};

// Used by one thread; run is called one after the other.
class SqlRows {
 public:
  SqlRows(SqlEngine& engine, SqlRowsOptions options);
  SqlRows(const SqlRows&) = delete;
  SqlRows& operator=(const SqlRows&) = delete;

  // As RowSource: nothing where the engine has no exact answer.
  base::Result<std::optional<kql::Rows>> rows(const kql::Relation& relation);

  // As PieceSource. Rows of one stored table that are too many for one piece come by their time.
  base::Result<bool> pieces(const kql::Relation& relation, const kql::RowSink& sink);

  // An answer as a whole, with at most these rows.
  base::Result<std::optional<model::ValueTable>> answer(const kql::Relation& relation, std::uint64_t rows);

  // The relation that the next calls are parts of; it has to live as long.
  void begin(const kql::Relation& root) {
    needed_ = kql::needed_columns(root);
    kept_.clear();
  }
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
  // A filter of which the engine knows some conditions.
  struct PartlyFiltered {
    kql::RelationPtr rest;
    std::vector<kql::ScalarPtr> others;
  };
  struct Bounds {
    std::int64_t rows = 0, first = 0, last = -1;  // ticks
  };

  std::uint64_t most_bytes(std::uint64_t wanted) const;
  SqlRowsMost most_of_whole() const;
  SqlRowsMost most_of_piece(const kql::Relation& relation) const;
  base::Result<std::optional<kql::Rows>> whole_rows(const kql::Relation& relation);
  base::Result<std::optional<kql::Rows>> written_rows(const kql::Relation& relation, const SqlRowsMost& most);
  base::Result<std::optional<kql::Rows>> written_rows(const kql::Relation& relation, const SqlRowsMost& most, const kql::NeededColumns& needed);
  std::optional<PartlyFiltered> partly_filtered(const kql::Relation& relation);
  base::Result<std::optional<Bounds>> bounds_of(const kql::Relation& rows, std::size_t time);
  base::Result<bool> pieces_by_time(const kql::Relation& relation, const kql::RowSink& sink);
  base::Result<bool> piece_between(const kql::Relation& relation, std::int64_t begin, std::int64_t end, const kql::RowSink& sink);
  bool is_for_engine(const kql::Relation& relation) const;
  std::size_t padding_of(const kql::Relation& relation, const kql::ProjectRows& project) const;
  std::size_t padding_below(const kql::Relation& relation) const;

  SqlEngine& engine_;
  SqlRowsOptions options_;
  kql::SqlNames names_;                             // those of the options, for the piece that is asked for
  std::optional<kql::StoredTable::TimePiece> piece_;
  kql::NeededColumns needed_;
  std::vector<kql::RelationPtr> kept_;              // relations of our own that are in it
  QueryStatistics statistics_;
  Counts counts_;
  std::string last_refusal_;
  bool takes_padded_ = false;
};

}  // namespace workspace
