// SPDX-License-Identifier: Apache-2.0
// Names, literals and times as SQL.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "kql/value.hpp"

namespace kql {

std::string quote_sql_text(std::string_view text);  // 'it\'s'
std::string quote_sql_name(std::string_view name);  // `name`

// The type that values of a KQL type have in SQL: "Nullable(Int64)".
std::string_view sql_type(Type type);

// Kind::unsupported for decimals.
base::Result<std::string> sql_literal(const Value& value, Type type);

// A datetime in SQL counts ticks from 1970.
inline constexpr std::int64_t kTicksAt1970 = 621'355'968'000'000'000;
std::string ticks_since_1970(std::string_view datetime);   // Int64 of a DateTime64(7)
std::string datetime_at(std::string_view ticks_since_1970);

// NULL outside the years 1 to 9999.
std::string datetime_within_range(const std::string& ticks_since_1970);

// `value`, or the error that sends the rows to the evaluator where the condition holds. `otherwise` is never the result:
// it gives the type its null, "NULL" or "''".
std::string unless(std::string_view condition, std::string_view value, std::string_view otherwise);

}  // namespace kql
