// SPDX-License-Identifier: Apache-2.0
// search and find: a condition on the rows of several tables, in which a text alone is a term in any column.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "kql/bind/binder_state.hpp"
#include "kql/regex.hpp"

namespace kql {

namespace {

bool is_text_literal(const Expression& expression) { return expression.kind == ExpressionKind::literal && expression.value.type == Type::string; }

ScalarPtr column_number(const Schema& schema, std::size_t index, Span span) {
  return std::make_shared<const Scalar>(Scalar{schema[index].type, ColumnOf{index}, span});
}

// "Lab*PC" within text, with terms' ends where the pattern has no star.
std::string regex_of_wildcards(std::string_view pattern, bool case_sensitive) {
  std::string out = case_sensitive ? "" : "(?i)";
  if (pattern.front() != '*') out += "\\b";
  for (std::size_t at = 0; at < pattern.size();) {
    if (pattern[at] == '*') {
      out += ".*";
      at = std::min(pattern.find_first_not_of('*', at), pattern.size());
    } else {
      const std::size_t end = std::min(pattern.find('*', at), pattern.size());
      out += quote_regex(pattern.substr(at, end - at));
      at = end;
    }
  }
  if (pattern.back() != '*') out += "\\b";
  return out;
}

// The operator that looks for a term with wildcards, and what it looks for.
std::pair<std::string, std::string> term_operator(std::string_view term, bool case_sensitive) {
  const std::string suffix = case_sensitive ? "_cs" : "";
  const bool before = !term.empty() && term.front() == '*', behind = term.size() > 1 && term.back() == '*';
  const std::string_view inner = term.substr(before ? 1 : 0, term.size() - (before ? 1 : 0) - (behind ? 1 : 0));
  if (inner.find('*') != std::string_view::npos) return {"matches regex", regex_of_wildcards(term, case_sensitive)};
  const std::string name = before && behind ? "contains" : before ? "hassuffix" : behind ? "hasprefix" : "has";
  return {name + suffix, std::string(inner)};
}

// What an operator becomes where `kind=case_sensitive` is asked for.
std::string with_case(const std::string& name) {
  static const std::map<std::string_view, std::string_view> kTwins{{"=~", "=="}, {"!~", "!="}, {"in~", "in"}, {"!in~", "!in"}};
  if (const auto twin = kTwins.find(name); twin != kTwins.end()) return std::string(twin->second);
  const std::string cased = name + "_cs";
  return functions_named(cased).empty() ? name : cased;
}

// The columns of all tables, each once; dynamic where the tables have different types.
Schema all_columns(const std::vector<std::pair<std::string, RelationPtr>>& tables) {
  Schema out;
  ColumnPlaces places(out);
  for (const auto& [name, rows] : tables)
    for (const Column& column : rows->schema) {
      const auto known = places.find(column.name);
      if (!known) out.push_back(column);
      else if (out[*known].type != column.type) out[*known].type = Type::dynamic;
    }
  return out;
}

// The names of columns that a condition uses; and whether it uses them all, by a term or a star.
// NOLINTNEXTLINE(misc-no-recursion): as deep as the expression, which the parser caps
void collect_columns(const Expression& expression, const Schema& all, std::vector<std::string>& names, bool& every) {
  const bool is_name = expression.kind == ExpressionKind::name && find_column(all, expression.text);
  if (is_name && std::find(names.begin(), names.end(), expression.text) == names.end()) names.push_back(expression.text);
  if (expression.kind == ExpressionKind::star) every = true;
  const bool of_conditions = expression.kind == ExpressionKind::logical || (expression.kind == ExpressionKind::call && expression.text == "not");
  for (const Expression* argument : expression.arguments) {
    if (of_conditions && is_text_literal(*argument)) every = true;
    collect_columns(*argument, all, names, every);
  }
}

std::string name_of_rows(const RelationPtr& rows, std::string_view otherwise) {
  const Relation* at = rows.get();
  if (const auto* filter = std::get_if<FilterRows>(&at->node)) at = filter->input.get();
  const auto* table = std::get_if<TableRows>(&at->node);
  return table == nullptr ? std::string(otherwise) : table->table;
}

}  // namespace

Binder::NamedTables Binder::searched_tables(const std::vector<Expression*>& tables, RelationPtr input, std::string_view unnamed) {
  NamedTables out;
  if (input != nullptr) {
    out.emplace_back(input_name_.empty() ? name_of_rows(input, fmt::format("{}0", unnamed)) : std::string(input_name_), input);
    return out;
  }
  const auto add_like = [&](std::string_view pattern, Span span) {
    for (const std::string& name : tables_like(pattern))
      if (const RelationPtr rows = bind_table_name(name, span); !is_broken(rows)) out.emplace_back(name, rows);
  };
  for (const Expression* table : tables) {
    const bool is_name = table->kind == ExpressionKind::name;
    if (is_name && table->text.find('*') != std::string::npos) add_like(table->text, table->span);
    else if (const RelationPtr rows = bind_table(*table); !is_broken(rows))
      out.emplace_back(is_name ? table->text : source_name(*table, fmt::format("{}{}", unnamed, out.size())), rows);
  }
  if (tables.empty()) add_like("*", {});
  return out;
}

ScalarPtr Binder::term_in(ScalarPtr column, std::string_view term, bool case_sensitive, Span span) {
  const auto [name, text] = term_operator(term, case_sensitive);
  return call(name, {converted(std::move(column), Type::string), literal(Value::text(text), Type::string, span)}, span);
}

ScalarPtr Binder::term_in_any_column(const Expression& term, bool case_sensitive) {
  std::vector<ScalarPtr> any;
  for (std::size_t i = 0; i < scope_->columns->size(); ++i)
    any.push_back(term_in(column_number(*scope_->columns, i, term.span), term.value.text, case_sensitive, term.span));
  if (any.empty()) return literal(Value::boolean(false), Type::boolean, term.span);
  return any.size() == 1 ? any[0] : call("or", std::move(any), term.span);
}

// `column:"term"`, and the comparisons whose case `kind` decides.
ScalarPtr Binder::bind_search_comparison(const Expression& expression, bool case_sensitive) {
  const Expression& right = *expression.arguments[1];
  if (expression.text == ":") {
    if (!is_text_literal(right)) {
      report(right.span, "behind ':' a text in quotes is expected");
      return broken();
    }
    if (expression.arguments[0]->kind == ExpressionKind::star) return term_in_any_column(right, case_sensitive);
    const ScalarPtr column = bind_scalar(*expression.arguments[0]);
    return is_broken(column) ? column : term_in(column, right.value.text, case_sensitive, expression.span);
  }
  Expression cased = expression;
  if (case_sensitive) cased.text = with_case(expression.text);
  return bind_predicate(cased);
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the expression, which the parser caps
ScalarPtr Binder::bind_search(const Expression& predicate, bool case_sensitive) {
  if (is_text_literal(predicate)) return term_in_any_column(predicate, case_sensitive);
  switch (predicate.kind) {
    case ExpressionKind::star: return literal(Value::boolean(true), Type::boolean, predicate.span);
    case ExpressionKind::logical: {
      std::vector<ScalarPtr> arguments;
      for (const Expression* argument : predicate.arguments) arguments.push_back(bind_search(*argument, case_sensitive));
      return call(predicate.text, std::move(arguments), predicate.span);
    }
    case ExpressionKind::call:
      if (predicate.text == "not" && predicate.arguments.size() == 1) return call("not", {bind_search(*predicate.arguments[0], case_sensitive)}, predicate.span);
      return bind_predicate(predicate);
    case ExpressionKind::binary:
    case ExpressionKind::in_list: return bind_search_comparison(predicate, case_sensitive);
    default: return bind_predicate(predicate);
  }
}

RelationPtr Binder::bind(const Search& search, const Operator& op, RelationPtr input) {
  const std::string kind = word_parameter(op, "kind", "default");
  if (kind != "default" && kind != "case_insensitive" && kind != "case_sensitive") {
    report(place_of_parameter(op, "kind"), fmt::format("there is no search of kind '{}'; the kinds are default, case_insensitive and case_sensitive", kind));
    return broken_rows();
  }
  NamedTables tables = searched_tables(search.tables, input, "search_arg");
  const Schema all = all_columns(tables);
  const std::size_t errors = out_.diagnostics.size();
  for (auto& [name, rows] : tables) {
    Scope scope = scope_of(rows);
    scope.elsewhere = &all;
    const InScope inner(*this, scope);
    const ScalarPtr predicate = bind_search(*search.predicate, kind == "case_sensitive");
    if (is_broken(predicate) || out_.diagnostics.size() > errors) return broken_rows();
    rows = relation(rows->schema, FilterRows{rows, predicate}, rows->serialized);
  }
  if (tables.empty()) {
    if (out_.diagnostics.empty()) report(op.span, "search finds no table");
    return broken_rows();
  }
  return union_of(tables, "$table", false);
}

// What `find` gives of each table, behind the table's name.
std::vector<FoundColumn> Binder::found_columns(const Find& find, const NamedTables& tables, const Schema& all) {
  std::vector<FoundColumn> out;
  const auto add = [&](const std::string& name, bool must_be_one, std::optional<Type> as, Span span) {
    std::vector<Type> types;
    for (const auto& [table, rows] : tables)
      if (const auto index = find_column(rows->schema, name); index && std::find(types.begin(), types.end(), rows->schema[*index].type) == types.end())
        types.push_back(rows->schema[*index].type);
    if (as) return out.push_back({name, name, *as, true});
    if (must_be_one && types.size() != 1)
      return report(span, types.empty() ? fmt::format("none of the tables has a column named '{}'", name)
                                        : fmt::format("the tables have columns '{}' of different types; say which is wanted, {}:string", name, name));
    for (const Type type : types) out.push_back({types.size() == 1 ? name : fmt::format("{}_{}", name, type_name(type)), name, type, false});
  };
  for (const Find::Column& column : find.columns) {
    const Expression& value = *column.value;
    if (value.kind == ExpressionKind::call && (value.text == "pack" || value.text == "pack_all")) out.push_back({"pack_", "", Type::dynamic, false});
    else if (value.kind == ExpressionKind::name) add(value.text, true, column.type, value.span);
    else report(value.span, "find projects columns, and pack_all() for the others");
  }
  if (!find.columns.empty()) return out;
  for (const Column& column : all) {
    const bool common = std::all_of(tables.begin(), tables.end(), [&](const auto& table) {
      const auto index = find_column(table.second->schema, column.name);
      return index && table.second->schema[*index].type == column.type;
    });
    if (common) out.push_back({column.name, column.name, column.type, false});
  }
  std::vector<std::string> used;
  bool every = false;
  collect_columns(*find.predicate, all, used, every);
  for (const std::string& name : used)
    if (std::none_of(out.begin(), out.end(), [&](const FoundColumn& c) { return c.source == name; })) add(name, false, std::nullopt, {});
  const bool leftover = std::any_of(all.begin(), all.end(), [&](const Column& column) {
    return std::none_of(out.begin(), out.end(), [&](const FoundColumn& c) { return c.source == column.name; });
  });
  if (leftover) out.push_back({"pack_", "", Type::dynamic, false});
  return out;
}

// The rows of one table that the condition holds for, with the columns of the result.
RelationPtr Binder::find_in(const std::pair<std::string, RelationPtr>& table, const Find& find, const Schema& all, const std::vector<FoundColumn>& columns) {
  const RelationPtr& rows = table.second;
  Scope scope = scope_of(rows);
  scope.elsewhere = &all;
  const InScope inner(*this, scope);
  const ScalarPtr predicate = bind_search(*find.predicate, false);
  if (is_broken(predicate)) return broken_rows();
  const RelationPtr filtered = relation(rows->schema, FilterRows{rows, predicate});
  Schema schema{{"", Type::string}};
  std::vector<ScalarPtr> values{literal(Value::text(table.first), Type::string, {})};
  for (const FoundColumn& column : columns) {
    ScalarPtr value = literal(missing(column.type), column.type, {});
    if (column.source.empty()) {
      std::vector<ScalarPtr> members;
      for (std::size_t i = 0; i < rows->schema.size(); ++i) {
        if (std::any_of(columns.begin(), columns.end(), [&](const FoundColumn& c) { return c.source == rows->schema[i].name; })) continue;
        members.push_back(literal(Value::text(rows->schema[i].name), Type::string, {}));
        members.push_back(column_number(rows->schema, i, {}));
      }
      value = members.empty() ? literal(Value::dynamic(base::JsonObject()), Type::dynamic, {}) : call("bag_pack", std::move(members), find.predicate->span);
    } else if (const auto index = find_column(rows->schema, column.source); index && (column.converts || rows->schema[*index].type == column.type)) {
      value = converted(column_number(rows->schema, *index, {}), column.type);
    }
    if (is_broken(value)) return broken_rows();
    schema.push_back({column.name, column.type});
    values.push_back(std::move(value));
  }
  return relation(std::move(schema), ProjectRows{filtered, std::move(values)});
}

RelationPtr Binder::bind(const Find& find, const Operator& op, RelationPtr input) {
  if (!find.away.empty()) {
    report(find.away.front().span, "find has no 'project-away'; write it as an operator behind find", "find … | project-away …");
    return broken_rows();
  }
  NamedTables tables = searched_tables(find.tables, input, "find_arg");
  const Schema everything = all_columns(tables);
  std::vector<std::string> used;
  bool every = is_text_literal(*find.predicate);
  collect_columns(*find.predicate, everything, used, every);
  const auto has_none = [&](const auto& table) {
    return std::none_of(used.begin(), used.end(), [&](const std::string& name) { return find_column(table.second->schema, name).has_value(); });
  };
  if (!every && !used.empty()) tables.erase(std::remove_if(tables.begin(), tables.end(), has_none), tables.end());
  if (tables.empty()) {
    if (out_.diagnostics.empty()) report(op.span, "find finds no table");
    return broken_rows();
  }
  const Schema all = all_columns(tables);
  const std::size_t errors = out_.diagnostics.size();
  const std::vector<FoundColumn> columns = found_columns(find, tables, all);
  UnionRows out;
  for (const auto& table : tables) {
    if (out_.diagnostics.size() > errors) return broken_rows();
    const RelationPtr rows = find_in(table, find, all, columns);
    if (is_broken(rows)) return broken_rows();
    out.inputs.push_back(rows);
  }
  Schema schema = out.inputs.front()->schema;
  schema[0].name = word_parameter(op, "withsource", "source_");
  return relation(std::move(schema), std::move(out));
}

}  // namespace kql
