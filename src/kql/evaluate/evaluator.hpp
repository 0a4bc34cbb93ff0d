// SPDX-License-Identifier: Apache-2.0
// Runs a bound plan on rows in memory: what no engine is asked for, and the reference for what one answers.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <optional>
#include <vector>

#include "base/result.hpp"
#include "kql/plan/plan.hpp"

namespace kql {

// What a run may take. A query that would take more ends with Kind::too_large, one that is stopped with Kind::cancelled.
struct RunLimits {
  std::uint64_t cells = 50'000'000;  // values in memory at once, of one relation
  std::uint64_t graph_steps = 20'000'000;  // nodes and edges that one search for a pattern looks at
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
  const std::atomic<bool>* cancelled = nullptr;
  // Bytes that the process may still take; empty: not asked. A query that holds many values, or while which much memory went, ends
  // where no more than `memory_kept` is left.
  std::function<std::uint64_t()> memory_left;
  std::uint64_t memory_kept = std::uint64_t{256} << 20;
};

// Rows that somebody else computes: a stored table's, or those of a whole part of the plan that an engine can answer.
// Nothing: the evaluator has to go deeper. Asked for every relation before it is computed.
using RowSource = std::function<base::Result<std::optional<Rows>>(const Relation& relation)>;

// Takes some of a relation's rows; false: it wants no more.
using RowSink = std::function<base::Result<bool>(Rows rows)>;

// Gives a relation's rows in pieces, where the whole may be too large for memory. False: it has none of this relation, and
// gave none.
using PieceSource = std::function<base::Result<bool>(const Relation& relation, const RowSink& sink)>;

// The input of a relation that makes its rows of each of the input's alone; null of others.
const Relation* input_row_by_row(const Relation& relation);

class Graph;  // evaluate/graph.hpp

class Evaluator {
 public:
  explicit Evaluator(RowSource source, RunLimits limits = {}, PieceSource pieces = {})
      : source_(std::move(source)), pieces_(std::move(pieces)), limits_(std::move(limits)) {}
  base::Result<Rows> run(const Relation& relation);

 private:
  // One for each kind of relation; `schema` is that of the rows that come out.
  base::Result<Rows> rows_of(const TableRows& table, const Schema& schema);
  base::Result<Rows> rows_of(const ValueRows& values, const Schema& schema);
  base::Result<Rows> rows_of(const RangeRows& range, const Schema& schema);
  base::Result<Rows> rows_of(const OuterRows& outer, const Schema& schema);
  base::Result<Rows> rows_of(const FilterRows& filter, const Schema& schema);
  base::Result<Rows> rows_of(const ProjectRows& project, const Schema& schema);
  base::Result<Rows> rows_of(const AggregateRows& aggregate, const Schema& schema);
  base::Result<Rows> rows_of(const SortRows& sort, const Schema& schema);
  base::Result<Rows> rows_of(const LimitRows& limit, const Schema& schema);
  base::Result<Rows> rows_of(const SampleRows& sample, const Schema& schema);
  base::Result<Rows> rows_of(const JoinRows& join, const Schema& schema);
  base::Result<Rows> rows_of(const UnionRows& all, const Schema& schema);
  base::Result<Rows> rows_of(const ExpandRows& expand, const Schema& schema);
  base::Result<Rows> rows_of(const ApplyRows& apply, const Schema& schema);
  base::Result<Rows> rows_of(const PartitionRows& partition, const Schema& schema);
  base::Result<Rows> rows_of(const ParseRows& parse, const Schema& schema);
  base::Result<Rows> rows_of(const ParseKvRows& parse, const Schema& schema);
  base::Result<Rows> rows_of(const MakeSeriesRows& series, const Schema& schema);
  base::Result<Rows> rows_of(const ScanRows& scan, const Schema& schema);
  base::Result<Rows> rows_of(const TopNestedRows& top, const Schema& schema);
  base::Result<Rows> rows_of(const PluginRows& plugin, const Schema& schema);
  base::Result<Rows> rows_of(const SharedRows& shared, const Schema& schema);
  base::Result<Rows> rows_of(const GraphRows& graph, const Schema& schema);  // fails: a graph is no table
  base::Result<Rows> rows_of(const GraphMatchRows& match, const Schema& schema);
  base::Result<Rows> rows_of(const GraphTableRows& table, const Schema& schema);

  // The rows of a relation that are not needed at once, one piece after the other; in one where they have an order.
  base::Result<void> each(const Relation& relation, const RowSink& sink);
  // What a relation makes of some rows of its input.
  base::Result<Rows> made_of(const Relation& relation, const Relation& input, Rows rows);
  base::Result<Rows> sorted(const SortRows& sort, Rows rows, const Schema& schema);
  base::Result<Rows> top_of_levels(const TopNestedRows& top);
  base::Result<Rows> best(const SortRows& sort, std::uint64_t count, const Schema& schema);

  // Each graph is made once.
  base::Result<std::shared_ptr<const Graph>> graph_of(const Relation& relation);
  // `part`: the value that the nodes of one of several graphs have in common with its edges.
  base::Result<void> add_nodes(const GraphRows::Nodes& nodes, const GraphRows& graph, const Value& part, Graph& out);

  // Once a row, with how many rows there are by now.
  base::Result<void> check(std::size_t rows, const Schema& schema);
  base::Result<void> check_memory(std::uint64_t cells, std::chrono::steady_clock::time_point now);

  // Rows of mv-apply and partition: what was computed once on the rows before is computed anew.
  void set_outer(int id, const Rows& rows);

  RowSource source_;
  PieceSource pieces_;
  RunLimits limits_;
  std::uint64_t steps_ = 0;
  std::chrono::steady_clock::time_point next_look_at_memory_ = std::chrono::steady_clock::now() + std::chrono::milliseconds(10);
  std::optional<std::uint64_t> left_at_first_;  // of the machine's memory, at the first look
  std::map<const Relation*, std::shared_ptr<const Rows>> shared_;
  std::map<const Relation*, std::shared_ptr<const Graph>> graphs_;
  std::map<int, const Rows*> outer_;
  std::map<const Relation*, Rows> given_;  // pieces that wait to be taken
  std::uint64_t outer_reads_ = 0;
  std::set<const Relation*> of_outer_;  // of shared_ and graphs_: those that looked at outer rows
};

}  // namespace kql
