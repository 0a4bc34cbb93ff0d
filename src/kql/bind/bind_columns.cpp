// SPDX-License-Identifier: Apache-2.0
// Columns that operators keep, add and name.
#include <fmt/format.h>

#include <algorithm>

#include "base/glob.hpp"
#include "base/text.hpp"
#include "kql/bind/binder_state.hpp"
#include "kql/evaluate/scalar.hpp"

namespace kql {

namespace {

// The columns that a call makes of its own: "rsquare:real, slope:real".
Schema made_columns(std::string_view text) {
  Schema out;
  for (const std::string_view part : base::split(text, ',')) {
    const std::string_view column = base::trim(part);
    const std::size_t colon = column.find(':');
    out.push_back({std::string(column.substr(0, colon)), *parse_type(column.substr(colon + 1))});
  }
  return out;
}

}  // namespace

// The language's result names: a path is joined with '_', some functions give their first argument's name.
std::string Binder::name_of(const Expression& expression) const {
  switch (expression.kind) {
    case ExpressionKind::name: return expression.text;
    case ExpressionKind::member: {
      const Expression& whole = *expression.arguments[0];
      if (whole.kind == ExpressionKind::name && (whole.text == "$left" || whole.text == "$right")) return expression.text;
      const std::string name = name_of(whole);
      return name.empty() ? expression.text : name + "_" + expression.text;
    }
    case ExpressionKind::element: {
      const std::string name = name_of(*expression.arguments[0]);
      const Expression& key = *expression.arguments[1];
      if (name.empty()) return name;
      if (key.kind != ExpressionKind::literal) return name + "_";
      return name + "_" + (key.value.type == Type::string ? key.value.text : std::to_string(key.value.integer));
    }
    case ExpressionKind::call: {
      if (expression.text == "ingestion_time" && scope_ != nullptr && scope_->columns != nullptr) return "$IngestionTime";
      if (expression.text == "column_ifexists" && !expression.arguments.empty() && scope_ != nullptr && scope_->columns != nullptr &&
          expression.arguments[0]->kind == ExpressionKind::literal && find_column(*scope_->columns, expression.arguments[0]->value.text))
        return expression.arguments[0]->value.text;
      const auto functions = functions_named(expression.text);
      if (expression.text == "bin_auto" && !expression.arguments.empty()) return name_of(*expression.arguments[0]);
      if (functions.empty() || (aggregates_ != nullptr && is_aggregate_call(expression))) return aggregate_name(expression);
      if (expression.arguments.empty()) return {};
      const std::string first = name_of(*expression.arguments[0]);
      switch (functions.front()->naming) {
        case Naming::none: return {};
        case Naming::first_argument: return first;
        case Naming::only_argument: return expression.arguments.size() == 1 ? first : std::string();
        case Naming::result_name: return std::string(functions.front()->result_name);
        case Naming::name_and_argument: return fmt::format("{}_{}", functions.front()->result_name.empty() ? functions.front()->name : functions.front()->result_name, first);
      }
      return {};
    }
    case ExpressionKind::named: return expression.text;
    default: return {};
  }
}

// max(a): max_a; count(): count_; of take_any(a), a.
std::string Binder::aggregate_name(const Expression& call) const {
  const auto aggregates = aggregates_named(call.text);
  if (aggregates.empty()) return {};
  std::string name = call.arguments.empty() ? std::string() : name_of(*call.arguments[0]);
  for (std::size_t i = 1; i < std::min(aggregates.front()->named_by, call.arguments.size()); ++i) name += "_" + name_of(*call.arguments[i]);
  const std::string label(aggregates.front()->label);
  return label.empty() ? name : fmt::format("{}_{}", label, name);
}

std::vector<Binder::NewColumn> Binder::bind_columns(const std::vector<NamedExpression>& columns) {
  std::vector<NewColumn> out;
  for (const NamedExpression& column : columns) {
    if (gives_up()) break;
    ScalarPtr value = bind_scalar(*column.value);
    if (is_broken(value)) continue;
    if (const Function* function = function_with_columns(*column.value)) {
      if (function->columns == kSortedArrays) add_sorted_columns(column, value, out);
      else add_made_columns(*function, column, value, out);
      continue;
    }
    if (column.names.size() > 1) {
      // (a, b) = x: the elements of an array.
      for (std::size_t i = 0; i < column.names.size(); ++i) {
        const ScalarPtr index = literal(Value::integer(static_cast<std::int64_t>(i)), Type::int64, column.value->span);
        out.push_back({column.names[i].text, column.names[i].span, call("[]", {value, index}, column.value->span), true});
      }
      continue;
    }
    const bool named = !column.names.empty();
    out.push_back({named ? column.names[0].text : name_of(*column.value), named ? column.names[0].span : column.value->span, std::move(value), named});
  }
  return out;
}

const Function* Binder::function_with_columns(const Expression& expression) const {
  if (expression.kind != ExpressionKind::call || environment_->find(expression.text) != nullptr) return nullptr;
  const auto functions = functions_named(expression.text);
  return functions.empty() || functions.front()->columns.empty() ? nullptr : functions.front();
}

// array_sort_asc(a, b): the columns given, then a_sorted and b_sorted.
void Binder::add_sorted_columns(const NamedExpression& column, const ScalarPtr& value, std::vector<NewColumn>& out) {
  const std::vector<Expression*>& arguments = column.value->arguments;
  const Expression& last = *arguments.back();
  const bool flagged = arguments.size() > 1 && last.kind == ExpressionKind::literal && last.value.type == Type::boolean;
  const std::size_t arrays = arguments.size() - (flagged ? 1 : 0);
  for (std::size_t i = arrays; i < column.names.size(); ++i) report(column.names[i].span, fmt::format("{}() makes {} columns", column.value->text, arrays));
  for (std::size_t i = 0; i < arrays; ++i) {
    const bool named = i < column.names.size();
    std::string name = named ? column.names[i].text : name_of(*arguments[i]);
    if (!named && name.empty() && arrays > 1) name = fmt::format("array{}", i);
    if (!named && !name.empty()) name += "_sorted";
    const ScalarPtr index = literal(Value::integer(static_cast<std::int64_t>(i)), Type::int64, column.value->span);
    const ScalarPtr part = arrays == 1 ? value : call("[]", {value, index}, column.value->span);
    out.push_back({std::move(name), named ? column.names[i].span : column.value->span, part, named, true, arrays > 1});
  }
}

// series_fit_line(y): its columns are called by the names given, then series_fit_line_y_….
void Binder::add_made_columns(const Function& function, const NamedExpression& column, const ScalarPtr& value, std::vector<NewColumn>& out) {
  const Schema made = made_columns(function.columns);
  const std::string prefix = fmt::format("{}_{}", function.name, column.value->arguments.empty() ? "" : name_of(*column.value->arguments[0]));
  for (std::size_t i = 0; i < made.size(); ++i) {
    const bool named = i < column.names.size();
    const ScalarPtr index = literal(Value::integer(static_cast<std::int64_t>(i)), Type::int64, column.value->span);
    ScalarPtr part = converted(call("[]", {value, index}, column.value->span), made[i].type);
    out.push_back({named ? column.names[i].text : fmt::format("{}_{}", prefix, made[i].name), column.value->span, std::move(part), named, false, true});
  }
}

// A name that the query gives, or that of a column, stands once. Names of other expressions get a number where they are taken.
void Binder::declare_column(const NewColumn& column, std::set<std::string>& declared) {
  const bool is_plain_column = !column.made && std::holds_alternative<ColumnOf>(column.value->node);
  if ((column.named || is_plain_column) && !declared.insert(column.name).second) report(column.span, fmt::format("a column named '{}' is there already", column.name));
}

Schema Binder::name_columns(const std::vector<NewColumn>& columns, std::string_view unnamed) {
  Schema out;
  ColumnPlaces places(out);
  std::set<std::string> declared;
  for (const NewColumn& column : columns) {
    if (gives_up()) break;
    if (!column.name.empty()) declare_column(column, declared);
    const std::string name = column.name.empty() ? fmt::format("{}{}", unnamed, ++unnamed_columns_) : column.name;
    out.push_back({places.unused(name), column.value->type});
  }
  return out;
}

RelationPtr Binder::project(RelationPtr input, const std::vector<NamedExpression>& columns) {
  const InScope scope(*this, scope_of(input));
  const std::vector<NewColumn> made = bind_columns(columns);
  std::vector<ScalarPtr> values;
  for (const NewColumn& column : made) values.push_back(column.value);
  Schema schema = name_columns(made, "Column");
  return relation(std::move(schema), ProjectRows{input, std::move(values)}, input->serialized);
}

// A column that is called after the one it is made of, as in `extend tostring(a)`, takes its place.
RelationPtr Binder::extend(RelationPtr input, const std::vector<NamedExpression>& columns, bool serialized) {
  Scope rows = scope_of(input);
  rows.serialized = rows.serialized || serialized;
  const InScope scope(*this, rows);
  const std::vector<NewColumn> made = bind_columns(columns);
  Schema schema = input->schema;
  ColumnPlaces places(schema);
  std::vector<ScalarPtr> values;
  for (std::size_t i = 0; i < schema.size(); ++i) values.push_back(kept_column(i, schema[i].type));
  std::set<std::string> declared;
  for (const NewColumn& column : made) {
    std::string name = column.name;
    if (name.empty()) {
      do name = fmt::format("Column{}", ++unnamed_columns_);
      while (places.find(name));
    } else if (!column.named && (column.made || column.part || serialized)) {
      name = places.unused(name);
    } else {
      declare_column(column, declared);  // tostring(a) takes the place of a
      const auto* same = std::get_if<ColumnOf>(&column.value->node);
      if (!column.named && same != nullptr && input->schema[same->index].name == name) continue;  // as it is, or as another of these has made it
    }
    if (const auto index = places.find(name)) {
      schema[*index].type = column.value->type;
      values[*index] = column.value;
    } else {
      schema.push_back({name, column.value->type});
      values.push_back(column.value);
    }
  }
  const bool was_open = open_.count(input.get()) > 0;
  RelationPtr out = relation(std::move(schema), ProjectRows{input, std::move(values)}, rows.serialized);
  if (was_open) open_.insert(out.get());
  return out;
}

// A column of the input as it is: the same value for all that keep a column of this place and type.
ScalarPtr Binder::kept_column(std::size_t index, Type type) {
  if (kept_columns_.size() <= index) kept_columns_.resize(index + 1);
  ScalarPtr& out = kept_columns_[index][type];
  if (out == nullptr) out = std::make_shared<const Scalar>(Scalar{type, ColumnOf{index}, {}});
  return out;
}

RelationPtr Binder::keep_columns(RelationPtr input, const std::vector<std::size_t>& columns) {
  Schema schema;
  std::vector<ScalarPtr> values;
  for (const std::size_t index : columns) {
    schema.push_back(input->schema[index]);
    values.push_back(kept_column(index, schema.back().type));
  }
  return relation(std::move(schema), ProjectRows{input, std::move(values)}, input->serialized);
}

std::optional<std::size_t> Binder::column_of(const RelationPtr& input, const Name& name) {
  const auto index = find_column(input->schema, name.text);
  if (index) return index;
  std::vector<std::string> names;
  for (const Column& column : input->schema) names.push_back(column.name);
  if (open_.count(input.get()) == 0) report(name.span, fmt::format("there is no column named '{}'", name.text), nearest_name(name.text, names));
  return std::nullopt;
}

std::vector<std::size_t> Binder::columns_like(const RelationPtr& input, const Name& pattern) {
  if (pattern.text.find('*') == std::string::npos) {
    const auto index = column_of(input, pattern);
    return index ? std::vector{*index} : std::vector<std::size_t>{};
  }
  const base::Glob glob(pattern.text);
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < input->schema.size(); ++i)
    if (glob.matches(input->schema[i].name)) out.push_back(i);
  if (out.empty() && pattern.text != "*" && open_.count(input.get()) == 0) report(pattern.span, fmt::format("no column is called '{}'", pattern.text));
  return out;
}

const Expression* Binder::parameter(const Operator& op, std::string_view name) const {
  for (const Parameter& parameter : op.parameters)
    if (parameter.name.text == name && !parameter.values.empty()) return parameter.values.front();
  return nullptr;
}

Span Binder::place_of_parameter(const Operator& op, std::string_view name) const {
  const Expression* value = parameter(op, name);
  return value == nullptr ? op.keyword : value->span;
}

std::string Binder::word_parameter(const Operator& op, std::string_view name, std::string_view otherwise) const {
  const Expression* value = parameter(op, name);
  if (value == nullptr) return std::string(otherwise);
  return value->kind == ExpressionKind::literal ? value->value.text : value->text;
}

std::optional<std::uint64_t> Binder::bind_count(const Expression* expression, std::string_view what, bool takes_reals) {
  if (expression == nullptr) return std::nullopt;
  const ScalarPtr scalar = bind_scalar(*expression);
  if (is_broken(scalar)) return std::nullopt;
  auto value = is_whole(scalar->type) || (takes_reals && scalar->type == Type::real) ? constant_value(*scalar) : std::nullopt;
  if (value && scalar->type == Type::real) value = convert(*value, Type::real, Type::int64);  // of 2.5 rows there are two
  if (!value || value->is_null() || value->integer() < 0) {
    report(expression->span, fmt::format("{} has to be a constant whole number of at least 0", what));
    return std::nullopt;
  }
  return static_cast<std::uint64_t>(value->integer());
}

}  // namespace kql
