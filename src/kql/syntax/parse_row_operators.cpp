// SPDX-License-Identifier: Apache-2.0
// Operators over the rows of one table.
#include <fmt/format.h>

#include "kql/syntax/parser_state.hpp"

namespace kql {

const std::vector<Parser::Entry>& Parser::entries() {
  static const std::vector<Entry> kEntries{
      {"where", &Parser::read_where, false},
      {"filter", &Parser::read_where, false},
      {"project", &Parser::read_project, false},
      {"extend", &Parser::read_extend, false},
      {"distinct", &Parser::read_distinct, false},
      {"serialize", &Parser::read_serialize, false},
      {"print", &Parser::read_print, true},
      {"project-away", &Parser::read_project_away, false},
      {"project-keep", &Parser::read_project_keep, false},
      {"project-by-names", &Parser::read_project_by_names, false},
      {"project-rename", &Parser::read_project_rename, false},
      {"project-reorder", &Parser::read_project_reorder, false},
      {"summarize", &Parser::read_summarize, false},
      {"count", &Parser::read_count, false},
      {"take", &Parser::read_take, false},
      {"limit", &Parser::read_take, false},
      {"sample", &Parser::read_sample, false},
      {"sample-distinct", &Parser::read_sample_distinct, false},
      {"sort", &Parser::read_sort, false},
      {"order", &Parser::read_sort, false},
      {"top", &Parser::read_top, false},
      {"top-hitters", &Parser::read_top_hitters, false},
      {"top-nested", &Parser::read_top_nested, false},
      {"join", &Parser::read_join, false},
      {"lookup", &Parser::read_lookup, false},
      {"union", &Parser::read_union, true},
      {"mv-expand", &Parser::read_mv_expand, false},
      {"mvexpand", &Parser::read_mv_expand, false},
      {"mv-apply", &Parser::read_mv_apply, false},
      {"mvapply", &Parser::read_mv_apply, false},
      {"parse", &Parser::read_parse, false},
      {"parse-where", &Parser::read_parse_where, false},
      {"parse-kv", &Parser::read_parse_kv, false},
      {"make-series", &Parser::read_make_series, false},
      {"range", &Parser::read_range, true},
      {"datatable", &Parser::read_datatable, true},
      {"externaldata", &Parser::read_externaldata, true},
      {"search", &Parser::read_search, true},
      {"find", &Parser::read_find, true},
      {"evaluate", &Parser::read_evaluate, true},
      {"invoke", &Parser::read_invoke, false},
      {"as", &Parser::read_as, false},
      {"scan", &Parser::read_scan, false},
      {"partition", &Parser::read_partition, false},
      {"fork", &Parser::read_fork, false},
      {"facet", &Parser::read_facet, false},
      {"render", &Parser::read_render, false},
      {"reduce", &Parser::read_reduce, false},
      {"getschema", &Parser::read_getschema, false},
      {"consume", &Parser::read_consume, false},
      {"assert-schema", &Parser::read_assert_schema, false},
      {"execute-and-cache", &Parser::read_unsupported, false},
      {"make-graph", &Parser::read_make_graph, false},
      {"graph-match", &Parser::read_graph_match, false},
      {"graph-shortest-paths", &Parser::read_graph_shortest_paths, false},
      {"graph-to-table", &Parser::read_graph_to_table, false},
      {"graph-mark-components", &Parser::read_graph_mark_components, false},
      {"graph-where-nodes", &Parser::read_graph_where_nodes, false},
      {"graph-where-edges", &Parser::read_graph_where_edges, false},
      {"macro-expand", &Parser::read_unsupported, true},
      {"external_data", &Parser::read_unsupported, true},
      {"inline_external_table", &Parser::read_unsupported, true},
      {"partition-by", &Parser::read_unsupported, false}};
  return kEntries;
}

// The language's grammar gives the condition a name if one is written, which means nothing: `where x = y > 1` is `where y > 1`.
OperatorBody Parser::read_where() {
  std::string name;
  if (at_name() && at_symbol("=", 1)) {
    name = peek().text;
    next_ += 2;
  }
  return Where{parse_expression(), std::move(name)};
}
OperatorBody Parser::read_project() { return Project{Project::Mode::project, parse_named_expressions()}; }
OperatorBody Parser::read_extend() { return Project{Project::Mode::extend, parse_named_expressions()}; }
OperatorBody Parser::read_distinct() { return Project{Project::Mode::distinct, parse_named_expressions()}; }
OperatorBody Parser::read_print() { return Project{Project::Mode::print, parse_named_expressions()}; }

OperatorBody Parser::read_serialize() {
  Project serialize{Project::Mode::serialize, {}};
  if (at_name() || at_symbol("(")) serialize.columns = parse_named_expressions();
  return serialize;
}

std::vector<Name> Parser::read_name_patterns() {
  std::vector<Name> names;
  parse_list([&] { names.push_back(parse_name_pattern()); });
  return names;
}

OperatorBody Parser::read_project_away() { return ProjectNames{ProjectNames::Mode::away, read_name_patterns()}; }
OperatorBody Parser::read_project_keep() { return ProjectNames{ProjectNames::Mode::keep, read_name_patterns()}; }

OperatorBody Parser::read_project_by_names() {
  ProjectByNames project;
  parse_list([&] { project.names.push_back(at_table_pattern() ? parse_table() : parse_expression()); });
  return project;
}

OperatorBody Parser::read_project_rename() {
  ProjectRename project;
  parse_list([&] {
    Name name = parse_new_name("the new name");
    expect_symbol("=", "between the new name and the old one");
    project.renames.emplace_back(std::move(name), parse_name("the old name"));
  });
  return project;
}

OperatorBody Parser::read_project_reorder() {
  using Order = ProjectReorder::Item::Order;
  ProjectReorder project;
  parse_list([&] {
    ProjectReorder::Item item{parse_name_pattern(), Order::as_is};
    const std::string word = keyword_at(0);
    if (word == "asc") item.order = Order::ascending;
    if (word == "desc") item.order = Order::descending;
    if (word == "granny-asc") item.order = Order::granny_ascending;
    if (word == "granny-desc") item.order = Order::granny_descending;
    if (item.order != Order::as_is) next_ += word.front() == 'g' ? 3u : 1u;
    project.items.push_back(std::move(item));
  });
  return project;
}

OperatorBody Parser::read_summarize() {
  Summarize summarize;
  if (!at_word("by")) summarize.aggregates = parse_named_expressions();
  if (take_word("by")) summarize.by = parse_named_expressions();
  return summarize;
}

OperatorBody Parser::read_count() {
  Count count;
  if (take_word("as")) count.as = parse_name("the column's name");
  return count;
}

OperatorBody Parser::read_take() { return Take{parse_expression()}; }
OperatorBody Parser::read_sample() { return Sample{parse_expression()}; }

OperatorBody Parser::read_sample_distinct() {
  Expression* rows = parse_expression();
  expect_word("of", "behind the number of values");
  return SampleDistinct{rows, parse_expression()};
}

OperatorBody Parser::read_sort() {
  Sort sort;
  expect_word("by", "before the columns to sort by");
  parse_list([&] { sort.keys.push_back(parse_sort_key()); });
  return sort;
}

OperatorBody Parser::read_top() {
  Expression* rows = parse_expression();
  expect_word("by", "behind the number of rows");
  return Top{rows, parse_sort_key()};
}

OperatorBody Parser::read_top_hitters() {
  TopHitters top{parse_expression(), nullptr, nullptr};
  expect_word("of", "behind the number of values");
  top.of = parse_expression();
  if (take_word("by")) top.by = parse_expression();
  return top;
}

OperatorBody Parser::read_top_nested() {
  TopNested top;
  parse_list([&] {
    if (!top.levels.empty() && keyword_at(0) == "top-nested") next_ += 3;
    top.levels.push_back(read_level());
  });
  return top;
}

TopNested::Level Parser::read_level() {
  TopNested::Level level{nullptr, {}, nullptr, {}, false};
  if (!at_word("of")) level.rows = parse_expression();
  expect_word("of", "before the column");
  level.of = parse_named_expression();
  if (take_word("with")) {
    expect_word("others", "behind 'with'");
    expect_symbol("=", "behind 'others'");
    level.others = parse_expression();
  }
  expect_word("by", "before the aggregate");
  level.by = parse_named_expression();
  level.ascending = take_word("asc");
  if (!level.ascending) take_word("desc");
  return level;
}

MvExpand::Item Parser::read_expanded_item() {
  MvExpand::Item item{parse_named_expression(), std::nullopt};
  if (!take_word("to")) return item;
  if (expect_word("typeof", "behind 'to'") && expect_symbol("(", "behind 'typeof'")) {
    item.to = parse_type_name();
    expect_symbol(")", "behind the type");
  }
  return item;
}

Expression* Parser::read_row_limit() { return take_word("limit") ? parse_expression() : nullptr; }

OperatorBody Parser::read_mv_expand() {
  MvExpand expand{{}, nullptr};
  parse_list([&] { expand.items.push_back(read_expanded_item()); });
  expand.limit = read_row_limit();
  return expand;
}

OperatorBody Parser::read_mv_apply() {
  MvApply apply{{}, nullptr, nullptr};
  parse_list([&] { apply.items.push_back(read_expanded_item()); });
  apply.limit = read_row_limit();
  expect_word("on", "before the subquery");
  apply.on = parse_subquery(false);
  return apply;
}

OperatorBody Parser::read_parse() { return read_pieces(false); }
OperatorBody Parser::read_parse_where() { return read_pieces(true); }

Parse Parser::read_pieces(bool where) {
  Parse parse{where, parse_expression(), {}};
  expect_word("with", "behind the text to parse");
  do parse.pieces.push_back(read_piece());
  while (!quiet_ && !at_end() && !at_symbol("|") && !at_symbol(";") && !at_symbol(")") && !at_symbol("}"));
  return parse;
}

Parse::Piece Parser::read_piece() {
  using Kind = Parse::Piece::Kind;
  if (take_symbol("*")) return {Kind::skip, nullptr, {}, std::nullopt};
  if (peek().kind == TokenKind::literal) return {Kind::text, parse_literal(), {}, std::nullopt};
  Parse::Piece piece{Kind::column, nullptr, parse_name("a text in quotes, a column's name or '*'"), std::nullopt};
  if (take_symbol(":")) piece.type = parse_type_name();
  return piece;
}

OperatorBody Parser::read_parse_kv() {
  ParseKv parse{parse_expression(), {}, {}};
  expect_word("as", "before the keys");
  parse.columns = parse_declarations();
  parse.with = parse_with_parameters();
  return parse;
}

OperatorBody Parser::read_make_series() {
  MakeSeries make{{}, {}, nullptr, nullptr, nullptr, {}, false};
  parse_list([&] {
    MakeSeries::Series series{parse_named_expression(), nullptr};
    if (take_word("default")) {
      expect_symbol("=", "behind 'default'");
      series.otherwise = parse_expression();
    }
    make.series.push_back(series);
  });
  expect_word("on", "before the axis");
  if (at_named() && !at_symbol("(")) {
    make.on.names.push_back(parse_new_name("the axis' name"));
    advance();
  }
  make.on.value = parse_sum();
  if (take_word("in")) {
    make.in_range = true;
    expect_word("range", "behind 'in'");
    expect_symbol("(", "behind 'range'");
    make.from = parse_expression();
    expect_symbol(",", "behind the begin of the axis");
    make.to = parse_expression();
    expect_symbol(",", "behind the end of the axis");
    make.step = parse_expression();
    expect_symbol(")", "behind the axis");
  } else {
    if (take_word("from")) make.from = parse_expression();
    if (take_word("to")) make.to = parse_expression();
    expect_word("step", "before the size of the bins");
    make.step = parse_expression();
  }
  if (take_word("by")) make.by = parse_named_expressions();
  return make;
}

}  // namespace kql
