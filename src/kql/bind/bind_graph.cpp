// SPDX-License-Identifier: Apache-2.0
// make-graph and the operators that change a graph or make tables of it.
#include <fmt/format.h>

#include <algorithm>

#include "kql/bind/binder_state.hpp"
#include "kql/evaluate/scalar.hpp"

namespace kql {

namespace {

enum class InputKind { table, graph, either };

InputKind taken_by(const OperatorBody& body) {
  if (std::holds_alternative<GraphMatch>(body) || std::holds_alternative<GraphToTable>(body) || std::holds_alternative<GraphMarkComponents>(body) ||
      std::holds_alternative<GraphWhere>(body))
    return InputKind::graph;
  return std::holds_alternative<As>(body) ? InputKind::either : InputKind::table;
}

// The place of a column of this name and type; added where there is none.
std::size_t place_of(Schema& schema, const Column& column) {
  const auto at = find_column(schema, column.name);
  if (at && schema[*at].type == column.type) return *at;
  schema.push_back({unused_name(schema, column.name), column.type});
  return schema.size() - 1;
}

// What a condition on nodes or edges sees: their columns, and the functions of graphs.
Scope element_scope(const Schema& columns, const GraphScope& graph) {
  Scope scope;
  scope.columns = &columns;
  scope.graph = &graph;
  return scope;
}

}  // namespace

bool Binder::takes_input(const Operator& op, const RelationPtr& input) {
  const InputKind takes = taken_by(op.body);
  if (takes == InputKind::either || (takes == InputKind::graph) == is_graph(input)) return true;
  if (is_graph(input)) report(op.keyword, "this operator takes a table, not a graph; make one with graph-match or graph-to-table");
  else report(op.keyword, "this operator takes a graph, which make-graph makes of a table of edges", "make-graph source --> target");
  return false;
}

bool Binder::bind_graph_nodes(const MakeGraph& make, GraphRows& out) {
  for (const MakeGraph::Nodes& nodes : make.nodes) {
    const RelationPtr rows = bind_table(*nodes.table);
    if (is_broken(rows)) return false;
    const auto key = column_of(rows, nodes.key);
    if (!key) return false;
    if (!common_type(rows->schema[*key].type, out.id_type)) {
      report(nodes.key.span, fmt::format("the nodes' column is of type {}, the edges' of type {}", type_name(rows->schema[*key].type), type_name(out.id_type)));
      return false;
    }
    GraphRows::Nodes bound{rows, *key, {}, {}};
    if (make.part) {
      bound.part = column_of(rows, *make.part);
      if (!bound.part) return false;
      if (rows->schema[*bound.part].type != out.input->schema[*out.part].type) {
        report(make.part->span, fmt::format("'{}' is of one type in the edges and in the nodes", make.part->text));
        return false;
      }
    }
    for (const Column& column : rows->schema) bound.columns.push_back(place_of(out.node_columns, column));
    out.nodes.push_back(std::move(bound));
  }
  if (make.node_id) {
    out.id_column = 0;
    out.node_columns.push_back({make.node_id->text, out.id_type});
  }
  return true;
}

RelationPtr Binder::bind(const MakeGraph& make, const Operator&, RelationPtr input) {
  const auto source = column_of(input, make.source);
  const auto target = column_of(input, make.target);
  if (!source || !target) return broken_rows();
  const auto type = common_type(input->schema[*source].type, input->schema[*target].type);
  if (!type || *type == Type::dynamic) {
    report(make.target.span, fmt::format("source and target are of one type that is not dynamic, not of {} and {}", type_name(input->schema[*source].type),
                                         type_name(input->schema[*target].type)));
    return broken_rows();
  }
  GraphRows out;
  out.input = input;
  out.source = *source;
  out.target = *target;
  out.id_type = *type;
  if (make.part) return bind_parted_graph(make, std::move(out));
  if (!bind_graph_nodes(make, out)) return broken_rows();
  return relation(input->schema, std::move(out));
}

// A graph for each value of a column, and what is asked of it.
RelationPtr Binder::bind_parted_graph(const MakeGraph& make, GraphRows graph) {
  const RelationPtr edges = graph.input;
  graph.part = column_of(edges, *make.part);
  if (!graph.part) return broken_rows();
  const Column& column = edges->schema[*graph.part];
  const ScalarPtr key = std::make_shared<const Scalar>(Scalar{column.type, ColumnOf{*graph.part}, make.part->span});
  const int outer = next_outer_++;
  graph.input = relation(edges->schema, OuterRows{outer}, edges->serialized);
  if (!bind_graph_nodes(make, graph)) return broken_rows();
  const RelationPtr rows = bind_pipeline(*make.of_part, relation(edges->schema, std::move(graph)));
  if (is_broken(rows)) return rows;
  if (is_graph(rows)) {
    report(make.part->span, "what is asked of each part has to make a table of its graph, as graph-match and graph-to-table do");
    return broken_rows();
  }
  return relation(rows->schema, PartitionRows{edges, key, rows, outer});
}

RelationPtr Binder::bind(const GraphWhere& where, const Operator&, RelationPtr input) {
  GraphRows out = std::get<GraphRows>(input->node);
  const GraphScope element{where.nodes ? &out.node_columns : nullptr, nullptr, {}, nullptr};
  const InScope scope(*this, element_scope(where.nodes ? out.node_columns : input->schema, element));
  const ScalarPtr condition = bind_predicate(*where.predicate);
  if (is_broken(condition)) return broken_rows();
  using Kind = GraphRows::Change::Kind;
  out.changes.push_back({where.nodes ? Kind::keep_nodes : Kind::keep_edges, condition});
  return relation(input->schema, std::move(out));
}

RelationPtr Binder::bind(const GraphMarkComponents& mark, const Operator& op, RelationPtr input) {
  GraphRows out = std::get<GraphRows>(input->node);
  const std::string kind = word_parameter(op, "kind", "weak");
  std::string name = "ComponentId";
  bool sound = kind == "weak" || kind == "strong";
  for (const Parameter& parameter : mark.parameters) {
    sound = sound && parameter.name.text == "with_component_id";
    name = parameter.values.front()->text;
  }
  if (!sound) {
    report(op.span, "graph-mark-components takes kind=weak or kind=strong, and with_component_id=name");
    return broken_rows();
  }
  if (find_column(out.node_columns, name)) {
    report(op.span, fmt::format("the nodes have a column '{}' already", name), fmt::format("with_component_id={}1", name));
    return broken_rows();
  }
  using Kind = GraphRows::Change::Kind;
  out.changes.push_back({kind == "weak" ? Kind::mark_weak_components : Kind::mark_strong_components, nullptr});
  out.node_columns.push_back({name, Type::int64});
  return relation(input->schema, std::move(out));
}

RelationPtr Binder::bind(const GraphToTable& tables, const Operator& op, RelationPtr input) {
  RelationPtr first;
  for (const GraphToTable::Part& part : tables.parts) {
    GraphTableRows rows{input, part.nodes, false, false, false};
    Schema schema;
    for (const Parameter& id : part.ids) {
      bool* wanted = id.name.text == "with_node_id" && part.nodes       ? &rows.node_hash
                     : id.name.text == "with_source_id" && !part.nodes ? &rows.source_hash
                     : id.name.text == "with_target_id" && !part.nodes ? &rows.target_hash
                                                                       : nullptr;
      if (wanted == nullptr || *wanted || (wanted == &rows.source_hash && rows.target_hash)) {
        report(id.name.span, "graph-to-table takes with_node_id of nodes; with_source_id, then with_target_id of edges");
        return broken_rows();
      }
      *wanted = true;
      schema.push_back({id.values.front()->text, Type::int64});
    }
    const Schema& own = part.nodes ? std::get<GraphRows>(input->node).node_columns : input->schema;
    for (const Column& column : own) schema.push_back({unused_name(schema, column.name), column.type});
    const RelationPtr made = relation(std::move(schema), std::move(rows));
    if (part.as) declare(*part.as, {made});
    else if (tables.parts.size() > 1) report(op.span, "where nodes and edges are asked for, both have a name", "graph-to-table nodes as N, edges as E; N; E");
    if (first == nullptr) first = made;
  }
  // Two tables are no table: they are asked for by their names.
  return tables.parts.size() > 1 ? broken_rows() : first;
}

}  // namespace kql
