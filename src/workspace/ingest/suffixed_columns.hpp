// SPDX-License-Identifier: Apache-2.0
// The columns of the HTTP Data Collector API: a member "Count" with a number goes to "Count_d". Suffixes: `_s` text, `_d`
// number, `_b` bool, `_t` point in time, `_g` guid (kept as text). A member whose value fits the column of another suffix
// that is there goes to that one: "5" to "Count_d" once Count was a number.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "workspace/ingest/typed_value.hpp"
#include "workspace/table_spec.hpp"

namespace workspace {

// The name of a member with everything but ASCII letters, digits and '_' made '_', "_" in front of a digit. Empty where
// it would be longer than a column with its suffix may be.
std::string column_stem(std::string_view member);

using ColumnFinder = std::function<const model::ColumnSchema*(std::string_view name)>;

// The column for the value that `value` reads next, and how the value comes out there, appended to `out`. Null where the
// table has none; the reader is past the value only where there is one.
struct SuffixedValue {
  const model::ColumnSchema* column = nullptr;
  ValueFate fate = ValueFate::refused;
};
SuffixedValue write_suffixed(std::string_view member, JsonReader& value, const ColumnFinder& find, ValueWriter& writer, std::string& out);

// The columns that a table lacks for these rows, in the order in which they come up. Rows that are no JSON are passed over.
std::vector<model::ColumnSchema> missing_columns(const TableSpec& table, std::span<const std::string_view> rows, std::string_view time_member);

}  // namespace workspace
