// SPDX-License-Identifier: Apache-2.0
// Stored tables, literal rows, and operators that give each row or not.
#include <fmt/format.h>

#include <algorithm>

#include "kql/evaluate/scalar.hpp"
#include "kql/sql/lift_repeated.hpp"
#include "kql/sql/relation_writer.hpp"
#include "kql/sql/sql_literals.hpp"

namespace kql {

namespace {

constexpr int kDeepestSql = 100;
constexpr int kMostWritten = 5'000;  // relations; one that is shared is written at each place
constexpr std::size_t kLongColumn = 1'000;   // text of a column that is not repeated
constexpr std::size_t kMostLiteralCells = 20'000;
constexpr std::uint64_t kMostRangeRows = 100'000'000;

bool contains(const std::vector<std::string>& names, std::string_view name) { return std::find(names.begin(), names.end(), name) != names.end(); }

std::string null_sql(Type type) { return is_text_in_sql(type) ? "''" : fmt::format("CAST(NULL, {})", quote_sql_text(sql_type(type))); }

// Whether a relation gives the same rows each time it is asked.
bool repeats(const Relation& relation) {
  if (const auto* filter = std::get_if<FilterRows>(&relation.node)) return repeats(*filter->input);
  if (const auto* project = std::get_if<ProjectRows>(&relation.node)) return repeats(*project->input);
  if (const auto* aggregate = std::get_if<AggregateRows>(&relation.node)) return repeats(*aggregate->input);
  if (const auto* shared = std::get_if<SharedRows>(&relation.node)) return repeats(*shared->input);
  if (const auto* join = std::get_if<JoinRows>(&relation.node)) return join->kind != JoinKind::inner_unique && repeats(*join->left) && repeats(*join->right);
  if (const auto* all = std::get_if<UnionRows>(&relation.node)) return std::all_of(all->inputs.begin(), all->inputs.end(), [](const auto& i) { return repeats(*i); });
  return std::holds_alternative<TableRows>(relation.node) || std::holds_alternative<ValueRows>(relation.node) || std::holds_alternative<RangeRows>(relation.node);
}

void count_columns(const Scalar& scalar, std::vector<std::size_t>& uses) {
  if (const auto* column = std::get_if<ColumnOf>(&scalar.node)) ++uses[column->index];
  if (const auto* call = std::get_if<Call>(&scalar.node))
    for (const ScalarPtr& argument : call->arguments) count_columns(*argument, uses);
}

// The scalars as they are on `in`, which has as many subqueries more as it takes for them to repeat nothing long.
std::vector<ScalarPtr> on_subqueries(Select& in, std::vector<ScalarPtr> scalars, const std::vector<bool>& wanted, const std::vector<bool>& needed, SqlNamer& namer) {
  for (int level = 0; level < kDeepestSql; ++level) {
    Lifted lifted = lift_repeated(in.columns, scalars, wanted);
    if (lifted.columns.empty()) break;
    in.columns.insert(in.columns.end(), lifted.columns.begin(), lifted.columns.end());
    in = as_subquery(in, needed, namer);
    scalars = std::move(lifted.scalars);
  }
  return scalars;
}

std::vector<OrderSql> order_of(const SortBy& by, const std::string& key) {
  const std::string_view direction = by.ascending ? "ASC" : "DESC";
  const std::string nulls = fmt::format("{} NULLS {}", direction, by.nulls_first ? "FIRST" : "LAST");
  switch (by.key->type) {
    case Type::string: return {{key, std::string(direction)}};
    case Type::dynamic: return {{fmt::format("({} = '')", key), by.nulls_first ? "DESC" : "ASC"}, {key, std::string(direction)}};
    case Type::guid: return {{fmt::format("toString({})", key), nulls}};
    default: return {{key, nulls}};  // NaN stands beside NULL, as it has to
  }
}

}  // namespace

std::string key_sql(const std::string& value, Type type) {
  return type == Type::real ? fmt::format("multiIf({0} = 0, toFloat64(0), isNaN({0}), nan, {0})", value) : value;
}

std::vector<ColumnSql> not_indexed(std::vector<ColumnSql> columns) {
  for (ColumnSql& column : columns) column.indexed = false;
  return columns;
}

std::vector<bool> RelationWriter::needed(const Relation& relation) const {
  const auto at = needed_.find(&relation);
  return at == needed_.end() ? std::vector<bool>(relation.schema.size(), true) : at->second;
}

template <typename Node>
base::Result<Select> RelationWriter::write(const Node&, const Relation&) {
  return base::fail(no_sql("this operator"));
}

base::Result<Select> RelationWriter::select(const Relation& relation) {
  if (depth_ >= kDeepestSql) return base::fail(no_sql("a query as deep as this"));
  if (++written_ > kMostWritten) return base::fail(no_sql("a query as large as this"));
  ++depth_;
  Written out = std::visit([&](const auto& node) { return write(node, relation); }, relation.node);
  --depth_;
  return out;
}

base::Result<Select> RelationWriter::all_of(const Relation& relation) {
  Select out = TRY(select(relation));
  return out.ends() ? as_subquery(out, needed(relation), namer_) : out;
}

base::Result<Select> RelationWriter::short_of(const Relation& relation) {
  Select out = TRY(all_of(relation));
  const bool is_long = std::any_of(out.columns.begin(), out.columns.end(), [](const ColumnSql& c) { return c.sql.size() > kLongColumn; });
  return is_long ? as_subquery(out, needed(relation), namer_) : out;
}

base::Result<Select> RelationWriter::part_of(const StoredTable& table, const StoredTable::Part& part, const Relation& relation) {
  const std::string name = namer_.next('t');
  Select out;
  out.from = fmt::format("{}.{} AS {}", quote_sql_name(part.database), quote_sql_name(part.table), name);
  for (const Column& column : relation.schema) {
    const bool missing = contains(part.missing, column.name);
    const bool required = !missing && contains(table.required, column.name);
    out.columns.push_back({missing ? null_sql(column.type) : fmt::format("{}.{}", name, quote_sql_name(column.name)), !required && !is_text_in_sql(column.type),
                           !missing && contains(table.indexed, column.name), !missing});
  }
  if (!table.resource.empty()) {
    const std::string id = fmt::format("{}.{}", name, quote_sql_name(table.resource_column));
    out.where.push_back(fmt::format("(lower({0}) = {1} OR startsWith(lower({0}), {2}))", id, quote_sql_text(table.resource), quote_sql_text(table.resource + "/")));
  }
  if (table.piece) {
    const std::string time = fmt::format("{}.{}", name, quote_sql_name(table.piece->column));
    out.where.push_back(fmt::format("{} >= {}", time, TRY(sql_literal(Value::integer(table.piece->begin), Type::datetime))));
    out.where.push_back(fmt::format("{} < {}", time, TRY(sql_literal(Value::integer(table.piece->end), Type::datetime))));
  }
  return out;
}

Select RelationWriter::no_rows(const Relation& relation) {
  Select out;
  out.from = "numbers(0) AS " + namer_.next('t');
  for (const Column& column : relation.schema) out.columns.push_back({null_sql(column.type), !is_text_in_sql(column.type), false, false});
  return out;
}

base::Result<Select> RelationWriter::write(const TableRows& table, const Relation& relation) {
  const std::optional<StoredTable> stored = names_.table(table.table);
  if (!stored) return base::fail(no_sql(fmt::format("table '{}', which is not stored", table.table)));
  if (stored->parts.empty()) return no_rows(relation);
  if (stored->parts.size() == 1) return part_of(*stored, stored->parts[0], relation);
  std::vector<std::string> texts;
  std::vector<std::string> names;
  Select out;
  for (const StoredTable::Part& part : stored->parts) {
    const Select select = TRY(part_of(*stored, part, relation));
    Rendered rendered = render(select, needed(relation), {}, namer_);
    texts.push_back(std::move(rendered.text));
    if (names.empty()) {
      names = std::move(rendered.names);
      out.columns = select.columns;
    }
  }
  const std::string name = namer_.next('t');
  out.from = fmt::format("({}) AS {}", joined_sql(texts, " UNION ALL "), name);
  for (std::size_t i = 0; i < out.columns.size(); ++i) {
    out.columns[i].sql = names[i].empty() ? "" : name + "." + names[i];
    out.columns[i].nullable = !is_text_in_sql(relation.schema[i].type);
  }
  return out;
}

base::Result<Select> RelationWriter::write(const ValueRows& values, const Relation& relation) {
  const std::size_t width = relation.schema.size();
  if (width == 0) {  // of `print`
    Select rows;
    rows.from = fmt::format("numbers({}) AS {}", values.rows->size(), namer_.next('t'));
    return rows;
  }
  if (values.rows->size() * width > kMostLiteralCells) return base::fail(no_sql("as many literal rows as these"));
  const std::vector<bool> wanted = needed(relation);
  Select out;
  std::vector<std::string> arrays;
  const auto add = [&](const std::string& items, Type type) {
    arrays.push_back(fmt::format("CAST([{}], {}) AS {}", items, quote_sql_text(fmt::format("Array({})", sql_type(type))), namer_.next('e')));
    return arrays.back().substr(arrays.back().rfind(' ') + 1);
  };
  for (std::size_t i = 0; i < width; ++i) {
    const Type type = relation.schema[i].type;
    std::vector<std::string> cells;
    for (const Row& row : *values.rows) cells.push_back(TRY(sql_literal(row[i], type)));
    const bool given = wanted[i] || (arrays.empty() && i + 1 == width);
    out.columns.push_back({given ? add(joined_sql(cells, ", "), type) : "", !is_text_in_sql(type), false, false});
  }
  out.from = fmt::format("(SELECT toInt64(1)) AS {} ARRAY JOIN {}", namer_.next('t'), joined_sql(arrays, ", "));
  return out;
}

base::Result<Select> RelationWriter::write(const RangeRows& range, const Relation& relation) {
  const Type type = relation.schema[0].type;
  if (type == Type::real || range.from.is_null() || range.to.is_null() || range.step.is_null()) return base::fail(no_sql("this range"));
  const std::int64_t from = range.from.integer(), to = range.to.integer(), step = range.step.integer();
  std::int64_t span = 0;
  if (step == 0 || __builtin_sub_overflow(to, from, &span)) return base::fail(no_sql("this range"));
  const bool empty = step > 0 ? span < 0 : span > 0;
  const std::uint64_t rows = empty ? 0 : static_cast<std::uint64_t>(span / step) + 1;
  if (rows > kMostRangeRows) return base::fail(no_sql("a range as long as this"));
  const std::string name = namer_.next('t');
  Select out;
  out.from = fmt::format("numbers({}) AS {}", rows, name);
  const std::int64_t origin = type == Type::datetime ? from - kTicksAt1970 : from;
  std::string value = fmt::format("(toInt64({}) + toInt64({}.number) * toInt64({}))", origin, name, step);
  if (type == Type::datetime) value = datetime_at(value);
  if (type == Type::int32) value = fmt::format("toInt32({})", value);
  out.columns.push_back({value, false, false, false});
  return out;
}

// Conditions that repeat something long come last, on a subquery of the rows that the others leave.
base::Result<Select> RelationWriter::write(const FilterRows& filter, const Relation& relation) {
  Select out = TRY(all_of(*filter.input));
  std::vector<ScalarPtr> repeating;
  for (const ScalarPtr& conjunct : conjuncts_of(filter.predicate)) {
    if (lift_repeated(out.columns, {conjunct}, {true}).columns.empty()) out.where.push_back(TRY(ScalarWriter(out.columns).truth(*conjunct)));
    else repeating.push_back(conjunct);
  }
  if (repeating.empty()) return out;
  const std::vector<ScalarPtr> scalars = on_subqueries(out, repeating, std::vector<bool>(repeating.size(), true), needed(*filter.input), namer_);
  for (const ScalarPtr& scalar : scalars) out.where.push_back(TRY(ScalarWriter(out.columns).truth(*scalar)));
  out.columns.resize(relation.schema.size());
  return out;
}

base::Result<Select> RelationWriter::write(const ProjectRows& project, const Relation& relation) {
  Select in = TRY(select(*project.input));
  const bool moves = std::all_of(project.columns.begin(), project.columns.end(), [](const ScalarPtr& s) { return std::holds_alternative<ColumnOf>(s->node); });
  std::vector<std::size_t> uses(in.columns.size());
  const std::vector<bool> wanted = needed(relation);
  for (std::size_t i = 0; i < project.columns.size(); ++i)
    if (wanted[i]) count_columns(*project.columns[i], uses);
  bool repeated = false;
  for (std::size_t i = 0; i < uses.size(); ++i) repeated = repeated || (uses[i] > (moves ? 1 : 0) && in.columns[i].sql.size() > kLongColumn);
  if (repeated || (!moves && (in.keys || !in.one_by.empty()))) in = as_subquery(in, needed(*project.input), namer_);
  const std::vector<ScalarPtr> scalars = on_subqueries(in, project.columns, wanted, needed(*project.input), namer_);
  const std::vector<ColumnSql> without_index = not_indexed(in.columns);
  const ScalarWriter writer(without_index);
  std::vector<ColumnSql> columns;
  for (std::size_t i = 0; i < scalars.size(); ++i) {
    const Scalar& scalar = *scalars[i];
    if (const ColumnSql* own = ScalarWriter(in.columns).column(scalar)) columns.push_back(*own);
    else columns.push_back({wanted[i] ? TRY(writer.value(scalar)) : "", writer.may_be_null(scalar), false, false});
  }
  in.columns = std::move(columns);
  return in;
}

base::Result<Select> RelationWriter::write(const SortRows& sort, const Relation&) {
  Select out = TRY(select(*sort.input));
  if (out.limit || !out.one_by.empty()) out = as_subquery(out, needed(*sort.input), namer_);
  const ScalarWriter writer(out.columns);
  std::vector<OrderSql> order;
  for (const SortBy& by : sort.keys) {
    if (out.keys && !writer.column(*by.key)) return base::fail(no_sql("a sort of aggregates by an expression"));
    for (OrderSql& key : order_of(by, TRY(writer.value(*by.key)))) order.push_back(std::move(key));
  }
  order.insert(order.end(), out.order.begin(), out.order.end());
  out.order = std::move(order);
  return out;
}

base::Result<Select> RelationWriter::write(const LimitRows& limit, const Relation&) {
  Select out = TRY(select(*limit.input));
  const bool one_row = out.keys && out.keys->empty();
  if (!one_row || limit.count == 0) out.limit = std::min(limit.count, out.limit.value_or(limit.count));
  return out;
}

base::Result<Select> RelationWriter::write(const SampleRows& sample, const Relation&) {
  Select out = TRY(all_of(*sample.input));
  out.order = {{"rand64()", "ASC"}};
  out.limit = sample.count;
  return out;
}

base::Result<Select> RelationWriter::write(const SharedRows& shared, const Relation&) {
  if (!repeats(*shared.input)) return base::fail(no_sql("rows that may be others the next time"));
  return select(*shared.input);
}

base::Result<SqlText> write_sql(const Relation& relation, const SqlNames& names, const NeededColumns& needed) {
  RelationWriter writer(names, needed);
  Select select = TRY(writer.select(relation));
  for (ColumnSql& column : select.columns)
    if (column.sql == "toInt64(count())") column.sql = "count()";  // who reads the answer takes any whole number
  const std::vector<bool> wanted = writer.needed(relation);
  SqlText out{render(select, wanted, {}, writer.namer()).text, {}};
  for (std::size_t i = 0; i < wanted.size(); ++i)
    if (wanted[i]) out.columns.push_back(i);
  if (out.text.size() > kLongestSql) return base::fail(no_sql("a query as long as this"));
  return out;
}

std::vector<std::pair<std::string, std::string>> sql_settings() {
  return {{"join_use_nulls", "0"},
          {"transform_null_in", "0"},
          {"aggregate_functions_null_for_empty", "0"},
          {"prefer_column_name_to_alias", "0"},
          {"enable_positional_arguments", "0"},
          {"cast_keep_nullable", "0"},
          {"short_circuit_function_evaluation", "enable"},
          {"output_format_json_escape_forward_slashes", "0"},
          {"output_format_json_quote_64bit_integers", "0"},
          {"output_format_json_quote_denormals", "0"},
          {"least_greatest_legacy_null_behavior", "0"},
          {"session_timezone", "UTC"},
          {"optimize_rewrite_aggregate_function_with_if", "1"}};
}

}  // namespace kql
