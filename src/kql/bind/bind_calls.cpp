// SPDX-License-Identifier: Apache-2.0
// Calls, and the functions that look at more than the values of their arguments.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "kql/address_places.hpp"
#include "kql/bind/binder_state.hpp"
#include "kql/evaluate/scalar.hpp"
#include "kql/syntax/hints.hpp"

namespace kql {

namespace {

bool is_operator(const Function& function) {
  const auto is_of = [&](std::span<const Function> family) { return &function >= family.data() && &function < family.data() + family.size(); };
  return is_of(operator_functions()) || is_of(string_operator_functions());
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the expression, which the parser caps
bool looks_at_row(const Scalar& scalar) {
  if (std::holds_alternative<ColumnOf>(scalar.node)) return true;
  const auto* call = std::get_if<Call>(&scalar.node);
  if (call == nullptr) return false;
  return call->function->kind == Function::Kind::window ||
         std::any_of(call->arguments.begin(), call->arguments.end(), [](const ScalarPtr& argument) { return looks_at_row(*argument); });
}

// What a name stands for may be another thing where a function is called again.
// NOLINTNEXTLINE(misc-no-recursion): as deep as the expression, which the parser caps
bool names_something(const Expression& expression) {
  if (expression.kind == ExpressionKind::name || expression.kind == ExpressionKind::subquery) return true;
  return std::any_of(expression.arguments.begin(), expression.arguments.end(), [](const Expression* argument) { return names_something(*argument); });
}

}  // namespace

ScalarPtr Binder::bind_call(const Expression& expression) {
  using Bind = ScalarPtr (Binder::*)(const Expression&);
  static const std::map<std::string_view, Bind> kSpecial{
      {"case", &Binder::bind_case},           {"toscalar", &Binder::bind_to_scalar},     {"column_ifexists", &Binder::bind_column_if_exists},
      {"columnifexists", &Binder::bind_column_if_exists}, {"iscolumnexists", &Binder::bind_is_column_there}, {"pack_all", &Binder::bind_pack_all}, {"now", &Binder::bind_now},
      {"assert", &Binder::bind_assert},       {"column_names_of", &Binder::bind_column_names_of},
      {"ago", &Binder::bind_ago},             {"iff", &Binder::bind_choice},             {"iif", &Binder::bind_choice},
      {"pack_array", &Binder::bind_call_on_columns}, {"estimate_data_size", &Binder::bind_call_on_columns}, {"bag_pack_columns", &Binder::bind_bag_pack_columns}, {"bin_auto", &Binder::bind_bin_auto},
      {"ingestion_time", &Binder::bind_ingestion_time}, {"cursor_after", &Binder::bind_cursor_test}, {"cursor_before_or_at", &Binder::bind_cursor_test},
      {"cursor_current", &Binder::bind_circumstance},   {"current_cursor", &Binder::bind_circumstance}, {"current_database", &Binder::bind_circumstance},
      {"current_cluster_endpoint", &Binder::bind_circumstance}, {"current_node_id", &Binder::bind_circumstance},
      {"current_principal", &Binder::bind_circumstance}, {"current_principal_details", &Binder::bind_circumstance},
      {"current_principal_is_member_of", &Binder::bind_circumstance}};
  if (expression.receiver != nullptr) {
    report(expression.span, fmt::format("{}() cannot be called on something else", expression.text));
    return broken();
  }
  if (aggregates_ != nullptr && is_aggregate_call(expression)) return bind_aggregate_column(expression);
  if (scope_ != nullptr && scope_->graph != nullptr && !scope_->hidden)
    if (ScalarPtr value = bind_graph_call(expression, *scope_->graph)) return value;
  const Meaning* meaning = environment_->find(expression.text);
  const BoundFunction* own = meaning == nullptr ? nullptr : std::get_if<BoundFunction>(&meaning->what);
  if (own == nullptr && functions_named(expression.text).empty() && kSpecial.count(expression.text) == 0) own = stored_function(expression.text);
  if (own != nullptr) {
    auto called = call_function(*own, expression, nullptr);
    if (const auto* value = std::get_if<ScalarPtr>(&called)) return *value;
    if (std::holds_alternative<RelationPtr>(called))
      report(expression.span, fmt::format("{}() gives a table; a value is expected here", expression.text), fmt::format("toscalar({})", text_of(expression.span)));
    return broken();
  }
  if (const auto special = kSpecial.find(expression.text); special != kSpecial.end()) return (this->*special->second)(expression);
  if (functions_named(expression.text).empty()) return unknown_function(expression);
  if (is_operator(*functions_named(expression.text).front())) {
    report(expression.text_span, fmt::format("'{}' is an operator and stands between its operands", expression.text), fmt::format("a {} b", expression.text));
    return broken();
  }
  return bind_plain_call(expression);
}

ScalarPtr Binder::bind_plain_call(const Expression& expression) {
  if (expression.text == "geo_info_from_ip_address" && options_.run && address_places() == nullptr) {
    report(expression.text_span, "geo_info_from_ip_address() needs a database of the places of addresses, and none comes with Bulwark; give one in MaxMind's form with --geo-database FILE, "
                                 "or look the addresses up in a table of your own with evaluate ipv4_lookup(…)");
    return broken();
  }
  std::vector<ScalarPtr> arguments;
  std::optional<Type> as;  // extract(…, typeof(long))
  for (const Expression* argument : expression.arguments) {
    if (argument->kind == ExpressionKind::type_of) as = argument->value.type;
    else arguments.push_back(bind_scalar(*argument));
  }
  ScalarPtr out = call(expression.text, std::move(arguments), expression.span);
  if (is_broken(out)) return out;
  if (const auto* bound = std::get_if<Call>(&out->node); bound != nullptr && bound->function->kind == Function::Kind::window)
    out = checked_window_call(expression, std::move(out));
  if (is_broken(out)) return out;
  if (!as) return out;
  if (expression.text == "percentiles_array_tdigest") {  // of one percentile a value of the type, of several an array
    const auto* percentiles = std::get_if<Call>(&out->node);
    if (percentiles == nullptr || percentiles->arguments.size() != 2 || percentiles->arguments[1]->type == Type::dynamic) return out;
    out = call("percentile_tdigest", percentiles->arguments, expression.span);
  }
  return *as == Type::dynamic ? call("parse_json", {out}, expression.span) : converted(out, *as);
}

// Functions of a row's place need an order of the rows; prev() and next() look at a column of a row some rows away.
ScalarPtr Binder::checked_window_call(const Expression& expression, ScalarPtr window) {
  if (scope_ == nullptr || !scope_->serialized) {
    report(expression.span, fmt::format("{}() needs rows in an order; write '| serialize' or '| sort by …' before", expression.text), "serialize");
    return broken();
  }
  if (expression.text != "prev" && expression.text != "next") return window;
  const std::vector<ScalarPtr>& arguments = std::get<Call>(window->node).arguments;
  if (!std::holds_alternative<ColumnOf>(arguments[0]->node)) {
    report(arguments[0]->span, fmt::format("{}() takes a column; extend one with this value before", expression.text));
    return broken();
  }
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const auto value = constant_value(*arguments[i]);
    if (value && (i != 1 || (!value->is_null() && value->integer() > 0))) continue;
    report(arguments[i]->span, i == 1 ? fmt::format("the distance of {}() has to be a constant of at least 1", expression.text)
                                      : fmt::format("the default of {}() has to be a constant", expression.text));
    return broken();
  }
  return window;
}

void Binder::report_unknown_function(const Expression& expression, std::vector<std::string> names) {
  if (aggregates_ != nullptr)
    for (const std::string_view name : aggregate_names()) names.emplace_back(name);
  const Hint hint = function_hint(expression.text);
  const std::string nearest = nearest_name(expression.text, names);
  const bool is_case = !nearest.empty() && base::to_lower(nearest) == base::to_lower(expression.text);
  const bool hints = !is_case && !(hint.instead.empty() && hint.advice.empty());
  report(expression.text_span, fmt::format("there is no function '{}'{}{}", expression.text, hints && !hint.advice.empty() ? "; " : "", hints ? hint.advice : ""),
         hints ? std::string(hint.instead) : nearest);
}

ScalarPtr Binder::unknown_function(const Expression& expression) {
  std::vector<std::string> names;
  for (const std::string_view name : function_names()) names.emplace_back(name);
  if (!aggregates_named(expression.text).empty())
    report(expression.text_span, fmt::format("{}() is an aggregate; it may stand in summarize and make-series", expression.text));
  else if (const std::string_view why = refused_function(expression.text); !why.empty())
    report(expression.text_span, fmt::format("the function '{}' {}", expression.text, why));
  else
    report_unknown_function(expression, names);
  return broken();
}

ScalarPtr Binder::bind_now(const Expression& expression) {
  ScalarPtr now = literal(Value::integer(query_time()), Type::datetime, expression.span);
  if (expression.arguments.empty()) return now;
  return call("+", {now, bind_scalar(*expression.arguments[0])}, expression.span);
}

ScalarPtr Binder::bind_ago(const Expression& expression) {
  const ScalarPtr now = literal(Value::integer(query_time()), Type::datetime, expression.span);
  if (expression.arguments.size() == 1) {
    const ScalarPtr span = bind_scalar(*expression.arguments[0]);
    if (is_broken(span)) return span;
    if (span->type == Type::timespan) return call("-", {now, span}, expression.span);
  }
  report(expression.span, "ago() takes a timespan", "ago(1h)");
  return broken();
}

// case(condition, value, condition, value …, otherwise)
ScalarPtr Binder::bind_case(const Expression& expression) {
  const std::size_t count = expression.arguments.size();
  if (count < 3 || count % 2 == 0) {
    report(expression.span, "case() takes pairs of a condition and a value, and a value for the rest");
    return broken();
  }
  return bind_cases(expression, case_function());
}

// Values of types that have nothing in common become dynamics.
ScalarPtr Binder::bind_cases(const Expression& expression, const Function& function) {
  const std::size_t count = expression.arguments.size();
  std::vector<ScalarPtr> arguments;
  std::optional<Type> type;
  bool mixed = false;
  for (std::size_t i = 0; i < count; ++i) {
    const bool condition = i % 2 == 0 && i + 1 < count;
    arguments.push_back(condition ? bind_predicate(*expression.arguments[i]) : bind_scalar(*expression.arguments[i]));
    if (is_broken(arguments.back())) return broken();
    if (condition) continue;
    const auto wider = type ? common_type(*type, arguments.back()->type) : std::optional(arguments.back()->type);
    mixed = mixed || !wider;
    if (wider) type = wider;
  }
  if (mixed) type = Type::dynamic;
  for (std::size_t i = 0; i < count; ++i)
    if (i % 2 == 1 || i + 1 == count) arguments[i] = converted(arguments[i], *type);
  return folded(std::make_shared<Scalar>(Scalar{*type, Call{&function, std::move(arguments)}, expression.span}));
}

// toscalar(rand()) is computed once, wherever what stands there is written out.
ScalarPtr Binder::bind_once(const Expression& expression) {
  if (const auto known = once_.find(&expression); known != once_.end()) return known->second;
  const ScalarPtr scalar = bind_scalar(expression);
  if (is_broken(scalar) || constant_value(*scalar) || looks_at_row(*scalar)) return scalar;
  const ScalarPtr value = literal(evaluate(*scalar, Row()), scalar->type, expression.span);
  if (!names_something(expression)) once_.emplace(&expression, value);
  return value;
}

ScalarPtr Binder::bind_to_scalar(const Expression& expression) {
  if (expression.arguments.size() != 1) {
    report(expression.span, "toscalar() takes one table or value");
    return broken();
  }
  if (!is_tabular(*expression.arguments[0])) {
    // Computed before the rows: it sees none of their columns, and the key of `partition` where T has a column of its name.
    Scope before_rows = scope_ == nullptr ? Scope{} : *scope_;
    before_rows.hidden = true;
    const InScope scope(*this, before_rows);
    return bind_once(*expression.arguments[0]);
  }
  const RelationPtr rows = bind_table(*expression.arguments[0]);
  if (is_broken(rows) || rows->schema.empty()) return broken();
  const Type type = rows->schema[0].type;
  const auto table = run_now(rows, expression.span);
  return literal(table && !table->rows.empty() ? table->rows[0][0] : missing(type), type, expression.span);
}

ScalarPtr Binder::bind_column_if_exists(const Expression& expression) {
  if (expression.arguments.size() != 2) {
    report(expression.span, "column_ifexists() takes a column's name and the value where there is none");
    return broken();
  }
  const auto name = constant(*expression.arguments[0], Type::string, "the column's name");
  if (!name || scope_ == nullptr || scope_->columns == nullptr) return bind_scalar(*expression.arguments[1]);
  Expression column;
  column.kind = ExpressionKind::name;
  column.span = expression.span;
  column.text = name->text();
  return find_column(*scope_->columns, column.text) ? bind_name(column) : bind_scalar(*expression.arguments[1]);
}

ScalarPtr Binder::bind_is_column_there(const Expression& expression) {
  if (expression.arguments.size() != 1) {
    report(expression.span, "iscolumnexists() takes a column's name");
    return broken();
  }
  const auto name = constant(*expression.arguments[0], Type::string, "the column's name");
  if (!name) return broken();
  const bool is_there = scope_ != nullptr && scope_->columns != nullptr && scope_->column(name->text()).has_value();
  return literal(Value::boolean(is_there), Type::boolean, expression.span);
}

// pack_all(), and pack_all(true), which leaves out what is null or empty: bag_pack("a", a, …).
ScalarPtr Binder::bind_pack_all(const Expression& expression) {
  std::vector<ScalarPtr> arguments;
  bool skips_empty = false;
  if (!expression.arguments.empty()) {
    const auto flag = constant(*expression.arguments[0], Type::boolean, "pack_all()'s argument");
    skips_empty = flag && !flag->is_null() && flag->boolean();
  }
  if (scope_ != nullptr && scope_->columns != nullptr)
    for (std::size_t i = 0; i < scope_->columns->size(); ++i) {
      const Column& column = (*scope_->columns)[i];
      arguments.push_back(literal(Value::text(column.name), Type::string, expression.span));
      arguments.push_back(std::make_shared<const Scalar>(Scalar{column.type, ColumnOf{i}, expression.span}));
    }
  return call(skips_empty ? "bag_pack_present" : "bag_pack", std::move(arguments), expression.span);
}

}  // namespace kql
