// SPDX-License-Identifier: Apache-2.0
// Tables between a specification and what REST says of one. Pure.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "workspace/table_spec.hpp"

namespace providers {

inline constexpr std::size_t kMostCustomColumns = 500;

// "Orders_CL": letters, digits and '_', a letter in front, at most 60 of them and "_CL".
bool is_custom_table_name(std::string_view name);

// The table of `properties.schema`: {columns: [{name, type, description}], description}, TimeGenerated among the columns.
// Kind::invalid_input names the column.
base::Result<workspace::TableSpec> custom_table_of(std::string_view name, const base::Json& properties, const workspace::TableSpecs& builtin);

// Adds the columns that another version of the table has.
void add_columns_of(workspace::TableSpec& table, const workspace::TableSpec& other);

// Kind::conflict where a column would have another type: that needs a new name.
base::Result<void> check_types_stay(const workspace::TableSpec& before, const workspace::TableSpec& after);

// `schema` as Microsoft.OperationalInsights/workspaces/tables shows it.
base::JsonObject schema_json(const workspace::TableSpec& table, const workspace::TableSpecs& builtin);

}  // namespace providers
