// SPDX-License-Identifier: Apache-2.0
#include "workspace/query/value_rows.hpp"

#include <algorithm>

#include "kql/number.hpp"

namespace workspace {

namespace {

using kql::Type;
using kql::Value;

Value value_at(const model::Column& column, std::size_t row, Type type) {
  if (column.is_null(row) || model::column_form(column.type) != model::column_form(type)) return kql::missing(type);
  switch (model::column_form(type)) {
    case model::ColumnForm::integers: return Value::integer(type == Type::boolean ? (column.boolean(row) ? 1 : 0) : column.integer(row));
    case model::ColumnForm::reals: return Value::real(column.real(row));
    case model::ColumnForm::texts: break;
  }
  if (type == Type::dynamic) return kql::parse_dynamic(column.text(row));
  if (type != Type::decimal) return Value::text(column.text(row));
  auto decimal = kql::parse_decimal(column.text(row));
  return decimal ? Value::text(std::move(*decimal)) : Value();
}

void append_value(model::Column& column, const Value& value, Type type) {
  if (value.is_null()) return column.append_null();
  switch (model::column_form(type)) {
    case model::ColumnForm::integers: return column.append(value.integer());
    case model::ColumnForm::reals: return column.append(value.real());
    case model::ColumnForm::texts: break;
  }
  if (type == Type::dynamic) return column.append(std::string_view(kql::dynamic_text(value.json())));
  column.append(std::string_view(value.text()));
}

// A column that needs a look at each value: null marks of dynamics, forms of decimals.
model::Column converted_column(const model::Column& from, const kql::Column& to) {
  model::Column out(to.name, to.type);
  const bool dynamic = to.type == Type::dynamic && model::column_form(from.type) == model::ColumnForm::texts;
  for (std::size_t row = 0; row < from.rows(); ++row) {
    if (!dynamic) append_value(out, value_at(from, row, to.type), to.type);
    else if (from.is_null(row) || from.text(row).empty()) out.append_null();
    else out.append(from.text(row));
  }
  return out;
}

std::uint64_t size_of_cell(const model::Column& column, std::size_t row) {
  return model::column_form(column.type) == model::ColumnForm::texts ? column.text(row).size() : 8;
}

void copy_cell(const model::Column& from, std::size_t row, model::Column& to) {
  if (from.is_null(row)) return to.append_null();
  switch (model::column_form(from.type)) {
    case model::ColumnForm::integers: return to.append(from.integer(row));
    case model::ColumnForm::reals: return to.append(from.real(row));
    case model::ColumnForm::texts: return to.append(from.text(row));
  }
}

}  // namespace

kql::Rows rows_of_answer(const model::ValueTable& answer, const kql::Schema& schema, const std::vector<std::size_t>& columns) {
  kql::Row empty;
  for (const kql::Column& column : schema) empty.push_back(kql::missing(column.type));
  kql::Rows out(answer.rows(), empty);
  for (std::size_t i = 0; i < columns.size() && i < answer.columns.size(); ++i)
    for (std::size_t row = 0; row < out.size(); ++row) out[row][columns[i]] = value_at(answer.columns[i], row, schema[columns[i]].type);
  return out;
}

model::ValueTable with_schema(model::ValueTable answer, const kql::Schema& schema) {
  model::ValueTable out;
  for (std::size_t i = 0; i < schema.size(); ++i) {
    model::Column& column = answer.columns[i];
    const bool same_form = model::column_form(column.type) == model::column_form(schema[i].type);
    if (!same_form || schema[i].type == Type::dynamic || schema[i].type == Type::decimal) {
      out.columns.push_back(converted_column(column, schema[i]));
      continue;
    }
    column.name = schema[i].name;
    column.type = schema[i].type;
    out.columns.push_back(std::move(column));
  }
  return out;
}

model::ValueTable value_table_of(const kql::Table& table) {
  model::ValueTable out;
  for (std::size_t i = 0; i < table.schema.size(); ++i) {
    out.columns.emplace_back(table.schema[i].name, table.schema[i].type);
    for (const kql::Row& row : table.rows) append_value(out.columns.back(), row[i], table.schema[i].type);
  }
  return out;
}

CutTable cut_table(model::ValueTable table, std::uint64_t rows, std::uint64_t bytes) {
  std::uint64_t size = 0;
  std::size_t fitting = 0;
  for (; fitting < std::min<std::uint64_t>(table.rows(), rows); ++fitting) {
    for (const model::Column& column : table.columns) size += size_of_cell(column, fitting);
    if (size > bytes) break;
  }
  if (fitting == table.rows()) return {std::move(table), true};
  model::ValueTable out;
  for (const model::Column& column : table.columns) {
    out.columns.emplace_back(column.name, column.type);
    for (std::size_t row = 0; row < fitting; ++row) copy_cell(column, row, out.columns.back());
  }
  return {std::move(out), false};
}

}  // namespace workspace
