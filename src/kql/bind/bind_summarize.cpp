// SPDX-License-Identifier: Apache-2.0
// summarize and count: aggregates, and expressions of aggregates.
#include <fmt/format.h>

#include <algorithm>

#include "kql/bind/binder_state.hpp"
#include "kql/evaluate/scalar.hpp"

namespace kql {

namespace {

ScalarPtr column_at(const Schema& schema, std::size_t index) {
  return std::make_shared<const Scalar>(Scalar{schema[index].type, ColumnOf{index}, {}});
}

bool has_column(const std::vector<ScalarPtr>& scalars, std::size_t index) {
  return std::any_of(scalars.begin(), scalars.end(), [&](const ScalarPtr& scalar) {
    const auto* column = std::get_if<ColumnOf>(&scalar->node);
    return column != nullptr && column->index == index;
  });
}

// Aggregates take a dynamic for nothing else, and nothing else for a dynamic.
bool converts_dynamic(const std::vector<Type>& from, const std::vector<Type>& to) {
  for (std::size_t i = 0; i < from.size(); ++i)
    if ((from[i] == Type::dynamic) != (to[i] == Type::dynamic)) return true;
  return false;
}

bool is_percentiles(std::string_view name) { return name == "percentiles" || name == "percentilesw"; }

}  // namespace

bool Binder::is_aggregate_call(const Expression& expression) const {
  return expression.kind == ExpressionKind::call && (!aggregates_named(expression.text).empty() || is_percentiles(expression.text));
}

// The arguments of an aggregate, on the rows that are aggregated; `*` is every column that is not named before or a key.
std::vector<ScalarPtr> Binder::bind_aggregate_arguments(const Expression& expression) {
  AggregateList* const list = aggregates_;
  aggregates_ = nullptr;
  std::vector<ScalarPtr> out;
  {
    const InScope scope(*this, scope_of(list->input));
    for (const Expression* argument : expression.arguments) {
      if (argument->kind != ExpressionKind::star) {
        out.push_back(bind_scalar(*argument));
        continue;
      }
      for (std::size_t i = 0; i < list->input->schema.size(); ++i)
        if (!has_column(out, i) && !has_column(list->keys, i)) out.push_back(column_at(list->input->schema, i));
    }
  }
  aggregates_ = list;
  return out;
}

std::optional<AggregateCall> Binder::bind_aggregate(std::string_view name, std::vector<ScalarPtr> arguments, Span span, Type& result) {
  std::vector<Type> types;
  for (const ScalarPtr& argument : arguments) {
    if (is_broken(argument)) return std::nullopt;
    types.push_back(argument->type);
  }
  const bool rows_are_open = open_.count(aggregates_->input.get()) > 0;
  const Aggregate* best = nullptr;
  std::optional<Match> best_match;
  for (const Aggregate* aggregate : aggregates_named(name)) {
    auto fits = match(signature_of(aggregate->signature), types);
    if (!fits || (best_match && best_match->cost <= fits->cost)) continue;
    if (converts_dynamic(types, fits->arguments) && !rows_are_open) continue;
    best = aggregate;
    best_match = std::move(fits);
  }
  if (best == nullptr) {
    std::vector<std::string_view> signatures;
    for (const Aggregate* aggregate : aggregates_named(name)) signatures.push_back(aggregate->signature);
    std::string fault = fault_of_count(name, signatures, types.size()), list;
    for (const Type type : types) list += (list.empty() ? "" : ", ") + std::string(type_name(type));
    if (fault.empty()) fault = fmt::format("{}() does not take ({})", name, list);
    report(span, std::move(fault), name == "count" ? "count()" : "");
    return std::nullopt;
  }
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    arguments[i] = converted(std::move(arguments[i]), best_match->arguments[i]);
    const FormalParameter* formal = signature_of(best->signature).parameter(i);
    if (!formal->constant || constant_value(*arguments[i])) continue;
    report(arguments[i]->span, fmt::format("this argument of {}() has to be a constant", name));
    return std::nullopt;
  }
  result = best_match->result;
  return AggregateCall{best, std::move(arguments), 1};
}

// A call within an expression of aggregates is a column of the aggregated rows.
ScalarPtr Binder::bind_aggregate_column(const Expression& expression) {
  Type result = Type::dynamic;
  auto call = bind_aggregate(expression.text, bind_aggregate_arguments(expression), expression.span, result);
  if (!call) return broken();
  if (call->aggregate->columns == Aggregate::Columns::of_arguments) call->arguments.resize(std::min<std::size_t>(call->arguments.size(), 1));
  return add_aggregate(std::move(*call), result, expression.span);
}

ScalarPtr Binder::add_aggregate(AggregateCall call, Type result, Span span) {
  AggregateList& list = *aggregates_;
  const std::size_t index = list.keys.size() + list.columns.size();
  list.columns.push_back({"", result});
  list.calls.push_back(std::move(call));
  return std::make_shared<const Scalar>(Scalar{result, ColumnOf{index}, span});
}

// arg_max(a, b): a, b; argmax(a, b): max_a, max_a_b; any(a, b): any_a, any_b; what has no name gets its number.
std::string Binder::row_aggregate_name(const Expression& call, const ScalarPtr& argument, std::size_t number) {
  const auto plain_name = [&](const ScalarPtr& of, std::size_t i) {
    const auto* source = std::get_if<ColumnOf>(&of->node);
    if (source != nullptr) return aggregates_->input->schema[source->index].name;
    return i < call.arguments.size() ? name_of(*call.arguments[i]) : std::string();
  };
  const std::string name = plain_name(argument, number);
  const bool of_any = call.text == "any" || call.text == "take_any";
  if (of_any) {
    if (call.text == "any" && call.arguments.size() == 1) return "any_" + name;
    const std::string numbered = name.empty() ? fmt::format("any_arg{}", number) : name;
    return call.text == "any" && !name.empty() ? "any_" + name : numbered;
  }
  const std::string label = fmt::format("{}_", call.text == "arg_max" || call.text == "argmax" ? "max" : "min");
  const std::string first = name_of(*call.arguments[0]);
  const bool old = call.text == "argmax" || call.text == "argmin";
  if (number == 0) return old || name.empty() ? label + name : name;
  const std::string rest = name.empty() ? fmt::format("arg{}", number) : name;
  return old || name.empty() ? fmt::format("{}{}_{}", label, first, rest) : rest;
}

// arg_max(x, a, *) and its like: a column for each argument.
void Binder::bind_row_aggregate(const NamedExpression& column, std::vector<NewColumn>& out) {
  const Expression& expression = *column.value;
  AggregateList& list = *aggregates_;
  std::vector<ScalarPtr> arguments = bind_aggregate_arguments(expression);
  if (arguments.empty() && !expression.arguments.empty()) return;  // take_any(*), where all columns are keys
  Type result = Type::dynamic;
  auto call = bind_aggregate(expression.text, arguments, expression.span, result);
  if (!call) return;
  const std::size_t first = list.keys.size() + list.columns.size();
  call->columns = call->arguments.size();
  for (std::size_t i = 0; i < call->arguments.size(); ++i) {
    const ScalarPtr& argument = call->arguments[i];
    std::string name = row_aggregate_name(expression, argument, i);
    const bool is_named = i < expression.arguments.size() && expression.arguments[i]->kind == ExpressionKind::named;
    const bool named = i < column.names.size() || is_named;
    if (is_named) name = expression.arguments[i]->text;
    list.columns.push_back({"", argument->type});
    out.push_back({i < column.names.size() ? column.names[i].text : name, expression.span, std::make_shared<const Scalar>(Scalar{argument->type, ColumnOf{first + i}, expression.span}), named, true});
  }
  list.calls.push_back(std::move(*call));
}

// percentiles(x, 5, 95): percentile(x, 5) and percentile(x, 95).
void Binder::bind_percentiles(const NamedExpression& column, std::vector<NewColumn>& out) {
  const Expression& expression = *column.value;
  const std::string single = expression.text == "percentilesw" ? "percentilew" : expression.text == "percentiles" ? "percentile" : expression.text;
  const std::size_t fixed = single == "percentilew" ? 2 : 1;
  const std::vector<ScalarPtr> arguments = bind_aggregate_arguments(expression);
  for (std::size_t i = fixed; i < arguments.size(); ++i) {
    std::vector<ScalarPtr> own(arguments.begin(), arguments.begin() + static_cast<std::ptrdiff_t>(fixed));
    own.push_back(arguments[i]);
    Type result = Type::dynamic;
    auto call = bind_aggregate(single, std::move(own), expression.span, result);
    if (!call) return;
    std::string name = fmt::format("percentile_{}_{}", name_of(*expression.arguments[0]), to_text(constant_value(*arguments[i]).value_or(Value()), arguments[i]->type));
    std::replace(name.begin(), name.end(), '.', '_');
    const bool named = i - fixed < column.names.size();
    out.push_back({named ? column.names[i - fixed].text : name, expression.span, add_aggregate(std::move(*call), result, expression.span), named, true});
  }
  if (arguments.size() <= fixed) report(expression.span, fmt::format("{}() takes an expression and the percentiles", expression.text));
}

std::vector<Binder::NewColumn> Binder::bind_aggregate_columns(const std::vector<NamedExpression>& aggregates) {
  std::vector<NewColumn> out;
  for (const NamedExpression& column : aggregates) {
    const Expression& expression = *column.value;
    const auto known = expression.kind == ExpressionKind::call ? aggregates_named(expression.text) : std::span<const Aggregate* const>();
    const bool of_rows = !known.empty() && known.front()->columns == Aggregate::Columns::of_arguments;
    const bool percentile = expression.kind == ExpressionKind::call && (is_percentiles(expression.text) || expression.text == "percentile" || expression.text == "percentilew");
    if (of_rows) {
      bind_row_aggregate(column, out);
    } else if (percentile) {
      bind_percentiles(column, out);
    } else {
      const std::size_t before = aggregates_->calls.size();
      ScalarPtr value = bind_scalar(expression);
      if (is_broken(value)) continue;
      if (aggregates_->calls.size() == before && !constant_value(*value)) report(expression.span, "an aggregate is expected here, such as count() or max(x)");
      const bool named = !column.names.empty();
      out.push_back({named ? column.names[0].text : name_of(expression), expression.span, std::move(value), named, true});
    }
  }
  return out;
}

// The keys and the aggregates of `summarize`, and of what summarizes like it.
RelationPtr Binder::aggregate(RelationPtr input, const std::vector<NamedExpression>& by, const std::vector<NamedExpression>& aggregates) {
  std::vector<NewColumn> columns;
  AggregateList list;
  list.input = input;
  {
    const InScope scope(*this, scope_of(input));
    columns = bind_columns(by);
  }
  for (NewColumn& column : columns) column.made = !std::holds_alternative<ColumnOf>(column.value->node);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].value->type == Type::dynamic && open_.count(input.get()) == 0)
      report(columns[i].value->span, "rows are not grouped by a dynamic", fmt::format("tostring({})", text_of(columns[i].value->span)));
    list.keys.push_back(columns[i].value);
    columns[i].value = std::make_shared<const Scalar>(Scalar{columns[i].value->type, ColumnOf{i}, columns[i].span});
  }
  aggregates_ = &list;
  const Schema none;  // outside of its arguments an expression of aggregates sees no column
  {
    const InScope scope(*this, {&none, nullptr, {}, nullptr, false, false, false});
    for (NewColumn& column : bind_aggregate_columns(aggregates)) columns.push_back(std::move(column));
  }
  aggregates_ = nullptr;
  // By-columns that are not columns count before the others: Column1 of both.
  Schema schema = name_columns(columns, "Column");
  bool as_they_are = true;
  std::vector<ScalarPtr> values;
  Schema inner;
  for (const ScalarPtr& key : list.keys) inner.push_back({"", key->type});
  inner.insert(inner.end(), list.columns.begin(), list.columns.end());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto* column = std::get_if<ColumnOf>(&columns[i].value->node);
    as_they_are = as_they_are && column != nullptr && column->index == i;
    values.push_back(columns[i].value);
  }
  as_they_are = as_they_are && inner.size() == columns.size();
  if (as_they_are) return relation(std::move(schema), AggregateRows{input, std::move(list.keys), std::move(list.calls)});
  const RelationPtr groups = relation(std::move(inner), AggregateRows{input, std::move(list.keys), std::move(list.calls)});
  return relation(std::move(schema), ProjectRows{groups, std::move(values)});
}

RelationPtr Binder::bind(const Summarize& summarize, const Operator&, RelationPtr input) { return aggregate(input, summarize.by, summarize.aggregates); }

RelationPtr Binder::bind(const Count& count, const Operator&, RelationPtr input) {
  return relation({{count.as ? count.as->text : "Count", Type::int64}},
                  AggregateRows{input, {}, {AggregateCall{aggregates_named("count").front(), {}, 1}}});
}

RelationPtr Binder::bind(const TopHitters& top, const Operator&, RelationPtr input) {
  const auto count = bind_count(top.rows, "the number of values", true);
  if (top.of->kind != ExpressionKind::name) {
    report(top.of->span, "top-hitters takes the name of a column");
    return broken_rows();
  }
  Expression call;
  call.kind = ExpressionKind::call;
  call.text = top.by == nullptr ? "count" : "sum";
  if (top.by != nullptr) call.arguments = {top.by};
  const std::string name = top.by == nullptr ? "approximate_count_" + name_of(*top.of) : "approximate_sum_" + name_of(*top.by);
  const RelationPtr groups = aggregate(input, {{{}, top.of}}, {{{Name{name, {}}}, &call}});
  if (groups->schema.size() != 2) return broken_rows();
  const RelationPtr sorted = relation(groups->schema, SortRows{groups, {{column_at(groups->schema, 1), false, false}, {column_at(groups->schema, 0), false, false}}}, true);
  return relation(groups->schema, LimitRows{sorted, count.value_or(0)}, true);
}

}  // namespace kql
