// SPDX-License-Identifier: Apache-2.0
// Functions that look at the columns around them, at what the query sets and at who asks.
#include <fmt/format.h>

#include <map>

#include "base/text.hpp"
#include "kql/bind/binder_state.hpp"
#include "kql/calendar.hpp"
#include "kql/evaluate/scalar.hpp"

namespace kql {

namespace {

bool is_star(const Expression& call) { return call.arguments.size() == 1 && call.arguments[0]->kind == ExpressionKind::star; }

// A cursor is the time that it was taken at: its ticks, or a datetime.
std::optional<std::int64_t> time_of_cursor(const std::string& cursor) {
  const Value ticks = convert(Value::text(cursor), Type::string, Type::int64);
  if (!ticks.is_null()) return is_datetime(ticks.integer()) ? std::optional(ticks.integer()) : std::nullopt;
  return parse_datetime(cursor);
}

}  // namespace

// pack_array(*) and its like take all columns.
ScalarPtr Binder::bind_call_on_columns(const Expression& expression) {
  if (!is_star(expression)) return bind_plain_call(expression);
  std::vector<ScalarPtr> arguments;
  if (scope_ != nullptr && scope_->columns != nullptr)
    for (std::size_t i = 0; i < scope_->columns->size(); ++i)
      arguments.push_back(std::make_shared<const Scalar>(Scalar{(*scope_->columns)[i].type, ColumnOf{i}, expression.span}));
  return call(expression.text, std::move(arguments), expression.span);
}

// bag_pack_columns(a, b): bag_pack("a", a, "b", b).
ScalarPtr Binder::bind_bag_pack_columns(const Expression& expression) {
  std::vector<ScalarPtr> arguments;
  for (const Expression* argument : expression.arguments) {
    const ScalarPtr column = bind_scalar(*argument);
    if (is_broken(column)) return column;
    if (argument->kind != ExpressionKind::name || !std::holds_alternative<ColumnOf>(column->node)) {
      report(argument->span, "bag_pack_columns() takes names of columns");
      return broken();
    }
    arguments.push_back(literal(Value::text(argument->text), Type::string, argument->span));
    arguments.push_back(column);
  }
  return call("bag_pack", std::move(arguments), expression.span);
}

// iff(condition, value, otherwise), whose values may be of two types.
ScalarPtr Binder::bind_choice(const Expression& expression) {
  if (expression.arguments.size() == 3) return bind_cases(expression, *functions_named(expression.text).front());
  report(expression.span, fmt::format("{}() takes a condition, a value and a value for the rest", expression.text));
  return broken();
}

// assert(condition, message): both are known before the query runs, and a condition that does not hold refuses the query.
ScalarPtr Binder::bind_assert(const Expression& expression) {
  if (expression.arguments.size() != 2) {
    report(expression.span, "assert() takes a condition and a message");
    return broken();
  }
  const ScalarPtr condition = bind_predicate(*expression.arguments[0]);
  const auto message = constant(*expression.arguments[1], Type::string, "the message of assert()");
  if (is_broken(condition) || !message) return broken();
  const auto holds = constant_value(*condition);
  if (!holds) {
    report(expression.arguments[0]->span, "the condition of assert() has to be a constant; it cannot look at rows");
    return broken();
  }
  if (!holds->is_null() && holds->boolean()) return condition;
  report(expression.span, fmt::format("assert() has failed with message: '{}'", message->text()));
  return broken();
}

ScalarPtr Binder::bind_column_names_of(const Expression& expression) {
  if (expression.arguments.size() != 1) {
    report(expression.span, "column_names_of() takes a table");
    return broken();
  }
  const RelationPtr rows = bind_table(*expression.arguments[0]);
  if (is_broken(rows)) return broken();
  base::JsonArray names;
  for (const Column& column : rows->schema) names.emplace_back(column.name);
  return literal(Value::dynamic(std::move(names)), Type::dynamic, expression.span);
}

// bin_auto(x): bin_at(x, query_bin_auto_size, query_bin_auto_at), which the query sets.
ScalarPtr Binder::bind_bin_auto(const Expression& expression) {
  const auto size = set_options_.find("query_bin_auto_size");
  if (expression.arguments.size() != 1 || size == set_options_.end()) {
    report(expression.span, "bin_auto() takes one value, and the query has to say how large the bins are", "set query_bin_auto_size=1h;");
    return broken();
  }
  const ScalarPtr value = bind_scalar(*expression.arguments[0]);
  if (is_broken(value)) return value;
  const auto at = set_options_.find("query_bin_auto_at");
  const Type fixed_type = value->type;
  const ScalarPtr fixed = at != set_options_.end() ? at->second
                          : fixed_type == Type::real ? literal(Value::real(0), fixed_type, expression.span)
                          : fixed_type == Type::decimal ? literal(Value::text(std::string("0")), fixed_type, expression.span)
                                                        : literal(Value::integer(0), fixed_type, expression.span);
  return call("bin_at", {value, size->second, fixed}, expression.span);
}

// Where a table keeps when a row came in; else the row's own time.
ScalarPtr Binder::bind_ingestion_time(const Expression& expression) {
  if (!expression.arguments.empty()) {
    report(expression.span, "ingestion_time() takes no arguments");
    return broken();
  }
  if (scope_ != nullptr && scope_->columns != nullptr)
    for (const std::string_view name : {std::string_view("_TimeReceived"), std::string_view(options_.time_column)})
      if (const auto index = find_column(*scope_->columns, name); index && (*scope_->columns)[*index].type == Type::datetime)
        return std::make_shared<const Scalar>(Scalar{Type::datetime, ColumnOf{*index}, expression.span});
  return literal(Value(), Type::datetime, expression.span);
}

// cursor_after(c) and cursor_before_or_at(c): whether the row came in behind the cursor; "" is before all.
ScalarPtr Binder::bind_cursor_test(const Expression& expression) {
  const bool after = expression.text == "cursor_after";
  const auto cursor = expression.arguments.size() == 1 ? constant(*expression.arguments[0], Type::string, "the cursor") : std::nullopt;
  if (!cursor) {
    if (expression.arguments.size() != 1) report(expression.span, fmt::format("{}() takes a cursor", expression.text), "cursor_current()");
    return broken();
  }
  if (cursor->text().empty()) return literal(Value::boolean(after), Type::boolean, expression.span);
  const auto time = time_of_cursor(cursor->text());
  if (!time) {
    report(expression.span, fmt::format("'{}' is no cursor; cursor_current() gives one", cursor->text()));
    return broken();
  }
  Expression no_arguments = expression;
  no_arguments.arguments.clear();
  return call(after ? ">" : "<=", {bind_ingestion_time(no_arguments), literal(Value::integer(*time), Type::datetime, expression.span)}, expression.span);
}

// What is the same for the whole query.
ScalarPtr Binder::bind_circumstance(const Expression& expression) {
  const std::string_view name = expression.text;
  for (const Expression* argument : expression.arguments)
    if (is_broken(bind_scalar(*argument))) return broken();
  if (name == "current_principal_is_member_of") return literal(Value::boolean(false), Type::boolean, expression.span);
  if (!expression.arguments.empty()) {
    report(expression.span, fmt::format("{}() takes no arguments", name));
    return broken();
  }
  if (name == "current_principal_details") {
    base::JsonObject details;
    details["FullyQualifiedName"] = options_.principal;
    return literal(Value::dynamic(std::move(details)), Type::dynamic, expression.span);
  }
  const std::string text = name == "current_principal"  ? options_.principal
                           : name == "current_database" ? options_.database
                           : name == "current_cursor" || name == "cursor_current" ? std::to_string(options_.now)
                                                                                  : std::string();
  return literal(Value::text(text), Type::string, expression.span);
}

}  // namespace kql
