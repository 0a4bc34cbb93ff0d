// SPDX-License-Identifier: Apache-2.0
#include "workspace/table_spec.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "base/yaml_doc.hpp"
#include "content/content.hpp"

namespace workspace {

namespace {

constexpr std::string_view kStandardColumnsFile = "tables/standard-columns.yaml";
// A letter or '_' first, then letters, digits and '_': what needs no quotes in KQL.
bool is_name(std::string_view text, std::size_t longest) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; };
  return !text.empty() && text.size() <= longest && (text[0] < '0' || text[0] > '9') && std::all_of(text.begin(), text.end(), fits);
}

std::string read_name(base::YamlReader& reader, std::size_t longest) {
  std::string name = reader.text("name");
  if (!name.empty() && !is_name(name, longest))
    reader.fault("name", fmt::format("'{}' is not a letter or '_' and then letters, digits and '_', {} at most", name, longest));
  return name;
}

// One column with its marks, which go to the table.
void read_column(base::YamlReader& reader, TableSpec& table) {
  model::ColumnSchema column;
  column.name = read_name(reader, kLongestColumnName);
  const std::string type = reader.text("type");
  const auto parsed = model::parse_column_type(type);
  if (!parsed && !type.empty())
    reader.fault("type", fmt::format("'{}' is none of bool, int, long, real, string, datetime, timespan, guid, decimal, dynamic", type));
  column.type = parsed.value_or(model::ColumnType::string);
  column.description = reader.text("description");
  const bool low_cardinality = reader.boolean_or("lowCardinality", false);
  const bool text_index = reader.boolean_or("textIndex", false);
  reader.finish();
  const bool is_text = column.type == model::ColumnType::string || column.type == model::ColumnType::dynamic;
  if (low_cardinality && column.type != model::ColumnType::string) reader.fault("lowCardinality", "is for columns of type string");
  if (text_index && !is_text) reader.fault("textIndex", "is for columns of type string or dynamic");
  if (text_index && low_cardinality) reader.fault("textIndex", "and lowCardinality go not together");
  if (table.schema.find(column.name)) reader.fault("name", fmt::format("column '{}' is there already", column.name));
  if (low_cardinality) table.low_cardinality.push_back(column.name);
  if (text_index) table.text_index.push_back(column.name);
  table.schema.columns.push_back(std::move(column));
}

void read_columns(base::YamlReader& reader, std::string_view file, base::YamlFaults& faults, TableSpec& table) {
  for (const base::YamlNode& node : reader.list("columns")) {
    base::YamlReader column(node, file, faults);
    read_column(column, table);
  }
}

void check_sort_key(base::YamlReader& reader, const TableSpec& table) {
  if (table.sort_key.empty() || table.sort_key.back() != kTimeColumn) reader.fault("sortKey", fmt::format("must end with {}", kTimeColumn));
  for (const std::string& name : table.sort_key) {
    const model::ColumnSchema* column = table.schema.find(name);
    if (!column) reader.fault("sortKey", fmt::format("names '{}', which is no column of the table", name));
    else if (column->type != model::ColumnType::string && name != kTimeColumn)
      reader.fault("sortKey", fmt::format("names '{}', which is no string and may be null", name));
  }
}

TableSpec read_table(base::YamlReader& reader, std::string_view file, base::YamlFaults& faults, const TableSpec& standard) {
  TableSpec out;
  out.schema.name = read_name(reader, kLongestTableName);
  out.schema.description = reader.text("description");
  out.retention_days = static_cast<int>(reader.integer_or("retentionDays", out.retention_days, 1, kLongestRetentionDays));
  read_columns(reader, file, faults, out);
  for (const model::ColumnSchema& column : standard.schema.columns) {
    if (out.schema.find(column.name)) reader.fault("columns", fmt::format("name '{}', which every table has", column.name));
    else out.schema.columns.push_back(column);
  }
  out.low_cardinality.insert(out.low_cardinality.end(), standard.low_cardinality.begin(), standard.low_cardinality.end());
  out.sort_key = reader.texts("sortKey");
  check_sort_key(reader, out);
  reader.finish();
  return out;
}

TableSpec read_standard_columns(std::span<const TableFile> files, base::YamlFaults& faults) {
  TableSpec out;
  for (const TableFile& file : files) {
    if (file.path != kStandardColumnsFile) continue;
    const std::vector<base::YamlNode> documents = base::parse_yaml_doc(file.text, file.path, faults);
    for (const base::YamlNode& document : documents) {
      base::YamlReader reader(document, file.path, faults);
      read_columns(reader, file.path, faults, out);
      reader.finish();
    }
  }
  const model::ColumnSchema* time = out.schema.find(kTimeColumn);
  if (!time || time->type != model::ColumnType::datetime)
    faults.add(kStandardColumnsFile, 1, fmt::format("has no column {} of type datetime", kTimeColumn));
  return out;
}

}  // namespace

base::Result<TableSpecs> TableSpecs::load() {
  std::vector<TableFile> files;
  for (const std::string_view path : content::list("tables/")) files.push_back({path, *content::file(path)});
  return read(files);
}

base::Result<TableSpecs> TableSpecs::read(std::span<const TableFile> files) {
  base::YamlFaults faults;
  const TableSpec standard = read_standard_columns(files, faults);
  TableSpecs out;
  out.standard_columns_ = standard.schema.columns;
  for (const TableFile& file : files) {
    if (file.path == kStandardColumnsFile) continue;
    const std::vector<base::YamlNode> documents = base::parse_yaml_doc(file.text, file.path, faults);
    for (const base::YamlNode& document : documents) {
      base::YamlReader reader(document, file.path, faults);
      TableSpec table = read_table(reader, file.path, faults, standard);
      if (out.find(table.schema.name)) reader.fault("name", fmt::format("table '{}' is there already", table.schema.name));
      out.tables_.push_back(std::move(table));
    }
  }
  TRY(faults.result());
  std::sort(out.tables_.begin(), out.tables_.end(), [](const TableSpec& a, const TableSpec& b) { return a.schema.name < b.schema.name; });
  return out;
}

const TableSpec* TableSpecs::find(std::string_view name) const {
  for (const TableSpec& table : tables_)
    if (table.schema.name == name) return &table;
  return nullptr;
}

}  // namespace workspace
