// SPDX-License-Identifier: Apache-2.0
#include "model/table_schema.hpp"

#include <array>

namespace model {

namespace {

constexpr std::array<std::string_view, 10> kColumnTypeNames{"bool",     "int",      "long", "real",    "string",
                                                           "datetime", "timespan", "guid", "decimal", "dynamic"};

}  // namespace

std::string_view column_type_name(ColumnType type) { return kColumnTypeNames[static_cast<std::size_t>(type)]; }

std::optional<ColumnType> parse_column_type(std::string_view name) {
  for (std::size_t i = 0; i < kColumnTypeNames.size(); ++i)
    if (kColumnTypeNames[i] == name) return static_cast<ColumnType>(i);
  return std::nullopt;
}

const ColumnSchema* TableSchema::find(std::string_view column) const {
  for (const ColumnSchema& candidate : columns)
    if (candidate.name == column) return &candidate;
  return nullptr;
}

}  // namespace model
