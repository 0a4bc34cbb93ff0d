// SPDX-License-Identifier: Apache-2.0
// make-series: rows are summarized by their keys and bins, and the bins of each group put side by side.
#include <fmt/format.h>

#include "kql/bind/binder_state.hpp"
#include "kql/evaluate/scalar.hpp"

namespace kql {

namespace {

// Of the column that holds the bin while rows are summarized; no column of a query can be called so.
constexpr std::string_view kBinName = "\x01" "bin";

bool may_be_axis(Type type) { return is_number(type) || type == Type::datetime || type == Type::timespan; }
Type type_of_step(Type axis) { return axis == Type::datetime ? Type::timespan : axis; }

bool is_positive(const Value& step, Type type) { return type == Type::real ? step.real() > 0 : step.integer() > 0; }

ScalarPtr own_column(const Schema& schema, std::size_t index) {
  return std::make_shared<const Scalar>(Scalar{schema[index].type, ColumnOf{index}, {}});
}

// How many columns of the summarized rows an item makes.
std::size_t columns_of_item(const MakeSeries::Series& item) {
  const Expression& call = *item.aggregate.value;
  if (call.kind != ExpressionKind::call) return 1;
  if (call.text == "percentiles") return std::max<std::size_t>(call.arguments.size(), 2) - 1;
  if (call.text == "percentilesw") return std::max<std::size_t>(call.arguments.size(), 3) - 2;
  return 1;
}

base::Json default_element(Type type) {
  if (is_whole(type)) return std::int64_t{0};
  return type == Type::real || type == Type::decimal ? base::Json(0.0) : base::Json();
}

}  // namespace

// A bound or the step of the axis; null where there is none.
std::optional<Value> Binder::bind_series_bound(const Expression* bound, Type type, std::string_view what) {
  if (bound == nullptr) return Value();
  const Schema no_columns;  // a value of `let` may be called as one
  const InScope scope(*this, {&no_columns, nullptr, {}, nullptr, false, false, false});
  const ScalarPtr value = bind_scalar(*bound);
  if (is_broken(value)) return std::nullopt;
  const auto known = constant_value(*value);
  const bool fits = value->type == type || value->type == Type::dynamic || (is_number(value->type) && is_number(type) && (!is_whole(type) || is_whole(value->type)));
  if (!known || !fits) {
    report(bound->span, fmt::format("{} of make-series has to be a constant of type {}, as the axis asks for", what, type_name(type)));
    return std::nullopt;
  }
  return convert(*known, value->type, type);
}

// The input with the bin of each row behind it, without the rows that are in none.
RelationPtr Binder::bind_series_bins(const MakeSeries& make, RelationPtr input, MakeSeriesRows& out) {
  const InScope scope(*this, scope_of(input));
  ScalarPtr axis = bind_scalar(*make.on.value);
  if (is_broken(axis)) return broken_rows();
  if (!may_be_axis(axis->type)) {
    report(make.on.value->span, fmt::format("the axis of make-series is a number, a datetime or a timespan, not {}", type_name(axis->type)));
    return broken_rows();
  }
  if (axis->type == Type::decimal) axis = converted(axis, Type::real);
  const Type type = axis->type, step_type = type_of_step(type);
  const auto from = bind_series_bound(make.from, type, "the begin"), to = bind_series_bound(make.to, type, "the end"),
             step = bind_series_bound(make.step, step_type, "the step");
  if (!from || !to || !step) return broken_rows();
  if (!step->is_null() && !is_positive(*step, step_type)) {
    report(make.step->span, "the step of make-series has to be above zero");
    return broken_rows();
  }
  out.from = *from, out.to = *to, out.step = *step;
  const ScalarPtr step_scalar = literal(*step, step_type, {}), from_scalar = literal(*from, type, {}), to_scalar = literal(*to, type, {});
  const bool at_begin = !from->is_null() && !out.inclusive;
  ScalarPtr bin = at_begin ? call("+", {from_scalar, call("bin", {call("-", {axis, from_scalar}, {}), step_scalar}, {})}, {}) : call("bin", {axis, step_scalar}, {});
  if (is_broken(bin)) return broken_rows();
  bin = converted(bin, type);
  if (out.inclusive && !from->is_null()) out.from = constant_value(*call("bin", {from_scalar, step_scalar}, {})).value_or(Value());
  const ScalarPtr placed = out.inclusive ? bin : axis;
  ScalarPtr within = call("isnotnull", {placed}, {});
  if (!out.from.is_null()) within = call("and", {within, call(">=", {placed, literal(out.from, type, {})}, {})}, {});
  if (!to->is_null()) within = call("and", {within, call(out.inclusive ? "<=" : "<", {placed, to_scalar}, {})}, {});
  const RelationPtr filtered = relation(input->schema, FilterRows{input, within});
  Schema schema = input->schema;
  std::vector<ScalarPtr> values;
  for (std::size_t i = 0; i < schema.size(); ++i) values.push_back(own_column(schema, i));
  values.push_back(bin);
  schema.push_back({std::string(kBinName), type});
  return relation(std::move(schema), ProjectRows{filtered, std::move(values)});
}

// For each of the summarized columns the element that stands for a bin without rows.
std::vector<Value> Binder::bind_series_defaults(const MakeSeries& make, std::span<const Column> columns) {
  std::vector<Value> out;
  for (const MakeSeries::Series& item : make.series) {
    std::optional<Value> given;
    if (item.otherwise != nullptr) given = constant(*item.otherwise, Type::dynamic, "the default of make-series");
    for (std::size_t i = columns_of_item(item); i > 0 && out.size() < columns.size(); --i)
      out.push_back(given ? *given : Value::dynamic(default_element(columns[out.size()].type)));
  }
  out.resize(columns.size());
  return out;
}

RelationPtr Binder::bind(const MakeSeries& make, const Operator& op, RelationPtr input) {
  MakeSeriesRows out;
  out.inclusive = make.in_range;
  out.nonempty = word_parameter(op, "kind") == "nonempty" && make.by.empty();
  const RelationPtr binned = bind_series_bins(make, input, out);
  if (is_broken(binned)) return broken_rows();
  Expression bin_name;
  bin_name.kind = ExpressionKind::name;
  bin_name.span = make.on.value->span;
  bin_name.text = kBinName;
  std::vector<NamedExpression> by = make.by, aggregates;
  by.push_back({{}, &bin_name});
  for (const MakeSeries::Series& item : make.series) {
    aggregates.push_back(item.aggregate);
    if (item.aggregate.names.size() > 1) report(item.aggregate.names[1].span, "an aggregate of make-series has one name");
  }
  const std::size_t errors = out_.diagnostics.size();
  out.input = aggregate(binned, by, aggregates);
  if (out_.diagnostics.size() > errors || is_broken(out.input)) return broken_rows();
  const Schema& summarized = out.input->schema;
  out.keys = by.size() - 1;
  if (out.keys >= summarized.size() || summarized[out.keys].name != kBinName) {
    report(op.keyword, "a key of make-series is one column");
    return broken_rows();
  }
  const std::span<const Column> values(summarized.data() + by.size(), summarized.size() - by.size());
  out.otherwise = bind_series_defaults(make, values);
  Schema schema(summarized.begin(), summarized.begin() + static_cast<std::ptrdiff_t>(out.keys));
  for (const Column& value : values) schema.push_back({value.name, Type::dynamic});
  std::string axis_name;
  {
    const InScope scope(*this, scope_of(input));
    axis_name = make.on.names.empty() ? name_of(*make.on.value) : make.on.names[0].text;
  }
  if (axis_name.empty()) axis_name = unused_name(schema, "Column1");
  if (find_column(schema, axis_name)) report(make.on.value->span, fmt::format("a column named '{}' is there already; give the axis or the other a name", axis_name));
  schema.push_back({axis_name, Type::dynamic});
  return relation(std::move(schema), std::move(out));
}

}  // namespace kql
