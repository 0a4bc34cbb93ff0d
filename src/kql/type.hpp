// SPDX-License-Identifier: Apache-2.0
// KQL's scalar types (data-explorer/kusto/query/scalar-data-types): those that columns of tables have.
#pragma once

#include <optional>
#include <string_view>

#include "model/table_schema.hpp"

namespace kql {

using Type = model::ColumnType;

std::string_view type_name(Type type);                   // "bool", "int", "long" …
std::optional<Type> parse_type(std::string_view name);   // takes the aliases, too: "date", "time", "double", "boolean" …

constexpr bool is_whole(Type type) { return type == Type::int32 || type == Type::int64; }
constexpr bool is_number(Type type) { return is_whole(type) || type == Type::real || type == Type::decimal; }

}  // namespace kql
