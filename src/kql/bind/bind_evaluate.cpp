// SPDX-License-Identifier: Apache-2.0
// evaluate: plugins, whose arguments are columns, constants, expressions and tables.
#include <fmt/format.h>

#include <algorithm>

#include "kql/bind/binder_state.hpp"
#include "kql/evaluate/aggregate_rows.hpp"
#include "kql/evaluate/scalar.hpp"
#include "kql/functions/plugin.hpp"

namespace kql {

namespace {

using Takes = PluginParameter::Takes;

constexpr std::string_view kPivot = "pivot";

ScalarPtr input_column(const Schema& schema, std::size_t index, Span span) {
  return std::make_shared<const Scalar>(Scalar{schema[index].type, ColumnOf{index}, span});
}

// '~' stands for the default of a parameter.
bool is_default(const Expression& expression) {
  return expression.kind == ExpressionKind::literal && expression.value.type == Type::string && expression.value.text == "~";
}

const PluginParameter* parameter_named(const std::vector<PluginParameter>& parameters, std::string_view name) {
  for (const PluginParameter& parameter : parameters)
    if (parameter.name == name) return &parameter;
  return nullptr;
}

// Whether an argument without a name can be meant for this parameter; else the next one is tried.
bool may_be_for(const PluginParameter& parameter, const Expression& argument, const Schema& input, const Schema* second) {
  if (!parameter.optional) return true;
  const bool is_name = argument.kind == ExpressionKind::name;
  switch (parameter.takes) {
    case Takes::column: return (is_name && find_column(input, argument.text)) || is_default(argument);
    case Takes::key: return is_name && second != nullptr && find_column(*second, argument.text).has_value();
    case Takes::condition: return !is_name || (find_column(input, argument.text) && input[*find_column(input, argument.text)].type == Type::boolean);
    case Takes::constant: return !is_name || !find_column(input, argument.text);
    case Takes::table:
    case Takes::value: return true;
  }
  return true;
}

// The columns that an expression reads.
void collect_columns(const Scalar& scalar, std::vector<bool>& used) {
  if (const auto* column = std::get_if<ColumnOf>(&scalar.node)) used[column->index] = true;
  if (const auto* call = std::get_if<Call>(&scalar.node))
    for (const ScalarPtr& argument : call->arguments) collect_columns(*argument, used);
}

}  // namespace

std::optional<PluginArgument> Binder::bind_plugin_argument(const PluginParameter& parameter, const Expression& argument, const RelationPtr& input,
                                                           const RelationPtr& second) {
  PluginArgument out{std::string(parameter.name), argument.kind == ExpressionKind::named ? argument.text : std::string(), nullptr};
  const Expression& value = argument.kind == ExpressionKind::named ? *argument.arguments[0] : argument;
  if (parameter.takes == Takes::column || parameter.takes == Takes::key) {
    const RelationPtr& rows = parameter.takes == Takes::key ? second : input;
    if (value.kind != ExpressionKind::name) {
      report(value.span, fmt::format("the name of a column is expected for '{}'", parameter.name));
      return std::nullopt;
    }
    const auto index = column_of(rows, {value.text, value.span});
    if (index) out.value = input_column(rows->schema, *index, value.span);
    return index ? std::optional(std::move(out)) : std::nullopt;
  }
  const InScope scope(*this, scope_of(input));
  out.value = parameter.takes == Takes::condition ? bind_predicate(value) : bind_scalar(value);
  if (is_broken(out.value)) return std::nullopt;
  if (parameter.takes != Takes::constant) return out;
  const auto known = constant_value(*out.value);
  if (!known) {
    report(value.span, fmt::format("'{}' has to be a constant", parameter.name));
    return std::nullopt;
  }
  const Type type = parameter.type.value_or(out.value->type);
  if (parameter.type && !common_type(out.value->type, type)) {
    report(value.span, fmt::format("'{}' has to be of type {}, not {}", parameter.name, type_name(type), type_name(out.value->type)));
    return std::nullopt;
  }
  out.value = literal(convert(*known, out.value->type, type), type, value.span);
  return out;
}

std::optional<std::vector<PluginArgument>> Binder::bind_plugin_arguments(const Plugin& plugin, const Expression& call, const RelationPtr& input,
                                                                         RelationPtr& second) {
  const std::vector<PluginParameter> parameters = parameters_of(plugin);
  std::vector<PluginArgument> out;
  std::size_t next = 0;
  std::vector<std::string_view> given;
  const auto required = static_cast<std::size_t>(std::count_if(parameters.begin(), parameters.end(), [](const PluginParameter& p) { return !p.optional; }));
  const bool only_required = call.arguments.size() == required;  // optional ones may stand in the middle
  for (const Expression* argument : call.arguments) {
    const PluginParameter* parameter = argument->kind == ExpressionKind::named ? parameter_named(parameters, argument->text) : nullptr;
    const Expression& value = argument->kind == ExpressionKind::named ? *argument->arguments[0] : *argument;
    if (parameter == nullptr) {
      while (next < parameters.size() && ((only_required && parameters[next].optional) || !may_be_for(parameters[next], value, input->schema, second ? &second->schema : nullptr))) ++next;
      if (next == parameters.size()) {
        report(argument->span, fmt::format("{}() takes no such argument here; it takes ({})", plugin.name, plugin.parameters));
        return std::nullopt;
      }
      parameter = &parameters[parameters[next].repeated ? next : next++];
    }
    given.push_back(parameter->name);
    if (parameter->takes == Takes::table) {
      second = bind_table(value);
      if (is_broken(second)) return std::nullopt;
      continue;
    }
    if (is_default(value) && parameter->optional) continue;
    auto bound = bind_plugin_argument(*parameter, *argument, input, second);
    if (!bound) return std::nullopt;
    out.push_back(std::move(*bound));
  }
  for (const PluginParameter& parameter : parameters) {
    const bool is_given = std::find(given.begin(), given.end(), parameter.name) != given.end();
    if (parameter.optional || is_given) continue;
    report(call.span, fmt::format("{}() lacks its argument '{}'; it takes ({})", plugin.name, parameter.name, plugin.parameters));
    return std::nullopt;
  }
  return out;
}

RelationPtr Binder::bind_plugin(const Plugin& plugin, std::vector<PluginArgument> arguments, const RelationPtr& input, const RelationPtr& second, Span span) {
  const Table no_rows{input->schema, {}};
  const Table no_second{second ? second->schema : Schema{}, {}};
  auto known = plugin.run(PluginCall(no_rows, &no_second, arguments));
  if (!known) {
    report(span, known.error().message);
    return broken_rows();
  }
  if (!plugin.from_rows) return relation(known->schema, PluginRows{input, &plugin, std::move(arguments), second});
  const auto rows = run_now(input, span);
  const auto second_rows = second ? run_now(second, span) : std::nullopt;
  if (!rows || (second && !second_rows)) {
    const RelationPtr out = relation(known->schema, ValueRows{std::make_shared<const Rows>()});
    open_.insert(out.get());
    return out;
  }
  auto table = plugin.run(PluginCall(*rows, second_rows ? &*second_rows : nullptr, arguments));
  if (table) return relation(std::move(table->schema), ValueRows{std::make_shared<const Rows>(std::move(table->rows))});
  report(span, table.error().message);
  return broken_rows();
}

// The aggregate that fills pivot's cells; count() where none is given.
ScalarPtr Binder::bind_pivot_value(const Expression& call, AggregateList& list) {
  Expression count;
  count.kind = ExpressionKind::call;
  count.span = call.span;
  count.text = "count";
  const bool given = call.arguments.size() > 1;
  const Expression& aggregate = given ? *call.arguments[1] : count;
  if (!is_aggregate_call(aggregate)) {
    report(aggregate.span, "pivot() takes an aggregate as its second argument, such as sum(x)");
    return broken();
  }
  aggregates_ = &list;
  ScalarPtr out = bind_aggregate_column(aggregate);
  aggregates_ = nullptr;
  return out;
}

// pivot(column, aggregate, columns…): the rows are aggregated by the columns and the one whose values become columns.
RelationPtr Binder::bind_pivot(const Expression& call, const RelationPtr& input) {
  if (call.arguments.empty() || call.arguments[0]->kind != ExpressionKind::name) {
    report(call.span, "pivot() takes a column, an aggregate, and columns that stay: pivot(State, count(), EventType)");
    return broken_rows();
  }
  const auto pivoted = column_of(input, {call.arguments[0]->text, call.arguments[0]->span});
  AggregateList list;
  list.input = input;
  const ScalarPtr value = bind_pivot_value(call, list);
  if (!pivoted || is_broken(value) || list.calls.empty()) return broken_rows();
  std::vector<bool> used(input->schema.size());
  used[*pivoted] = true;
  for (const ScalarPtr& argument : list.calls[0].arguments) collect_columns(*argument, used);
  std::vector<std::size_t> kept;
  for (std::size_t i = 2; i < call.arguments.size(); ++i) {
    const auto index = column_of(input, {call.arguments[i]->text, call.arguments[i]->span});
    if (!index) return broken_rows();
    kept.push_back(*index);
  }
  for (std::size_t i = 0; i < used.size() && call.arguments.size() <= 2; ++i)
    if (!used[i]) kept.push_back(i);
  kept.push_back(*pivoted);
  Schema schema;
  std::vector<ScalarPtr> keys;
  for (const std::size_t index : kept) {
    keys.push_back(input_column(input->schema, index, call.span));
    schema.push_back(input->schema[index]);
  }
  const std::string cell = unused_name(schema, "Value");
  schema.push_back({cell, value->type});
  Row of_no_row;
  GroupState(list.calls, std::span<const Column>(&schema.back(), 1)).append_to(of_no_row);
  std::vector<PluginArgument> arguments{{"pivotColumn", "", input_column(schema, kept.size() - 1, call.span)},
                                        {"otherwise", "", literal(of_no_row[0], value->type, call.span)}};
  const RelationPtr groups = relation(std::move(schema), AggregateRows{input, std::move(keys), std::move(list.calls)});
  return bind_plugin(*plugin_named(kPivot), std::move(arguments), groups, nullptr, call.span);
}

// The columns that the query declares for what a plugin gives, in their order; what is not among them goes.
RelationPtr Binder::as_declared(const RelationPtr& rows, const Evaluate& evaluate, const RelationPtr& input) {
  if (!evaluate.schema || is_broken(rows)) return rows;
  Schema schema;
  std::vector<ScalarPtr> values;
  const auto add = [&](const std::string& name, Type type, bool must_be_there) {
    const auto index = find_column(rows->schema, name);
    if (!index && !must_be_there) return;
    schema.push_back({name, type});
    values.push_back(index ? converted(input_column(rows->schema, *index, {}), type) : literal(missing(type), type, {}));
  };
  if (evaluate.keeps_columns)
    for (const Column& column : input->schema) add(column.name, column.type, false);
  for (const Declaration& column : *evaluate.schema) {
    if (find_column(schema, column.name.text)) {
      report(column.name.span, fmt::format("a column named '{}' is there already", column.name.text));
      continue;
    }
    add(column.name.text, column.type.value_or(Type::dynamic), true);
  }
  return relation(std::move(schema), ProjectRows{rows, std::move(values)});
}

RelationPtr Binder::bind(const Evaluate& evaluate, const Operator&, RelationPtr input) {
  const Expression& call = *evaluate.call;
  const Plugin* plugin = plugin_named(call.text);
  if (plugin == nullptr) {
    const std::string_view why = refused_plugin(call.text);
    std::vector<std::string> names;
    for (const std::string_view name : plugin_names()) names.emplace_back(name);
    if (!why.empty()) report(call.text_span, fmt::format("the plugin '{}' {}", call.text, why));
    else report(call.text_span, fmt::format("there is no plugin '{}'", call.text), nearest_name(call.text, names));
    return broken_rows();
  }
  if (input == nullptr) {
    report(call.text_span, fmt::format("the plugin '{}' takes rows: write a table and '|' before 'evaluate'", call.text));
    return broken_rows();
  }
  if (plugin->name == kPivot) return as_declared(bind_pivot(call, input), evaluate, input);
  RelationPtr second;
  auto arguments = bind_plugin_arguments(*plugin, call, input, second);
  if (!arguments) return broken_rows();
  return as_declared(bind_plugin(*plugin, std::move(*arguments), input, second, call.span), evaluate, input);
}

}  // namespace kql
