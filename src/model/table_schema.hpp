// SPDX-License-Identifier: Apache-2.0
// Tables of a workspace as a query sees them: KQL's column types and the schema of one table.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace model {

// KQL's scalar types.
enum class ColumnType { boolean, int32, int64, real, string, datetime, timespan, guid, decimal, dynamic };

std::string_view column_type_name(ColumnType type);                     // "bool", "int", "long", "real" …
std::optional<ColumnType> parse_column_type(std::string_view name);     // as column_type_name writes it

struct ColumnSchema {
  std::string name;  // case counts
  ColumnType type = ColumnType::string;
  std::string description;
};

struct TableSchema {
  std::string name;  // case counts
  std::string description;
  std::vector<ColumnSchema> columns;

  const ColumnSchema* find(std::string_view column) const;  // null where there is none
};

}  // namespace model
