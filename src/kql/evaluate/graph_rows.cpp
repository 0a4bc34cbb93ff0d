// SPDX-License-Identifier: Apache-2.0
// Graphs of the rows that make them, and the rows of a graph's nodes and edges.
#include <fmt/format.h>

#include <algorithm>

#include "kql/evaluate/evaluator.hpp"
#include "kql/evaluate/graph.hpp"
#include "kql/functions/function.hpp"

namespace kql {

namespace {

bool is_missing(const Value& value, Type type) { return value.is_null() || (type == Type::string && value.text().empty()); }

bool keeps(const Scalar& condition, const Row& row) {
  const Value value = evaluate(condition, row);
  return !value.is_null() && value.boolean();
}

// Without the columns that marks add.
Row missing_node(const GraphRows& graph) {
  const auto marks = std::count_if(graph.changes.begin(), graph.changes.end(), [](const GraphRows::Change& change) { return change.condition == nullptr; });
  Row row;
  for (std::size_t i = 0; i + static_cast<std::size_t>(marks) < graph.node_columns.size(); ++i) row.push_back(missing(graph.node_columns[i].type));
  return row;
}

// A node of which no table has a row: its id stands in the columns that tables have it in.
Row bare_node(const GraphRows& graph, const Value& id) {
  Row row = missing_node(graph);
  const auto set = [&](std::size_t column) { row[column] = convert(id, graph.id_type, graph.node_columns[column].type); };
  if (graph.id_column) set(*graph.id_column);
  for (const GraphRows::Nodes& nodes : graph.nodes) set(nodes.columns[nodes.key]);
  return row;
}

Value hash_of_node(const Graph& graph, Graph::Number node) {
  const Value& id = graph.id(node);
  if (id.is_null()) return {};
  const Type type = graph.id_type();
  return functions_named("hash").front()->evaluate({{&id, 1}, {&type, 1}, Type::int64});
}

}  // namespace

// Rows of one id are one node: of each column it takes the first value that there is.
base::Result<void> Evaluator::add_nodes(const GraphRows::Nodes& nodes, const GraphRows& graph, const Value& part, Graph& out) {
  const Type key_type = nodes.rows->schema[nodes.key].type;
  for (Row& row : TRY(run(*nodes.rows))) {
    TRY(check(out.node_count(), graph.node_columns));
    if (nodes.part && !same(nodes.rows->schema[*nodes.part].type, row[*nodes.part], part)) continue;
    Row& node = out.node_row(out.node(convert(row[nodes.key], key_type, graph.id_type), [&] { return missing_node(graph); }));
    for (std::size_t i = 0; i < row.size(); ++i)
      if (const std::size_t column = nodes.columns[i]; is_missing(node[column], graph.node_columns[column].type)) node[column] = std::move(row[i]);
  }
  return {};
}

base::Result<std::shared_ptr<const Graph>> Evaluator::graph_of(const Relation& relation) {
  if (of_outer_.count(&relation) > 0) ++outer_reads_;
  const auto known = graphs_.find(&relation);
  if (known != graphs_.end()) return known->second;
  const std::uint64_t reads = outer_reads_;
  const auto& graph = std::get<GraphRows>(relation.node);
  auto out = std::make_shared<Graph>(graph.id_type);
  Rows edges = TRY(run(*graph.input));
  const Value part = graph.part && !edges.empty() ? edges.front()[*graph.part] : Value();
  for (const GraphRows::Nodes& nodes : graph.nodes) TRY(add_nodes(nodes, graph, part, *out));
  if (outer_reads_ != reads) of_outer_.insert(&relation);
  const Schema& columns = relation.schema;
  for (Row& row : edges) {
    TRY(check(out->edge_count(), columns));
    if (out->edge_count() == Graph::kMostEdges)
      return base::fail(base::Kind::too_large, fmt::format("the graph has more than {} edges; filter them before make-graph", Graph::kMostEdges));
    const auto end_at = [&](std::size_t column) {
      const Value id = convert(row[column], columns[column].type, graph.id_type);
      return out->node(id, [&] { return bare_node(graph, id); });
    };
    const Graph::Number from = end_at(graph.source), to = end_at(graph.target);
    out->add_edge(from, to, std::move(row));
  }
  out->connect();
  for (const GraphRows::Change& change : graph.changes) {
    using Kind = GraphRows::Change::Kind;
    const bool of_nodes = change.kind == Kind::keep_nodes;
    if (of_nodes || change.kind == Kind::keep_edges) {
      std::vector<char> kept(of_nodes ? out->node_count() : out->edge_count());
      for (Graph::Number i = 0; i < kept.size(); ++i) {
        TRY(check(i, columns));
        kept[i] = keeps(*change.condition, of_nodes ? out->node_row_with_facts(i) : out->edge_row(i)) ? 1 : 0;
      }
      of_nodes ? out->keep_nodes(kept) : out->keep_edges(kept);
    } else {
      const std::vector<Graph::Number> components = change.kind == Kind::mark_weak_components ? out->weak_components() : out->strong_components();
      for (Graph::Number i = 0; i < components.size(); ++i) out->node_row(i).push_back(Value::integer(components[i]));
    }
  }
  return graphs_.emplace(&relation, std::move(out)).first->second;
}

base::Result<Rows> Evaluator::rows_of(const GraphRows&, const Schema&) {
  return base::fail(base::Kind::invalid_input, "a graph is no table; graph-match or graph-to-table makes one of it");
}

base::Result<Rows> Evaluator::rows_of(const GraphTableRows& table, const Schema& schema) {
  const std::shared_ptr<const Graph> graph = TRY(graph_of(*table.input));
  Rows out;
  const std::size_t count = table.nodes ? graph->node_count() : graph->edge_count();
  for (Graph::Number i = 0; i < count; ++i) {
    TRY(check(out.size(), schema));
    Row row;
    if (table.node_hash) row.push_back(hash_of_node(*graph, i));
    if (table.source_hash) row.push_back(hash_of_node(*graph, graph->from(i)));
    if (table.target_hash) row.push_back(hash_of_node(*graph, graph->to(i)));
    const Row& own = table.nodes ? graph->node_row(i) : graph->edge_row(i);
    row.insert(row.end(), own.begin(), own.end());
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace kql
