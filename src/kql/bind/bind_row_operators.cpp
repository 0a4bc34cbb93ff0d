// SPDX-License-Identifier: Apache-2.0
// Operators that take rows one by one, or put them in order.
#include <fmt/format.h>

#include <algorithm>

#include "base/glob.hpp"
#include "base/text.hpp"
#include "kql/bind/binder_state.hpp"
#include "kql/evaluate/scalar.hpp"

namespace kql {

namespace {

void split_conjunction(const ScalarPtr& predicate, std::vector<ScalarPtr>& out) {
  const auto* call = std::get_if<Call>(&predicate->node);
  if (call == nullptr || call->function->name != "and") return out.push_back(predicate);
  for (const ScalarPtr& argument : call->arguments) split_conjunction(argument, out);
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the expression, which the parser caps
bool looks_at_first(const Scalar& scalar, std::size_t columns) {
  if (const auto* column = std::get_if<ColumnOf>(&scalar.node)) return column->index < columns;
  const auto* call = std::get_if<Call>(&scalar.node);
  if (call == nullptr) return true;
  if (call->function->kind != Function::Kind::pure) return false;
  return std::all_of(call->arguments.begin(), call->arguments.end(), [&](const ScalarPtr& argument) { return looks_at_first(*argument, columns); });
}

// A condition on columns as one on what these are made of; null where that has more than `most` parts.
// NOLINTNEXTLINE(misc-no-recursion): as deep as the expression, which the parser caps
ScalarPtr on_columns(const ScalarPtr& condition, const std::vector<ScalarPtr>& columns, std::size_t& most) {
  if (most == 0) return nullptr;
  --most;
  if (const auto* column = std::get_if<ColumnOf>(&condition->node)) return columns[column->index];
  const auto* call = std::get_if<Call>(&condition->node);
  if (call == nullptr) return condition;
  Call out{call->function, {}};
  for (const ScalarPtr& argument : call->arguments)
    if (out.arguments.emplace_back(on_columns(argument, columns, most)) == nullptr) return nullptr;
  return std::make_shared<const Scalar>(Scalar{condition->type, std::move(out), condition->span});
}

bool has_window_column(const ProjectRows& project) {
  return std::any_of(project.columns.begin(), project.columns.end(), [](const ScalarPtr& column) { return has_window_call(*column); });
}

// Whether the rows are those of such a join, with conditions on them and columns made of them.
bool is_of_unique_join(const Relation& rows) {
  constexpr int kMostSteps = 50;
  const Relation* at = &rows;
  for (int i = 0; i < kMostSteps; ++i) {
    if (const auto* join = std::get_if<JoinRows>(&at->node)) return join->kind == JoinKind::inner_unique;
    const auto* filter = std::get_if<FilterRows>(&at->node);
    const auto* project = std::get_if<ProjectRows>(&at->node);
    if (filter != nullptr && !has_window_call(*filter->predicate)) at = filter->input.get();
    else if (project != nullptr && !has_window_column(*project)) at = project->input.get();
    else return false;
  }
  return false;
}

std::string schema_text(const Schema& schema) {
  std::vector<std::string> columns;
  for (const Column& column : schema) columns.push_back(fmt::format("{}:{}", column.name, type_name(column.type)));
  return fmt::format("({})", base::join(columns, ", "));
}

}  // namespace

// innerunique takes any left row of a key: a condition on the left columns alone chooses among the rows that meet it.
// `rows`, which are of such a join, with the condition at that place; null where it looks at more.
// NOLINTNEXTLINE(misc-no-recursion): as deep as is_of_unique_join() goes
RelationPtr Binder::filtered_before_unique(const RelationPtr& rows, const ScalarPtr& condition) {
  if (condition == nullptr) return nullptr;
  const auto on = [&](auto node, RelationPtr input) {
    node.input = std::move(input);
    return relation(rows->schema, std::move(node), rows->serialized);
  };
  if (const auto* join = std::get_if<JoinRows>(&rows->node)) {
    if (!looks_at_first(*condition, join->left->schema.size())) return nullptr;
    JoinRows out = *join;
    out.left = relation(join->left->schema, FilterRows{join->left, condition}, join->left->serialized);
    return relation(rows->schema, std::move(out));
  }
  if (const auto* filter = std::get_if<FilterRows>(&rows->node)) {
    const RelationPtr input = filtered_before_unique(filter->input, condition);
    return input == nullptr ? nullptr : on(*filter, input);
  }
  const auto& project = std::get<ProjectRows>(rows->node);
  std::size_t most = 1'000;
  const RelationPtr input = filtered_before_unique(project.input, on_columns(condition, project.columns, most));
  return input == nullptr ? nullptr : on(project, input);
}

RelationPtr Binder::bind(const Where& where, const Operator&, RelationPtr input) {
  const InScope scope(*this, scope_of(input));
  const ScalarPtr predicate = bind_predicate(*where.predicate, where.name);
  if (is_broken(predicate)) return input;
  std::vector<ScalarPtr> conditions, rest;
  split_conjunction(predicate, conditions);
  RelationPtr rows = input;
  const bool chooses = is_of_unique_join(*input) && !has_window_call(*predicate) && open_.count(input.get()) == 0;
  for (const ScalarPtr& condition : conditions) {
    RelationPtr narrowed = chooses ? filtered_before_unique(rows, condition) : nullptr;
    if (narrowed == nullptr) rest.push_back(condition);
    else rows = std::move(narrowed);
  }
  if (rest.empty()) return rows;
  const ScalarPtr what_is_left = rest.size() == conditions.size() ? predicate : rest.size() == 1 ? rest[0] : call("and", std::move(rest), predicate->span);
  RelationPtr out = relation(input->schema, FilterRows{rows, what_is_left}, input->serialized);
  if (open_.count(input.get()) > 0) open_.insert(out.get());
  return out;
}

RelationPtr Binder::bind(const Project& project_op, const Operator&, RelationPtr input) {
  switch (project_op.mode) {
    case Project::Mode::project: return project(input, project_op.columns);
    case Project::Mode::extend: return extend(input, project_op.columns, false);
    case Project::Mode::serialize: {
      const RelationPtr ordered = relation(input->schema, std::visit([](const auto& node) { return decltype(Relation::node)(node); }, input->node), true);
      return project_op.columns.empty() ? ordered : extend(ordered, project_op.columns, true);
    }
    case Project::Mode::print: {
      const RelationPtr one = relation({}, ValueRows{std::make_shared<const Rows>(Rows{Row{}})});
      const InScope scope(*this, scope_of(one));
      std::vector<NewColumn> columns = bind_printed_columns(project_op.columns);
      std::vector<ScalarPtr> values;
      for (const NewColumn& column : columns) values.push_back(column.value);
      return relation(name_columns(columns, "print_"), ProjectRows{one, std::move(values)});
    }
    case Project::Mode::distinct: {
      const bool all = project_op.columns.size() == 1 && project_op.columns[0].value->kind == ExpressionKind::star;
      const RelationPtr columns = all ? input : project(input, project_op.columns);
      std::vector<ScalarPtr> keys;
      for (std::size_t i = 0; i < columns->schema.size(); ++i) {
        if (columns->schema[i].type == Type::dynamic && open_.count(input.get()) == 0)
          report(project_op.columns[std::min(i, project_op.columns.size() - 1)].value->span,
                 fmt::format("distinct does not take a dynamic such as '{}'", columns->schema[i].name), "tostring(…)");
        keys.push_back(std::make_shared<const Scalar>(Scalar{columns->schema[i].type, ColumnOf{i}, {}}));
      }
      return relation(columns->schema, AggregateRows{columns, std::move(keys), {}});
    }
  }
  return broken_rows();
}

// Columns without a name are print_0, print_1 …; of a function's several columns the named ones alone, where any is.
std::vector<Binder::NewColumn> Binder::bind_printed_columns(const std::vector<NamedExpression>& columns) {
  std::vector<NewColumn> out;
  for (const NamedExpression& column : columns)
    for (NewColumn& made : bind_columns({column})) {
      if (made.part && !made.named && !column.names.empty()) continue;
      if (!made.named && !made.part) made.name = fmt::format("print_{}", out.size());
      out.push_back(std::move(made));
    }
  return out;
}

RelationPtr Binder::bind(const ProjectNames& project_op, const Operator&, RelationPtr input) {
  std::vector<bool> named(input->schema.size());
  for (const Name& name : project_op.names)
    for (const std::size_t index : columns_like(input, name)) named[index] = true;
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < named.size(); ++i)
    if (named[i] == (project_op.mode == ProjectNames::Mode::keep)) kept.push_back(i);
  return keep_columns(input, kept);
}

// Columns, patterns, texts and arrays of them; a name that the input does not have is left out.
RelationPtr Binder::bind(const ProjectByNames& project_op, const Operator&, RelationPtr input) {
  std::vector<std::size_t> kept;
  for (const Expression* expression : project_op.names) {
    std::vector<Value> names;
    const bool is_name = expression->kind == ExpressionKind::name;
    const bool is_value = !is_name || (!find_column(input->schema, expression->text) && environment_->find(expression->text) != nullptr);
    if (!is_value) names.push_back(Value::text(expression->text));
    else if (auto values = values_of(*expression, Type::string)) names = std::move(*values);
    for (const Value& name : names) {
      const base::Glob glob(name.text());
      for (std::size_t i = 0; i < input->schema.size(); ++i)
        if (glob.matches(input->schema[i].name) && std::find(kept.begin(), kept.end(), i) == kept.end()) kept.push_back(i);
    }
  }
  return keep_columns(input, kept);
}

RelationPtr Binder::bind(const ProjectRename& project_op, const Operator&, RelationPtr input) {
  Schema schema = input->schema;
  for (const auto& [fresh, old] : project_op.renames)
    if (const auto index = column_of(input, old)) schema[*index].name = fresh.text;
  for (const auto& rename : project_op.renames) {
    const Name& fresh = rename.first;
    if (std::count_if(schema.begin(), schema.end(), [&](const Column& c) { return c.name == fresh.text; }) > 1)
      report(fresh.span, fmt::format("a column named '{}' is there already", fresh.text));
  }
  std::vector<ScalarPtr> values;
  for (std::size_t i = 0; i < schema.size(); ++i) values.push_back(std::make_shared<const Scalar>(Scalar{schema[i].type, ColumnOf{i}, {}}));
  return relation(std::move(schema), ProjectRows{input, std::move(values)}, input->serialized);
}

namespace {

// "a2" before "a10": runs of digits as numbers.
bool granny_less(std::string_view left, std::string_view right) {
  std::size_t i = 0, k = 0;
  const auto digits = [](std::string_view text, std::size_t at) {
    std::size_t end = at;
    while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
    return text.substr(at, end - at);
  };
  while (i < left.size() && k < right.size()) {
    const std::string_view a = digits(left, i), b = digits(right, k);
    if (!a.empty() && !b.empty()) {
      const auto strip = [](std::string_view n) { return n.substr(std::min(n.find_first_not_of('0'), n.size())); };
      const std::string_view x = strip(a), y = strip(b);
      if (x != y) return x.size() != y.size() ? x.size() < y.size() : x < y;
      i += a.size();
      k += b.size();
    } else if (left[i] != right[k]) {
      return left[i] < right[k];
    } else {
      ++i;
      ++k;
    }
  }
  return left.size() - i < right.size() - k;
}

}  // namespace

RelationPtr Binder::bind(const ProjectReorder& project_op, const Operator&, RelationPtr input) {
  using Order = ProjectReorder::Item::Order;
  std::vector<std::size_t> order;
  for (const ProjectReorder::Item& item : project_op.items) {
    std::vector<std::size_t> columns = columns_like(input, item.name);
    const auto& schema = input->schema;
    std::stable_sort(columns.begin(), columns.end(), [&](std::size_t a, std::size_t b) {
      switch (item.order) {
        case Order::as_is: return false;
        case Order::ascending: return schema[a].name < schema[b].name;
        case Order::descending: return schema[b].name < schema[a].name;
        case Order::granny_ascending: return granny_less(schema[a].name, schema[b].name);
        case Order::granny_descending: return granny_less(schema[b].name, schema[a].name);
      }
      return false;
    });
    for (const std::size_t column : columns)
      if (std::find(order.begin(), order.end(), column) == order.end()) order.push_back(column);
  }
  for (std::size_t i = 0; i < input->schema.size(); ++i)
    if (std::find(order.begin(), order.end(), i) == order.end()) order.push_back(i);
  return keep_columns(input, order);
}

RelationPtr Binder::bind(const Take& take, const Operator&, RelationPtr input) {
  const auto count = bind_count(take.rows, "the number of rows");
  return relation(input->schema, LimitRows{input, count.value_or(0)}, input->serialized);
}

RelationPtr Binder::bind(const Sample& sample, const Operator&, RelationPtr input) {
  const auto count = bind_count(sample.rows, "the number of rows", true);
  return relation(input->schema, SampleRows{input, count.value_or(0)});
}

RelationPtr Binder::bind(const SampleDistinct& sample, const Operator&, RelationPtr input) {
  const auto count = bind_count(sample.rows, "the number of values", true);
  if (sample.of->kind != ExpressionKind::name) report(sample.of->span, "sample-distinct takes a column");
  const RelationPtr column = project(input, {{{}, sample.of}});
  if (column->schema.empty()) return broken_rows();
  const ScalarPtr key = std::make_shared<const Scalar>(Scalar{column->schema[0].type, ColumnOf{0}, {}});
  const RelationPtr different = relation(column->schema, AggregateRows{column, {key}, {}});
  return relation(column->schema, LimitRows{different, count.value_or(0)});
}

std::vector<SortBy> Binder::bind_sort_keys(const std::vector<SortKey>& keys, const RelationPtr& input) {
  const InScope scope(*this, scope_of(input));
  std::vector<SortBy> out;
  for (const SortKey& key : keys) {
    ScalarPtr value = bind_scalar(*key.key.value);
    if (is_broken(value)) continue;
    if (value->type == Type::dynamic) report(key.key.value->span, "rows are not sorted by a dynamic", fmt::format("tostring({})", text_of(key.key.value->span)));
    out.push_back({std::move(value), key.ascending, key.nulls_first.value_or(key.ascending)});
  }
  return out;
}

RelationPtr Binder::bind(const Sort& sort, const Operator&, RelationPtr input) {
  return relation(input->schema, SortRows{input, bind_sort_keys(sort.keys, input)}, true);
}

RelationPtr Binder::bind(const Top& top, const Operator&, RelationPtr input) {
  const auto count = bind_count(top.rows, "the number of rows");
  const RelationPtr sorted = relation(input->schema, SortRows{input, bind_sort_keys({top.by}, input)}, true);
  return relation(input->schema, LimitRows{sorted, count.value_or(0)}, true);
}

RelationPtr Binder::bind(const Range& range, const Operator&, RelationPtr) {
  std::vector<ScalarPtr> bounds;
  for (const Expression* bound : {range.from, range.to, range.step}) {
    bounds.push_back(bind_scalar(*bound));
    if (is_broken(bounds.back())) return broken_rows();
    if (constant_value(*bounds.back())) continue;
    report(bound->span, "the bounds and the step of range have to be constants");
    return broken_rows();
  }
  Type type = bounds[0]->type;
  const bool of_time = type == Type::datetime || type == Type::timespan;
  if (!of_time) {
    const auto common = common_type(bounds[0]->type, bounds[1]->type);
    const auto all = common ? common_type(*common, bounds[2]->type) : std::nullopt;
    if (!all || !is_number(*all) || *all == Type::decimal) {
      report(range.column.span, "range takes whole numbers, reals, datetimes or timespans");
      return broken_rows();
    }
    type = *all;
  }
  const auto value = [&](std::size_t i, Type to) { return convert(*constant_value(*bounds[i]), bounds[i]->type, to); };
  if (of_time && bounds[2]->type != Type::timespan) {
    report(range.step->span, "the step of a range of time has to be a timespan");
    return broken_rows();
  }
  return relation({{range.column.text, type}}, RangeRows{value(0, type), value(1, type), value(2, of_time ? Type::timespan : type)}, true);
}

RelationPtr Binder::bind(const Datatable& table, const Operator& op, RelationPtr) {
  Schema schema;
  for (const Declaration& column : table.columns) schema.push_back({column.name.text, column.type.value_or(Type::dynamic)});
  if (schema.empty() || table.values.size() % schema.size() != 0) {
    report(op.span, fmt::format("datatable has {} columns and {} values; it needs as many values for each row as there are columns", schema.size(), table.values.size()));
    return broken_rows();
  }
  auto rows = std::make_shared<Rows>();
  for (std::size_t i = 0; i < table.values.size(); ++i) {
    if (i % schema.size() == 0) rows->emplace_back();
    const Column& column = schema[i % schema.size()];
    const ScalarPtr bound = bind_scalar(*table.values[i]);
    if (is_broken(bound)) return broken_rows();
    const auto value = constant_value(*bound);
    if (!value) {
      report(table.values[i]->span, "the values of datatable have to be constants");
      return broken_rows();
    }
    rows->back().push_back(column.type == Type::dynamic && bound->type == Type::string && !value->is_null()
                               ? Value::dynamic(boost::json::string(value->text()))
                               : convert(*value, bound->type, column.type));
  }
  return relation(std::move(schema), ValueRows{std::move(rows)});
}

RelationPtr Binder::bind(const ExternalData&, const Operator& op, RelationPtr) {
  report(op.keyword, "externaldata would reach out of the workspace and is not allowed; ingest the data as a table");
  return broken_rows();
}

RelationPtr Binder::bind(const GetSchema&, const Operator&, RelationPtr input) {
  static const std::map<Type, std::string_view> kSystemTypes{
      {Type::boolean, "System.SByte"},    {Type::int32, "System.Int32"},       {Type::int64, "System.Int64"},    {Type::real, "System.Double"},
      {Type::string, "System.String"},    {Type::datetime, "System.DateTime"}, {Type::timespan, "System.TimeSpan"}, {Type::guid, "System.Guid"},
      {Type::decimal, "System.Data.SqlTypes.SqlDecimal"}, {Type::dynamic, "System.Object"}};
  auto rows = std::make_shared<Rows>();
  for (std::size_t i = 0; i < input->schema.size(); ++i) {
    const Column& column = input->schema[i];
    rows->push_back({Value::text(column.name), Value::integer(static_cast<std::int64_t>(i)), Value::text(kSystemTypes.at(column.type)),
                     Value::text(type_name(column.type))});
  }
  return relation({{"ColumnName", Type::string}, {"ColumnOrdinal", Type::int64}, {"DataType", Type::string}, {"ColumnType", Type::string}},
                  ValueRows{std::move(rows)}, true);
}

RelationPtr Binder::bind(const As& as, const Operator& op, RelationPtr input) {
  const Expression* once = parameter(op, "hint.materialized");
  if (once != nullptr && (once->text == "true" || once->value.integer != 0) && !is_graph(input)) input = relation(input->schema, SharedRows{input}, input->serialized);
  declare(as.name, {input});
  return input;
}

RelationPtr Binder::bind(const Render& render, const Operator& op, RelationPtr input) {
  static constexpr std::string_view kKinds[] = {"table", "list", "barchart", "piechart", "ladderchart", "timechart", "linechart", "anomalychart", "pivotchart",
                                                "areachart", "stackedareachart", "scatterchart", "timepivot", "columnchart", "timeline", "3Dchart", "card",
                                                "treemap", "plotly", "graph", "sankey"};
  if (std::find(std::begin(kKinds), std::end(kKinds), render.visualization) == std::end(kKinds))
    report(op.span, fmt::format("there is no chart '{}'", render.visualization), nearest_name(render.visualization, {std::begin(kKinds), std::end(kKinds)}));
  Visualization out{render.visualization, {}};
  for (const Parameter& parameter : render.with) {
    std::vector<std::string> words;
    for (const Expression* value : parameter.values) {
      if (value->kind == ExpressionKind::name) words.push_back(value->text);
      else if (value->kind == ExpressionKind::literal) words.push_back(to_text(Value::of(value->value), value->value.type));
      else words.push_back(text_of(value->span));
    }
    out.properties.emplace_back(parameter.name.text, base::join(words, ","));
  }
  out_.query.visualization = std::move(out);
  return input;
}

RelationPtr Binder::bind(const Consume&, const Operator&, RelationPtr input) { return relation(input->schema, LimitRows{input, 0}); }

RelationPtr Binder::bind(const AssertSchema& expected, const Operator& op, RelationPtr input) {
  Schema said;
  for (const Declaration& column : expected.columns) said.push_back({column.name.text, column.type.value_or(Type::dynamic)});
  const std::string wanted = schema_text(said), found = schema_text(input->schema);
  if (wanted != found) report(op.span, fmt::format("the rows are {}, and assert-schema says {}", found, wanted));
  return input;
}

RelationPtr Binder::bind(const Unsupported& unsupported, const Operator& op, RelationPtr) {
  const bool outside = unsupported.name == "external_data" || unsupported.name == "inline_external_table";
  report(op.keyword, outside ? fmt::format("{} would reach out of the workspace and is not allowed; ingest the data as a table", unsupported.name)
                             : fmt::format("the operator '{}' is not supported", unsupported.name));
  return broken_rows();
}

}  // namespace kql
