// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "kql/sql/sql_writer.hpp"

namespace kql {

namespace {

void add_columns(const Scalar& scalar, std::vector<bool>& out) {
  if (const auto* column = std::get_if<ColumnOf>(&scalar.node)) {
    if (column->index < out.size()) out[column->index] = true;
  } else if (const auto* call = std::get_if<Call>(&scalar.node)) {
    for (const ScalarPtr& argument : call->arguments) add_columns(*argument, out);
  }
}

// From the root down; a relation with several parents is visited again when a parent needs more of it.
class Need {
 public:
  explicit Need(NeededColumns& out) : out_(out) {}

  void want(const Relation& relation, const std::vector<bool>& columns) {
    const auto inserted = out_.emplace(&relation, std::vector<bool>(relation.schema.size(), false));
    std::vector<bool>& wanted = inserted.first->second;
    bool more = inserted.second;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (!columns[i] || wanted[i]) continue;
      wanted[i] = true;
      more = true;
    }
    if (more) std::visit([&](const auto& node) { visit(node, wanted); }, relation.node);
  }

 private:
  using Columns = std::vector<bool>;
  static Columns none(const Relation& relation) { return Columns(relation.schema.size(), false); }
  static Columns all(const Relation& relation) { return Columns(relation.schema.size(), true); }

  // Of the input's columns those that the output's first ones are.
  static Columns first_of(const Columns& wanted, const Relation& input) {
    Columns out = none(input);
    std::copy(wanted.begin(), wanted.begin() + static_cast<std::ptrdiff_t>(std::min(out.size(), wanted.size())), out.begin());
    return out;
  }

  void visit(const FilterRows& filter, Columns wanted) {
    add_columns(*filter.predicate, wanted);
    want(*filter.input, wanted);
  }
  void visit(const ProjectRows& project, const Columns& wanted) {
    Columns in = none(*project.input);
    for (std::size_t i = 0; i < project.columns.size(); ++i)
      if (wanted[i]) add_columns(*project.columns[i], in);
    want(*project.input, in);
  }
  void visit(const AggregateRows& aggregate, const Columns& wanted) {
    Columns in = none(*aggregate.input);
    for (const ScalarPtr& key : aggregate.keys) add_columns(*key, in);
    std::size_t column = aggregate.keys.size();
    for (const AggregateCall& call : aggregate.calls) {
      const auto begin = wanted.begin() + static_cast<std::ptrdiff_t>(column);
      if (std::find(begin, begin + static_cast<std::ptrdiff_t>(call.columns), true) != begin + static_cast<std::ptrdiff_t>(call.columns))
        for (const ScalarPtr& argument : call.arguments) add_columns(*argument, in);
      column += call.columns;
    }
    want(*aggregate.input, in);
  }
  void visit(const SortRows& sort, Columns wanted) {
    for (const SortBy& by : sort.keys) add_columns(*by.key, wanted);
    want(*sort.input, wanted);
  }
  void visit(const LimitRows& limit, const Columns& wanted) { want(*limit.input, wanted); }
  void visit(const SampleRows& sample, const Columns& wanted) { want(*sample.input, wanted); }
  void visit(const SharedRows& shared, const Columns& wanted) { want(*shared.input, wanted); }
  void visit(const JoinRows& join, const Columns& wanted) {
    Columns left = none(*join.left), right = none(*join.right);
    const bool right_alone = join.kind == JoinKind::right_semi || join.kind == JoinKind::right_anti;
    if (right_alone) right = wanted;
    else left = first_of(wanted, *join.left);
    for (std::size_t i = 0; i < join.right_columns.size() && left.size() + i < wanted.size(); ++i)
      if (!right_alone && wanted[left.size() + i]) right[join.right_columns[i]] = true;
    for (const auto& [l, r] : join.keys) {
      add_columns(*l, left);
      add_columns(*r, right);
    }
    want(*join.left, left);
    want(*join.right, right);
  }
  void visit(const UnionRows& inputs, const Columns& wanted) {
    for (const RelationPtr& input : inputs.inputs) want(*input, wanted);
  }
  void visit(const ExpandRows& expand, const Columns& wanted) {
    Columns in = first_of(wanted, *expand.input);
    for (const ExpandRows::Item& item : expand.items) add_columns(*item.source, in);
    want(*expand.input, in);
  }
  void visit(const ParseRows& parse, const Columns& wanted) {
    Columns in = first_of(wanted, *parse.input);
    add_columns(*parse.source, in);
    want(*parse.input, in);
  }
  // Operators that only the evaluator knows: of most, all of their inputs' columns.
  void visit(const ApplyRows& apply, const Columns&) {
    want(*apply.input, all(*apply.input));
    want(*apply.subplan, all(*apply.subplan));
  }
  void visit(const PartitionRows& partition, const Columns&) {
    want(*partition.input, all(*partition.input));
    want(*partition.subplan, all(*partition.subplan));
  }
  void visit(const ParseKvRows& parse, const Columns& wanted) {
    Columns in = first_of(wanted, *parse.input);
    add_columns(*parse.source, in);
    want(*parse.input, in);
  }
  void visit(const MakeSeriesRows& series, const Columns&) { want(*series.input, all(*series.input)); }
  void visit(const ScanRows& scan, const Columns&) { want(*scan.input, all(*scan.input)); }
  void visit(const TopNestedRows& top, const Columns&) {
    Columns in = none(*top.input);
    for (const TopNestedRows::Level& level : top.levels) {
      add_columns(*level.key, in);
      for (const AggregateCall& call : level.calls)
        for (const ScalarPtr& argument : call.arguments) add_columns(*argument, in);
    }
    want(*top.input, in);
  }
  void visit(const PluginRows& plugin, const Columns&) {
    want(*plugin.input, all(*plugin.input));
    if (plugin.second) want(*plugin.second, all(*plugin.second));
  }
  void visit(const GraphRows& graph, const Columns&) {
    want(*graph.input, all(*graph.input));
    for (const GraphRows::Nodes& nodes : graph.nodes) want(*nodes.rows, all(*nodes.rows));
  }
  void visit(const GraphMatchRows& match, const Columns&) { want(*match.input, all(*match.input)); }
  void visit(const GraphTableRows& table, const Columns&) { want(*table.input, all(*table.input)); }
  void visit(const TableRows&, const Columns&) {}
  void visit(const ValueRows&, const Columns&) {}
  void visit(const RangeRows&, const Columns&) {}
  void visit(const OuterRows&, const Columns&) {}

  NeededColumns& out_;
};

}  // namespace

NeededColumns needed_columns(const Relation& root) {
  NeededColumns out;
  Need(out).want(root, std::vector<bool>(root.schema.size(), true));
  return out;
}

}  // namespace kql
