// SPDX-License-Identifier: Apache-2.0
// graph-match and graph-shortest-paths: patterns, and what is said of their nodes and edges.
#include <fmt/format.h>

#include <algorithm>

#include "kql/bind/binder_state.hpp"
#include "kql/evaluate/scalar.hpp"

namespace kql {

namespace {

constexpr std::size_t kMostPatternNodes = 33;
constexpr std::size_t kMostPatternEdges = 32;
constexpr std::uint32_t kLongestPaths = 1'000;  // of all edges of a pattern together: the search goes as deep
constexpr std::size_t kNodeFacts = 3;           // columns behind a node's own: in-degree, out-degree, id as text

void split_conditions(const ScalarPtr& condition, std::vector<ScalarPtr>& out) {
  const auto* call = std::get_if<Call>(&condition->node);
  if (call == nullptr || call->function->name != "and") return out.push_back(condition);
  for (const ScalarPtr& argument : call->arguments) split_conditions(argument, out);
}

ScalarPtr match_column(std::size_t index, Type type, Span span) { return std::make_shared<const Scalar>(Scalar{type, ColumnOf{index}, span}); }

}  // namespace

std::optional<std::size_t> Binder::bind_pattern_node(const std::optional<Name>& name, GraphScope& scope) {
  if (name) {
    if (const auto known = scope.variables.find(name->text); known != scope.variables.end()) {
      if (known->second.is_node) return known->second.index;
      report(name->span, fmt::format("'{}' is an edge of the pattern", name->text));
      return std::nullopt;
    }
  }
  const std::size_t index = scope.match->nodes.size();
  scope.match->nodes.push_back(scope.match->first_fold);
  scope.match->first_fold += scope.nodes->size() + kNodeFacts;
  if (name) scope.variables.emplace(name->text, GraphScope::Variable{true, index});
  return index;
}

std::optional<std::uint32_t> Binder::bind_path_bound(const Expression& bound) {
  const auto value = constant(bound, Type::int64, "a bound of a path");
  if (!value) return std::nullopt;
  if (!value->is_null() && value->integer() >= 0 && value->integer() <= kLongestPaths) return static_cast<std::uint32_t>(value->integer());
  report(bound.span, fmt::format("a path has from 0 to {} edges", kLongestPaths));
  return std::nullopt;
}

bool Binder::bind_pattern_edge(const GraphPattern::Edge& edge, std::size_t from, std::size_t to, GraphScope& scope) {
  using Direction = GraphPattern::Edge::Direction;
  GraphMatchRows::Edge out;
  out.from = from;
  out.to = to;
  out.direction = edge.direction == Direction::forward    ? GraphMatchRows::Edge::Direction::forward
                  : edge.direction == Direction::backward ? GraphMatchRows::Edge::Direction::backward
                                                          : GraphMatchRows::Edge::Direction::any;
  if (edge.least != nullptr) {
    const auto least = bind_path_bound(*edge.least);
    const auto most = bind_path_bound(*edge.most);
    if (!least || !most) return false;
    if (*least > *most || *most == 0) report(edge.least->span, "a path has at least as many edges as its first bound, and at most as many as its second");
    out.is_path = true;
    out.least = *least;
    out.most = *most;
  } else {
    out.first = scope.match->first_fold;
    scope.match->first_fold += scope.edges->size();
  }
  if (edge.name && !scope.variables.emplace(edge.name->text, GraphScope::Variable{false, scope.match->edges.size()}).second) {
    report(edge.name->span, fmt::format("the pattern has a '{}' already", edge.name->text));
    return false;
  }
  scope.match->edges.push_back(out);
  return true;
}

bool Binder::bind_graph_patterns(const GraphMatch& match, const Operator& op, GraphScope& scope) {
  std::uint32_t longest = 0;
  for (const GraphPattern& pattern : match.patterns) {
    auto before = bind_pattern_node(pattern.nodes.front(), scope);
    for (std::size_t i = 0; i < pattern.edges.size(); ++i) {
      const auto next = bind_pattern_node(pattern.nodes[i + 1], scope);
      if (!before || !next || !bind_pattern_edge(pattern.edges[i], *before, *next, scope)) return false;
      longest += scope.match->edges.back().most;
      before = next;
    }
    if (!before) return false;
  }
  if (scope.match->edges.size() <= kMostPatternEdges && scope.match->nodes.size() <= kMostPatternNodes && longest <= kLongestPaths) return true;
  report(op.keyword, fmt::format("a pattern has at most {} nodes and {} edges, and its paths at most {} together", kMostPatternNodes, kMostPatternEdges, kLongestPaths));
  return false;
}

bool Binder::bind_match_options(const GraphMatch& match, const Operator& op, GraphMatchRows& out) {
  if (match.shortest) out.shortest = GraphMatchRows::Shortest::any;
  for (const Parameter& parameter : match.parameters) {
    const std::string& word = parameter.values.front()->text;
    if (!match.shortest && parameter.name.text == "cycles" && (word == "all" || word == "none" || word == "unique_edges")) {
      out.cycles = word == "all" ? GraphMatchRows::Cycles::all : word == "none" ? GraphMatchRows::Cycles::none : GraphMatchRows::Cycles::unique_edges;
    } else if (match.shortest && parameter.name.text == "output" && (word == "all" || word == "any")) {
      out.shortest = word == "all" ? GraphMatchRows::Shortest::all : GraphMatchRows::Shortest::any;
    } else {
      report(parameter.name.span, match.shortest ? "graph-shortest-paths takes output=any or output=all" : "graph-match takes cycles=all, cycles=none or cycles=unique_edges");
      return false;
    }
  }
  const bool has_path = std::any_of(out.edges.begin(), out.edges.end(), [](const GraphMatchRows::Edge& edge) { return edge.is_path; });
  if (match.shortest && (match.patterns.size() != 1 || !has_path)) {
    report(op.keyword, "graph-shortest-paths takes one pattern with an edge of variable length", "(a)-[e*1..5]->(b)");
    return false;
  }
  if (!match.columns.empty()) return true;
  report(op.span, "'project' with the columns to give is expected behind the pattern");
  return false;
}

RelationPtr Binder::bind(const GraphMatch& match, const Operator& op, RelationPtr input) {
  const GraphRows& graph = std::get<GraphRows>(input->node);
  GraphMatchRows out;
  out.input = input;
  GraphScope names{&graph.node_columns, &input->schema, {}, &out};
  if (!bind_graph_patterns(match, op, names) || !bind_match_options(match, op, out)) return broken_rows();
  const Schema no_columns;  // only properties are values here
  Scope scope;
  scope.columns = &no_columns;
  scope.graph = &names;
  const InScope inner(*this, scope);
  if (match.predicate != nullptr) {
    const ScalarPtr condition = bind_predicate(*match.predicate);
    if (is_broken(condition)) return broken_rows();
    split_conditions(condition, out.conditions);
  }
  const std::vector<NewColumn> columns = bind_columns(match.columns);
  for (const NewColumn& column : columns) out.columns.push_back(column.value);
  Schema schema = name_columns(columns, "Column");
  return relation(std::move(schema), std::move(out));
}

ScalarPtr Binder::add_fold(GraphMatchRows::Fold fold, const GraphScope& graph, Span span) {
  const Type type = fold.kind == GraphMatchRows::Fold::Kind::map ? Type::dynamic : Type::boolean;
  graph.match->folds.push_back(std::move(fold));
  return match_column(graph.match->first_fold + graph.match->folds.size() - 1, type, span);
}

// A property of a node or an edge; of the edges of a path, an array.
ScalarPtr Binder::bind_graph_member(const Expression& member, const GraphScope& graph) {
  const Expression& whole = *member.arguments[0];
  if (whole.kind != ExpressionKind::name) return nullptr;
  const auto variable = graph.variables.find(whole.text);
  if (variable == graph.variables.end()) return nullptr;
  const auto [is_node, number] = variable->second;
  const Schema& columns = is_node ? *graph.nodes : *graph.edges;
  const auto index = find_column(columns, member.text);
  if (!index) {
    std::vector<std::string> names;
    for (const Column& column : columns) names.push_back(column.name);
    report(member.span, fmt::format("{} have no property '{}'", is_node ? "nodes" : "edges", member.text), nearest_name(member.text, names));
    return broken();
  }
  const Type type = columns[*index].type;
  if (is_node) return match_column(graph.match->nodes[number] + *index, type, member.span);
  const GraphMatchRows::Edge& edge = graph.match->edges[number];
  if (!edge.is_path) return match_column(edge.first + *index, type, member.span);
  return add_fold({GraphMatchRows::Fold::Kind::map, number, false, match_column(*index, type, member.span)}, graph, member.span);
}

// A node or an edge as a bag of its properties; a path as an array of those of its edges. Null where it is none of the pattern.
ScalarPtr Binder::bind_graph_variable(const Expression& name, const GraphScope& graph) {
  const auto variable = graph.variables.find(name.text);
  if (variable == graph.variables.end()) return nullptr;
  const auto [is_node, number] = variable->second;
  const bool is_path = !is_node && graph.match->edges[number].is_path;
  const std::size_t first = is_node ? graph.match->nodes[number] : is_path ? 0 : graph.match->edges[number].first;
  const Schema& columns = is_node ? *graph.nodes : *graph.edges;
  std::vector<ScalarPtr> members;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    members.push_back(literal(Value::text(columns[i].name), Type::string, name.span));
    members.push_back(match_column(first + i, columns[i].type, name.span));
  }
  const ScalarPtr bag = members.empty() ? literal(Value::dynamic(base::JsonObject()), Type::dynamic, name.span) : call("bag_pack", std::move(members), name.span);
  return is_path ? add_fold({GraphMatchRows::Fold::Kind::map, number, false, bag}, graph, name.span) : bag;
}

ScalarPtr Binder::bind_graph_call(const Expression& call, const GraphScope& graph) {
  if (call.text == "node_degree_in" || call.text == "node_degree_out" || call.text == "node_id") return bind_node_fact(call, graph);
  if (call.text == "labels") return bind_labels(call, graph);
  if (graph.match != nullptr && (call.text == "all" || call.text == "any" || call.text == "map")) return bind_fold(call, graph);
  return nullptr;
}

// node_degree_in(n); without an argument, of the node that a condition on nodes looks at.
ScalarPtr Binder::bind_node_fact(const Expression& call, const GraphScope& graph) {
  const bool is_id = call.text == "node_id";
  const Type type = is_id ? Type::string : Type::int64;
  const std::size_t behind = (graph.nodes == nullptr ? 0 : graph.nodes->size()) + (is_id ? 2 : call.text == "node_degree_out" ? 1 : 0);
  if (graph.match == nullptr && graph.nodes != nullptr && call.arguments.empty()) return match_column(behind, type, call.span);
  if (graph.match != nullptr && call.arguments.size() == 1 && call.arguments[0]->kind == ExpressionKind::name) {
    const auto variable = graph.variables.find(call.arguments[0]->text);
    if (variable != graph.variables.end() && variable->second.is_node)
      return match_column(graph.match->nodes[variable->second.index] + behind, type, call.span);
  }
  report(call.span, fmt::format("{}() takes a node of the pattern", call.text));
  return broken();
}

// A graph that make-graph makes has no labels.
ScalarPtr Binder::bind_labels(const Expression& call, const GraphScope& graph) {
  const bool of_pattern = call.arguments.size() == 1 && call.arguments[0]->kind == ExpressionKind::name && graph.variables.count(call.arguments[0]->text) > 0;
  if (graph.match == nullptr ? call.arguments.empty() : of_pattern) return literal(Value::dynamic(base::JsonArray()), Type::dynamic, call.span);
  report(call.span, "labels() takes a node or an edge of the pattern");
  return broken();
}

// all(e, condition), any(e, condition) and map(e, value) of a path, and of inner_nodes(e).
ScalarPtr Binder::bind_fold(const Expression& call, const GraphScope& graph) {
  using Kind = GraphMatchRows::Fold::Kind;
  const Expression* path = call.arguments.size() == 2 ? call.arguments[0] : nullptr;
  const bool inner_nodes = path != nullptr && path->kind == ExpressionKind::call && path->text == "inner_nodes" && path->arguments.size() == 1;
  if (inner_nodes) path = path->arguments[0];
  const auto variable = path != nullptr && path->kind == ExpressionKind::name ? graph.variables.find(path->text) : graph.variables.end();
  if (variable == graph.variables.end() || variable->second.is_node || !graph.match->edges[variable->second.index].is_path) {
    report(call.span, fmt::format("{}() takes an edge of variable length, or inner_nodes() of one, and an expression on its parts", call.text));
    return broken();
  }
  const GraphScope element{inner_nodes ? graph.nodes : nullptr, nullptr, {}, nullptr};
  Scope scope;
  scope.columns = inner_nodes ? graph.nodes : graph.edges;
  scope.graph = &element;
  const InScope inner(*this, scope);
  const Kind kind = call.text == "all" ? Kind::all : call.text == "any" ? Kind::any : Kind::map;
  const ScalarPtr value = kind == Kind::map ? bind_scalar(*call.arguments[1]) : bind_predicate(*call.arguments[1]);
  if (is_broken(value)) return broken();
  return add_fold({kind, variable->second.index, inner_nodes, value}, graph, call.span);
}

}  // namespace kql
