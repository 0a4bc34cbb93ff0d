// SPDX-License-Identifier: Apache-2.0
// schema_merge: the rows of several getschema become one schema.
#include <fmt/format.h>

#include <algorithm>

#include "kql/functions/plugin.hpp"

namespace kql {

namespace {

struct MergedColumn {
  std::string name, data_type, type;
  std::int64_t first = 0, last = 0;  // the least and the greatest place that a schema has it at
  std::string fault;
};

// The type that holds the values of both; nothing where there is none.
std::optional<std::string> merged_type(const std::string& left, const std::string& right) {
  if (left == right) return left;
  const auto a = parse_type(left), b = parse_type(right);
  if (!a || !b || !is_number(*a) || !is_number(*b)) return std::nullopt;
  if (*a == Type::decimal || *b == Type::decimal) return std::string(type_name(Type::decimal));
  return std::string(type_name(*a == Type::real || *b == Type::real ? Type::real : Type::int64));
}

void merge_into(MergedColumn& column, const std::string& type, const std::string& data_type, std::int64_t ordinal) {
  const auto common = merged_type(column.type, type);
  if (!common) column.fault = fmt::format("column has types {} and {}", column.type, type);
  if (common && *common != column.type) {
    column.type = *common;
    column.data_type = *common == type ? data_type : *common == "real" ? "System.Double" : "System.Int64";
  }
  column.first = std::min(column.first, ordinal);
  column.last = std::max(column.last, ordinal);
}

base::Result<Table> schema_merge(const PluginCall& call) {
  const Table& input = call.input();
  const auto place = [&](std::string_view name) -> std::optional<std::size_t> {
    for (std::size_t i = 0; i < input.schema.size(); ++i)
      if (input.schema[i].name == name) return i;
    return std::nullopt;
  };
  const auto name_at = place("ColumnName"), ordinal_at = place("ColumnOrdinal"), data_type_at = place("DataType"), type_at = place("ColumnType");
  if (!name_at || !ordinal_at || !data_type_at || !type_at)
    return base::fail(base::Kind::invalid_input, "schema_merge() takes the rows that getschema gives: ColumnName, ColumnOrdinal, DataType and ColumnType");
  const auto text = [&](const Row& row, std::size_t at) { return to_text(row[at], input.schema[at].type); };
  std::vector<MergedColumn> columns;
  for (const Row& row : input.rows) {
    const Value number = convert(row[*ordinal_at], input.schema[*ordinal_at].type, Type::int64);
    const std::int64_t ordinal = number.is_null() ? 0 : number.integer();
    const std::string name = text(row, *name_at), type = text(row, *type_at), data_type = text(row, *data_type_at);
    const auto known = std::find_if(columns.begin(), columns.end(), [&](const MergedColumn& column) { return column.name == name; });
    if (known == columns.end()) columns.push_back({name, data_type, type, ordinal, ordinal, {}});
    else merge_into(*known, type, data_type, ordinal);
  }
  const bool preserves_order = !call.has("PreserveOrder") || call.flag("PreserveOrder");
  for (MergedColumn& column : columns)
    if (preserves_order && column.fault.empty() && column.first != column.last) column.fault = "columns are out of order";
  std::stable_sort(columns.begin(), columns.end(), [](const MergedColumn& a, const MergedColumn& b) { return a.last < b.last; });
  Table out{{{"ColumnName", Type::string}, {"ColumnOrdinal", Type::int64}, {"DataType", Type::string}, {"ColumnType", Type::string}}, {}};
  for (const MergedColumn& column : columns) {
    const std::string fault = fmt::format("ERROR({})", column.fault);
    const bool sound = column.fault.empty();
    out.rows.push_back({Value::text(column.name), Value::integer(sound ? static_cast<std::int64_t>(out.rows.size()) : -1),
                        Value::text(sound ? column.data_type : fmt::format("ERROR(unknown CSL type:{})", fault)), Value::text(sound ? column.type : fault)});
  }
  return out;
}

constexpr Plugin kSchemaPlugins[] = {{.name = "schema_merge", .parameters = "PreserveOrder bool?", .run = schema_merge}};

}  // namespace

std::span<const Plugin> schema_plugins() { return kSchemaPlugins; }

}  // namespace kql
