// SPDX-License-Identifier: Apache-2.0
// make-graph and the operators behind it. An arrow is several tokens: `-->` is '-', '-' and '>'.
#include <fmt/format.h>

#include "kql/syntax/parser_state.hpp"

namespace kql {

std::vector<Parameter> Parser::read_own_parameters() {
  std::vector<Parameter> parameters;
  while (peek().kind == TokenKind::name && at_symbol("=", 1) && !quiet_) parameters.push_back(parse_parameter());
  return parameters;
}

OperatorBody Parser::read_make_graph() {
  MakeGraph graph;
  graph.source = parse_name("the column of the edges' source");
  if (!at_symbol("-") || !at_symbol("-", 1) || !at_symbol(">", 2)) report_here("'-->' between source and target");
  else next_ += 3;
  graph.target = parse_name("the column of the edges' target");
  if (at_word("with_node_id") && at_symbol("=", 1)) {
    next_ += 2;
    graph.node_id = parse_name("the nodes' column");
  } else if (take_word("with")) {
    parse_list([&] {
      Expression* table = parse_table();
      expect_word("on", "between the nodes and their column");
      graph.nodes.push_back({table, parse_name("the nodes' column")});
    });
  }
  if (keyword_at(0) == "partitioned-by") {
    next_ += 3;
    graph.part = parse_name("the column of the parts");
    graph.of_part = parse_subquery(false);
  }
  return graph;
}

std::optional<Name> Parser::read_graph_node() {
  expect_symbol("(", "before a node");
  std::optional<Name> name;
  if (!at_symbol(")")) name = parse_name("a node's name");
  expect_symbol(")", "behind the node");
  return name;
}

// -[e]->, <-[e*1..3]-, -[e]-, and without a name -->, <--, --.
GraphPattern::Edge Parser::read_graph_edge() {
  GraphPattern::Edge edge;
  const bool left = take_symbol("<");
  expect_symbol("-", "before an edge");
  if (take_symbol("[")) {
    if (at_name()) edge.name = parse_name("an edge's name");
    if (take_symbol("*")) {
      edge.least = parse_primary();
      expect_symbol("..", "between the least and the most edges");
      edge.most = parse_primary();
    }
    expect_symbol("]", "behind the edge");
  }
  expect_symbol("-", "behind the edge");
  const bool right = take_symbol(">");
  if (left && right) report_here("an edge of one direction, or of any: '--'");
  using Direction = GraphPattern::Edge::Direction;
  edge.direction = left ? Direction::backward : right ? Direction::forward : Direction::any;
  return edge;
}

GraphPattern Parser::read_graph_pattern() {
  GraphPattern pattern;
  pattern.nodes.push_back(read_graph_node());
  while (!quiet_ && (at_symbol("-") || at_symbol("<"))) {
    pattern.edges.push_back(read_graph_edge());
    pattern.nodes.push_back(read_graph_node());
  }
  return pattern;
}

GraphMatch Parser::read_matched(bool shortest) {
  GraphMatch match{shortest, read_own_parameters(), {}, nullptr, {}};
  parse_list([&] { match.patterns.push_back(read_graph_pattern()); });
  if (take_word("where")) match.predicate = parse_expression();
  if (take_word("project")) match.columns = parse_named_expressions();
  return match;
}

OperatorBody Parser::read_graph_match() { return read_matched(false); }
OperatorBody Parser::read_graph_shortest_paths() { return read_matched(true); }

OperatorBody Parser::read_graph_to_table() {
  GraphToTable tables;
  parse_list([&] {
    GraphToTable::Part part{take_word("nodes"), std::nullopt, {}};
    if (!part.nodes) expect_word("edges", "or 'nodes'");
    if (take_word("as")) part.as = parse_name("the table's name");
    part.ids = read_own_parameters();
    tables.parts.push_back(std::move(part));
  });
  return tables;
}

OperatorBody Parser::read_graph_mark_components() { return GraphMarkComponents{read_own_parameters()}; }
OperatorBody Parser::read_graph_where_nodes() { return GraphWhere{true, parse_expression()}; }
OperatorBody Parser::read_graph_where_edges() { return GraphWhere{false, parse_expression()}; }

}  // namespace kql
