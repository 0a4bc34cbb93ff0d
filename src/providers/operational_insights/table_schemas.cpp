// SPDX-License-Identifier: Apache-2.0
#include "providers/operational_insights/table_schemas.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "providers/property_checks.hpp"

namespace providers {

namespace {

constexpr std::string_view kCustomEnd = "_CL";
constexpr std::size_t kLongestColumnText = 1000;

// Azure's words for column types beside those of KQL.
struct TypeWord {
  std::string_view word;
  model::ColumnType type;
};
constexpr TypeWord kTypeWords[] = {
    {"string", model::ColumnType::string},   {"int", model::ColumnType::int32},         {"long", model::ColumnType::int64},
    {"real", model::ColumnType::real},       {"boolean", model::ColumnType::boolean},   {"dateTime", model::ColumnType::datetime},
    {"guid", model::ColumnType::guid},       {"dynamic", model::ColumnType::dynamic},   {"timespan", model::ColumnType::timespan},
    {"decimal", model::ColumnType::decimal},
};

std::optional<model::ColumnType> type_of_word(std::string_view word) {
  for (const auto& one : kTypeWords)
    if (base::equals_ignoring_case(one.word, word)) return one.type;
  return model::parse_column_type(base::to_lower(word));
}

std::string_view word_of_type(model::ColumnType type) {
  return std::find_if(std::begin(kTypeWords), std::end(kTypeWords), [&](const TypeWord& one) { return one.type == type; })->word;
}

bool is_identifier(std::string_view name, std::size_t longest) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !name.empty() && name.size() <= longest && letter(name[0]) && std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

const model::ColumnSchema* find_standard(const workspace::TableSpecs& builtin, std::string_view name) {
  const auto columns = builtin.standard_columns();
  const auto found = std::find_if(columns.begin(), columns.end(), [&](const auto& column) { return column.name == name; });
  return found == columns.end() ? nullptr : &*found;
}

base::Result<model::ColumnSchema> column_of(const base::Json& json, std::size_t index) {
  const Holder holder{json, fmt::format("properties.schema.columns[{}]", index)};
  model::ColumnSchema column;
  column.name = TRY(need_text(holder, "name", workspace::kLongestColumnName));
  if (!is_identifier(column.name, workspace::kLongestColumnName)) return must_be(holder, "name", "a name of letters, digits and '_', no digit in front");
  const auto word = TRY(need_text(holder, "type", 20));
  const auto type = type_of_word(word);
  if (!type) return must_be(holder, "type", "string, int, long, real, boolean, dateTime, guid or dynamic");
  column.type = *type;
  TRY(check_text(holder, "description", kLongestColumnText));
  column.description = base::get_string(json, "description");
  return column;
}

base::JsonArray columns_json(std::span<const model::ColumnSchema> columns) {
  base::JsonArray out;
  for (const auto& column : columns)
    out.emplace_back(base::JsonObject{{"name", column.name}, {"type", word_of_type(column.type)}, {"displayName", column.name},
                                      {"description", column.description}, {"isDefaultDisplay", false}, {"isHidden", false}});
  return out;
}

}  // namespace

bool is_custom_table_name(std::string_view name) {
  return is_identifier(name, workspace::kLongestTableName) && name[0] != '_' && name.size() > kCustomEnd.size() && name.substr(name.size() - kCustomEnd.size()) == kCustomEnd;
}

base::Result<workspace::TableSpec> custom_table_of(std::string_view name, const base::Json& properties, const workspace::TableSpecs& builtin) {
  if (!is_custom_table_name(name))
    return base::fail(base::Kind::invalid_input, "The name of a table of your own has letters, digits and '_', a letter in front, and ends with _CL.");
  const base::Json schema(base::get_object(properties, "schema"));
  const auto& columns = base::get_array(schema, "columns");
  if (columns.empty() || columns.size() > kMostCustomColumns)
    return must_be({schema, "properties.schema"}, "columns", fmt::format("a list of 1 to {} columns", kMostCustomColumns));
  TRY(check_text({schema, "properties.schema"}, "description", kLongestColumnText));
  workspace::TableSpec table;
  table.schema.name = name;
  table.schema.description = base::get_string(schema, "description");
  table.sort_key = {std::string(workspace::kTimeColumn)};
  bool has_time = false;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    auto column = TRY(column_of(columns[i], i));
    if (const auto* standard = find_standard(builtin, column.name)) {
      if (standard->type != column.type)
        return base::fail(base::Kind::invalid_input, fmt::format("The column {} of every table is of type {}.", column.name, word_of_type(standard->type)));
      has_time = has_time || column.name == workspace::kTimeColumn;
      continue;
    }
    if (table.schema.find(column.name)) return base::fail(base::Kind::invalid_input, fmt::format("properties.schema.columns has {} twice.", column.name));
    table.schema.columns.push_back(std::move(column));
  }
  if (!has_time) return base::fail(base::Kind::invalid_input, "properties.schema.columns must have TimeGenerated of type dateTime.");
  const auto standard = builtin.standard_columns();
  table.schema.columns.insert(table.schema.columns.end(), standard.begin(), standard.end());
  return table;
}

void add_columns_of(workspace::TableSpec& table, const workspace::TableSpec& other) {
  for (const auto& column : other.schema.columns)
    if (!table.schema.find(column.name)) table.schema.columns.push_back(column);
}

base::Result<void> check_types_stay(const workspace::TableSpec& before, const workspace::TableSpec& after) {
  for (const auto& column : before.schema.columns)
    if (const auto* now = after.schema.find(column.name); now && now->type != column.type)
      return base::fail(base::Kind::conflict, fmt::format("The column {} of {} is of type {} already; give the new one another name.", column.name,
                                                          before.schema.name, word_of_type(column.type)));
  return {};
}

base::JsonObject schema_json(const workspace::TableSpec& table, const workspace::TableSpecs& builtin) {
  std::vector<model::ColumnSchema> own;
  for (const auto& column : table.schema.columns)
    if (column.name == workspace::kTimeColumn || !find_standard(builtin, column.name)) own.push_back(column);
  const bool custom = !builtin.find(table.schema.name);
  return {{"name", table.schema.name},
          {"displayName", table.schema.name},
          {"description", table.schema.description},
          {"tableType", custom ? "CustomLog" : "Microsoft"},
          {"tableSubType", custom ? "DataCollectionRuleBased" : "Any"},
          {"source", custom ? "customer" : "microsoft"},
          {"solutions", base::JsonArray{"LogManagement"}},
          {"columns", columns_json(own)},
          {"standardColumns", columns_json(builtin.standard_columns())}};
}

}  // namespace providers
