// SPDX-License-Identifier: Apache-2.0
#include "cli/query_text.hpp"

#include <fmt/format.h>

#include "base/csv.hpp"
#include "base/text.hpp"
#include "scan/text_table.hpp"

namespace cli {

namespace {

std::string separated_cell(const kql::Value& value, kql::Type type, char separator) {
  const std::string text = kql::to_text(value, type);
  if (separator != '\t') return base::csv_field(text, separator);
  std::string out;  // of tab-separated values: no quotes, so that cut and awk read them
  for (const char c : text) out += c == '\t' ? "\\t" : c == '\n' ? "\\n" : c == '\r' ? "\\r" : std::string(1, c);
  return out;
}

base::JsonObject row_object(const kql::Row& row, const kql::Schema& schema) {
  base::JsonObject out;
  for (std::size_t i = 0; i < row.size(); ++i) out[schema[i].name] = kql::to_json(row[i], schema[i].type);
  return out;
}

}  // namespace

std::string rows_as_table(const kql::Table& table, const scan::TableStyle& style) {
  if (table.schema.empty()) return {};
  std::vector<std::string> header;
  for (const kql::Column& column : table.schema) header.push_back(base::printable(column.name));
  scan::TextTable out(header);
  for (const kql::Row& row : table.rows) {
    std::vector<std::string> cells;
    for (std::size_t i = 0; i < row.size(); ++i) cells.push_back(base::printable(kql::to_text(row[i], table.schema[i].type)));
    out.add_row(std::move(cells));
  }
  return out.text(style.width, style.unicode);
}

std::string rows_as_json(const kql::Table& table) {
  base::JsonArray columns, rows;
  for (const kql::Column& column : table.schema) columns.push_back(base::JsonObject{{"name", column.name}, {"type", std::string(kql::type_name(column.type))}});
  for (const kql::Row& row : table.rows) rows.push_back(row_object(row, table.schema));
  return base::to_pretty_text(base::JsonObject{{"schemaVersion", 1}, {"columns", std::move(columns)}, {"rows", std::move(rows)}});
}

std::string rows_as_json_lines(const kql::Table& table) {
  std::string out;
  for (const kql::Row& row : table.rows) out += kql::dynamic_text(row_object(row, table.schema)) + "\n";
  return out;
}

std::string rows_as_separated(const kql::Table& table, char separator) {
  std::string out;
  for (std::size_t i = 0; i < table.schema.size(); ++i) {
    if (i > 0) out += separator;
    out += separated_cell(kql::Value::text(table.schema[i].name), kql::Type::string, separator);
  }
  out += '\n';
  for (const kql::Row& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) out += separator;
      out += separated_cell(row[i], table.schema[i].type, separator);
    }
    out += '\n';
  }
  return out;
}

}  // namespace cli
