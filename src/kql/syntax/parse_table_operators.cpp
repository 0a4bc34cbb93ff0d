// SPDX-License-Identifier: Apache-2.0
// Operators that make rows, join tables or run subqueries.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "kql/syntax/parser_state.hpp"

namespace kql {

// A subquery in brackets, a function's call, or a name, which may be a pattern.
bool Parser::at_table_pattern() const { return at_symbol("*") || (peek().kind == TokenKind::name && at_symbol("*", 1) && touches(1)); }

Expression* Parser::parse_table() {
  const std::size_t first = next_;
  if (!at_table_pattern()) return parse_postfix();
  const Name name = parse_name_pattern();
  Expression* expression = make(ExpressionKind::name, first);
  expression->text = name.text;
  expression->text_span = name.span;
  return expression;
}

Join Parser::read_joined(bool lookup) {
  Join join{lookup, parse_table(), {}};
  // Without `on` the binder says which columns there are to join by.
  if (take_word("on")) parse_list([&] { join.on.push_back(parse_expression()); });
  return join;
}

OperatorBody Parser::read_join() { return read_joined(false); }
OperatorBody Parser::read_lookup() { return read_joined(true); }

OperatorBody Parser::read_union() {
  Union tables;
  parse_list([&] { tables.tables.push_back(parse_table()); });
  return tables;
}

OperatorBody Parser::read_range() {
  Range range{parse_new_name("the column's name"), nullptr, nullptr, nullptr};
  expect_word("from", "before the first value");
  range.from = parse_expression();
  expect_word("to", "before the last value");
  range.to = parse_expression();
  expect_word("step", "before the step");
  range.step = parse_expression();
  return range;
}

OperatorBody Parser::read_datatable() {
  Datatable table{parse_declarations(), {}};
  expect_symbol("[", "before the values");
  while (!at_symbol("]") && !at_end() && !quiet_) {
    table.values.push_back(parse_signed_literal());
    if (!take_symbol(",")) break;
  }
  expect_symbol("]", "behind the values, which are literals,");
  return table;
}

OperatorBody Parser::read_externaldata() {
  ExternalData data{parse_declarations(), {}, {}};
  expect_symbol("[", "before the addresses");
  parse_list([&] { data.addresses.push_back(parse_expression()); });
  expect_symbol("]", "behind the addresses");
  data.with = parse_with_parameters();
  return data;
}

// in (T, U*)
std::vector<Expression*> Parser::read_table_list() {
  std::vector<Expression*> tables;
  if (!take_word("in")) return tables;
  expect_symbol("(", "behind 'in'");
  parse_list([&] { tables.push_back(parse_table()); });
  expect_symbol(")", "behind the tables");
  return tables;
}

OperatorBody Parser::read_search() {
  Search search{read_table_list(), nullptr};
  search.predicate = parse_expression();
  return search;
}

OperatorBody Parser::read_find() {
  Find find;
  find.tables = read_table_list();
  const bool bare = find.tables.empty() && !at_word("where");
  if (!bare) expect_word("where", "before the condition");
  find.predicate = parse_expression();
  const std::string clause = keyword_at(0);
  if (clause == "project-smart") {
    next_ += 3;
    find.smart = true;
  } else if (clause == "project-away") {
    next_ += 3;
    find.away = read_name_patterns();
  } else if (take_word("project")) {
    parse_list([&] {
      Find::Column column{parse_postfix(), std::nullopt};
      if (take_symbol(":")) column.type = parse_type_name();
      find.columns.push_back(column);
    });
  }
  return find;
}

OperatorBody Parser::read_evaluate() {
  Evaluate evaluate{parse_postfix(), std::nullopt, false};
  if (evaluate.call->kind != ExpressionKind::call) report(evaluate.call->span, "a plugin and its arguments are expected behind 'evaluate'");
  if (take_symbol(":")) evaluate.schema = parse_declarations(&evaluate.keeps_columns);
  return evaluate;
}

OperatorBody Parser::read_invoke() {
  Invoke invoke{parse_postfix()};
  if (invoke.call->kind != ExpressionKind::call) report(invoke.call->span, "a function and its arguments are expected behind 'invoke'");
  return invoke;
}

OperatorBody Parser::read_as() { return As{parse_name("the name")}; }

OperatorBody Parser::read_scan() {
  Scan scan;
  if (take_word("partition")) {
    expect_word("by", "behind 'partition'");
    scan.partition = parse_named_expressions();
  }
  if (take_word("order")) {
    expect_word("by", "behind 'order'");
    parse_list([&] { scan.order.push_back(parse_sort_key()); });
  }
  if (take_word("declare")) scan.declare = parse_declarations();
  expect_word("with", "before the steps");
  expect_symbol("(", "before the steps");
  while (!at_symbol(")") && !at_end() && !quiet_) {
    scan.steps.push_back(read_step());
    if (!take_symbol(";")) break;
  }
  expect_symbol(")", "behind the steps");
  return scan;
}

Scan::Step Parser::read_step() {
  Scan::Step step;
  expect_word("step", "before a step's name");
  step.name = parse_name("the step's name");
  step.optional = take_word("optional");
  if (take_word("output")) {
    expect_symbol("=", "behind 'output'");
    step.output = parse_name("all, last or none").text;
  }
  expect_symbol(":", "before the step's condition");
  step.condition = parse_expression();
  if (!take_symbol("=>")) return step;
  parse_list([&] {
    Name name = parse_name("a declared column");
    expect_symbol("=", "behind the column");
    step.assignments.emplace_back(std::move(name), parse_expression());
  });
  return step;
}

// The column is a path and no call: a subquery in brackets follows.
OperatorBody Parser::read_partition() {
  expect_word("by", "before the column");
  const std::size_t first = next_;
  const Name name = parse_name("a column");
  Expression* by = make(ExpressionKind::name, first);
  by->text = name.text;
  by->text_span = name.span;
  const bool braces = at_symbol("{");
  return Partition{by, parse_subquery(true), braces};
}

OperatorBody Parser::read_fork() {
  Fork fork;
  do {
    Fork::Branch branch;
    if (at_named() && !at_symbol("(")) {
      branch.name = parse_name("the branch's name");
      advance();
    }
    branch.query = parse_subquery(false);
    fork.branches.push_back(std::move(branch));
  } while (!quiet_ && (at_symbol("(") || at_named()));
  return fork;
}

OperatorBody Parser::read_facet() {
  Facet facet{{}, nullptr};
  expect_word("by", "before the columns");
  parse_list([&] { facet.by.push_back(parse_expression()); });
  if (take_word("with")) facet.with = at_symbol("(") ? parse_subquery(false) : parse_operators();
  return facet;
}

OperatorBody Parser::read_render() {
  Render render;
  render.visualization = parse_name("a kind of chart").text;
  render.with = parse_with_parameters();
  // Some may stand before `with`: render timechart kind=stacked with (title="x").
  if (at_word("with")) {
    std::vector<Parameter> others = parse_with_parameters();
    std::move(others.begin(), others.end(), std::back_inserter(render.with));
  }
  return render;
}

OperatorBody Parser::read_reduce() {
  expect_word("by", "before the column");
  Reduce reduce{parse_expression(), {}};
  reduce.with = parse_with_parameters();
  return reduce;
}

OperatorBody Parser::read_getschema() { return GetSchema{}; }
OperatorBody Parser::read_consume() { return Consume{}; }
OperatorBody Parser::read_assert_schema() { return AssertSchema{parse_declarations()}; }

OperatorBody Parser::read_unsupported() {
  int open = 0;
  for (; !at_end(); advance()) {
    if (at_symbol("(") || at_symbol("[") || at_symbol("{")) ++open;
    if ((at_symbol(")") || at_symbol("]") || at_symbol("}")) && open-- == 0) break;
    if (open == 0 && (at_symbol("|") || at_symbol(";"))) break;
  }
  return Unsupported{};
}

}  // namespace kql
