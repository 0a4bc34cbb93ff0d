// SPDX-License-Identifier: Apache-2.0
// Operators that make other rows: summarize, mv-expand, parse.
#include <fmt/format.h>

#include <algorithm>

#include "kql/functions/aggregate.hpp"
#include "kql/sql/aggregate_sql.hpp"
#include "kql/sql/dynamic_sql.hpp"
#include "kql/sql/relation_writer.hpp"
#include "kql/sql/sql_literals.hpp"

namespace kql {

namespace {

constexpr std::uint64_t kNoLimit = 1'000'000'000;

std::string name_of_last(const Select& select) { return select.columns.back().sql; }

bool any_of_range(const std::vector<bool>& wanted, std::size_t begin, std::size_t count) {
  for (std::size_t i = begin; i < begin + count; ++i)
    if (wanted[i]) return true;
  return false;
}

bool is_constant(const Scalar& scalar, const Relation& rows);

// The rows that a relation takes its columns from as they are: their number stays, whatever number of times each is there.
const Relation* rows_with_column(const Relation& rows, std::size_t column) {
  if (const auto* filter = std::get_if<FilterRows>(&rows.node)) return filter->input.get();
  if (const auto* sorted = std::get_if<SortRows>(&rows.node)) return sorted->input.get();
  if (const auto* limit = std::get_if<LimitRows>(&rows.node)) return limit->input.get();
  if (const auto* sample = std::get_if<SampleRows>(&rows.node)) return sample->input.get();
  const auto* expand = std::get_if<ExpandRows>(&rows.node);
  if (expand == nullptr || column >= expand->input->schema.size()) return nullptr;
  const bool replaced = std::any_of(expand->items.begin(), expand->items.end(), [&](const ExpandRows::Item& item) { return item.column == column; });
  return replaced ? nullptr : expand->input.get();
}

bool is_constant_column(const Relation& rows, std::size_t column) {
  if (const auto* project = std::get_if<ProjectRows>(&rows.node)) return is_constant(*project->columns[column], *project->input);
  const Relation* below = rows_with_column(rows, column);
  return below != nullptr && is_constant_column(*below, column);
}

// The same in each of the rows.
bool is_constant(const Scalar& scalar, const Relation& rows) {
  if (const auto* column = std::get_if<ColumnOf>(&scalar.node)) return is_constant_column(rows, column->index);
  const auto* call = std::get_if<Call>(&scalar.node);
  return call == nullptr || std::all_of(call->arguments.begin(), call->arguments.end(), [&](const ScalarPtr& a) { return is_constant(*a, rows); });
}

// `cell`: the SQL of JSON text.
Sql json_cell_as(const std::string& cell, Type type) {
  const ColumnSql column[] = {{cell, false, false, false}};
  return dynamic_as(ScalarWriter(column), Scalar{Type::dynamic, ColumnOf{0}, {}}, type);
}

}  // namespace

// The engine groups by no constant: without rows there would be one group. So constants become columns of a subquery; of the
// other keys there is no text.
base::Result<std::vector<std::string>> RelationWriter::put_constants_below(const AggregateRows& aggregate, Select& in) {
  std::vector<std::string> out(aggregate.keys.size());
  std::vector<std::size_t> moved;
  const std::size_t width = in.columns.size();
  for (std::size_t i = 0; i < out.size(); ++i)
    if (is_constant(*aggregate.keys[i], *aggregate.input)) moved.push_back(i);
  if (moved.empty()) return out;
  const std::vector<ColumnSql> own = in.columns;
  for (const std::size_t i : moved) {
    const Scalar& key = *aggregate.keys[i];
    in.columns.push_back({fmt::format("materialize({})", key_sql(TRY(ScalarWriter(own).value(key)), key.type)), true, false, false});
  }
  std::vector<bool> wanted = needed(*aggregate.input);
  wanted.resize(in.columns.size(), true);
  in = as_subquery(in, wanted, namer_);
  for (std::size_t k = 0; k < moved.size(); ++k) out[moved[k]] = in.columns[width + k].sql;
  in.columns.resize(width);
  return out;
}

// Of arg_max() and arg_min() by group, asked of a stored table: only the rows that have the group's extreme. The engine would
// carry the other columns from each row that is better than the one before; so it reads the few that it needs. Neither a key
// nor what is compared may be null: such rows are equal to none.
void RelationWriter::keep_extremes(const AggregateRows& aggregate, Select& in) const {
  if (aggregate.calls.size() != 1 || aggregate.keys.empty() || in.from.rfind('`', 0) != 0) return;
  const AggregateCall& call = aggregate.calls[0];
  const std::string_view name = call.aggregate->name;
  const bool largest = name == "arg_max" || name == "argmax";
  if ((!largest && name != "arg_min" && name != "argmin") || call.arguments.size() < 2) return;
  const ScalarWriter writer(in.columns);
  std::vector<std::string> names;
  for (const ScalarPtr& key : aggregate.keys) {
    const ColumnSql* column = writer.column(*key);
    if (column == nullptr || column->nullable || key->type == Type::dynamic) return;
    names.push_back(column->sql);
  }
  const ColumnSql* by = writer.column(*call.arguments[0]);
  if (by == nullptr || by->nullable || call.arguments[0]->type != Type::datetime) return;
  const std::string keys = joined_sql(names, ", ");
  const std::string where = in.where.empty() ? "" : " WHERE " + joined_sql(in.where, " AND ");
  const std::string best = datetime_at(fmt::format("{}({})", largest ? "max" : "min", ticks_since_1970(by->sql)));
  in.where.push_back(fmt::format("({0}, {1}) IN (SELECT {0}, {2} FROM {3}{4} GROUP BY {0})", keys, by->sql, best, in.from, where));
}

base::Result<Select> RelationWriter::write(const AggregateRows& aggregate, const Relation& relation) {
  Select in = TRY(select(*aggregate.input));
  const bool ordered = !in.order.empty();
  if (in.ends() || std::any_of(in.columns.begin(), in.columns.end(), [](const ColumnSql& c) { return c.sql.size() > 1'000; }))
    in = as_subquery(in, needed(*aggregate.input), namer_);
  in.order.clear();
  const std::vector<std::string> constants = TRY(put_constants_below(aggregate, in));
  const std::vector<ColumnSql> without_index = not_indexed(in.columns);
  const ScalarWriter writer(without_index);
  const std::vector<bool> wanted = needed(relation);
  std::vector<ColumnSql> columns;
  if (!ordered) keep_extremes(aggregate, in);
  in.keys.emplace();
  for (std::size_t i = 0; i < aggregate.keys.size(); ++i) {
    const Scalar& key = *aggregate.keys[i];
    const std::string value = constants[i].empty() ? key_sql(TRY(writer.value(key)), key.type) : constants[i];
    in.keys->push_back(value);
    const ColumnSql* own = writer.column(key);
    columns.push_back({value, writer.may_be_null(key), false, own != nullptr && own->stored});
  }
  // Calls that make several columns are tuples, taken apart outside.
  std::vector<std::size_t> first_column;
  bool any_tuple = false, any_wanted = !aggregate.keys.empty();
  std::size_t column = aggregate.keys.size();
  for (const AggregateCall& call : aggregate.calls) {
    const bool used = any_of_range(wanted, column, call.columns);
    const std::span<const Column> made(relation.schema.data() + column, call.columns);
    const bool text = made[0].type == Type::string || made[0].type == Type::dynamic;
    columns.push_back({used ? TRY(aggregate_sql(writer, call, made, aggregate.calls, ordered, !aggregate.keys.empty())) : "toInt64(count())", !text, false, false});
    any_tuple = any_tuple || call.columns > 1;
    any_wanted = any_wanted || used;
    column += call.columns;
  }
  in.columns = std::move(columns);
  if (!any_tuple && any_wanted) return in;
  Select out = as_subquery(in, {}, namer_);
  std::vector<ColumnSql> parts(out.columns.begin(), out.columns.begin() + static_cast<std::ptrdiff_t>(aggregate.keys.size()));
  for (std::size_t i = 0; i < aggregate.calls.size(); ++i) {
    const ColumnSql& made = out.columns[aggregate.keys.size() + i];
    for (std::size_t k = 0; k < aggregate.calls[i].columns; ++k)
      parts.push_back({aggregate.calls[i].columns == 1 ? made.sql : fmt::format("tupleElement({}, {})", made.sql, k + 1), true, false, false});
  }
  out.columns = std::move(parts);
  return out;
}

base::Result<Select> RelationWriter::write(const ExpandRows& expand, const Relation& relation) {
  Select in = TRY(all_of(*expand.input));
  const std::size_t width = in.columns.size();
  {
    const ScalarWriter writer(in.columns);
    std::vector<ColumnSql> arrays;
    for (const ExpandRows::Item& item : expand.items) arrays.push_back({TRY(elements_sql(writer, *item.source, expand.bags_as_arrays)), false, false, false});
    in.columns.insert(in.columns.end(), arrays.begin(), arrays.end());
  }
  std::vector<bool> wanted = needed(*expand.input);
  wanted.resize(in.columns.size(), true);
  Select out = as_subquery(in, wanted, namer_);
  std::vector<std::string> lengths, joined, elements;
  for (std::size_t i = 0; i < expand.items.size(); ++i) lengths.push_back(fmt::format("length({})", out.columns[width + i].sql));
  std::string array;
  for (std::size_t i = 0; i < expand.items.size(); ++i) {
    array = out.columns[width + i].sql;
    if (expand.items.size() > 1) array = fmt::format("arrayResize({}, greatest({}), '')", array, joined_sql(lengths, ", "));
    if (expand.limit < kNoLimit) array = fmt::format("arraySlice({}, 1, {})", array, expand.limit);
    elements.push_back(namer_.next('e'));
    joined.push_back(fmt::format("{} AS {}", array, elements.back()));
  }
  std::string number;
  if (expand.index_column) {
    number = namer_.next('e');
    joined.push_back(fmt::format("arrayEnumerate({}) AS {}", array, number));
  }
  out.from += " ARRAY JOIN " + joined_sql(joined, ", ");
  out.columns.resize(width);
  out.columns.resize(relation.schema.size());
  for (std::size_t i = 0; i < expand.items.size(); ++i) {
    const Type type = expand.items[i].to.value_or(Type::dynamic);
    const std::string value = type == Type::dynamic ? elements[i] : TRY(json_cell_as(elements[i], type));
    out.columns[expand.items[i].column] = {value, type != Type::string && type != Type::dynamic, false, false};
  }
  if (expand.index_column) out.columns[*expand.index_column] = {fmt::format("(toInt64({}) - 1)", number), false, false, false};
  return out;
}

base::Result<Select> RelationWriter::write(const ParseRows& parse, const Relation& relation) {
  Select in = TRY(all_of(*parse.input));
  const std::size_t width = in.columns.size();
  const std::string source = TRY(ScalarWriter(in.columns).value(*parse.source));
  const std::string pattern = TRY(regex_literal(parse.pattern));
  const bool any = !parse.captures.empty();
  const std::string groups = any ? fmt::format("extractGroups({}, {})", source, pattern) : fmt::format("if(match({}, {}), [''], CAST([], 'Array(String)'))", source, pattern);
  in.columns.push_back({groups, false, false, false});
  std::vector<bool> wanted = needed(*parse.input);
  wanted.resize(width + 1, true);
  Select out = as_subquery(in, wanted, namer_);
  const std::string found = name_of_last(out);
  out.columns.pop_back();
  std::vector<std::string> sound{fmt::format("notEmpty({})", found)};
  std::vector<std::string> values;
  for (const ParseRows::Capture& capture : parse.captures) {
    const Type type = relation.schema[capture.column].type;
    const std::string text = fmt::format("arrayElement({}, {})", found, capture.group);
    if (type == Type::dynamic) return base::fail(no_sql("a text read as JSON"));
    values.push_back(TRY(text_as(text, type)));
    if (type != Type::string && !parse.relaxed) sound.push_back(fmt::format("isNotNull({})", values.back()));
  }
  const std::string matches = joined_sql(sound, " AND ");
  if (matches.size() > kLongestExpression) return base::fail(no_sql("as many typed columns of parse"));
  out.columns.resize(relation.schema.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::size_t column = parse.captures[i].column;
    const bool text = relation.schema[column].type == Type::string;
    out.columns[column] = {sound.size() == 1 ? values[i] : fmt::format("if({}, {}, {})", matches, values[i], text ? "''" : "NULL"), !text, false, false};
  }
  if (parse.drop_unmatched) out.where.push_back(matches);
  return out;
}

}  // namespace kql
