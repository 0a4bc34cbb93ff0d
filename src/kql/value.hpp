// SPDX-License-Identifier: Apache-2.0
// KQL's scalar types, and values of them (data-explorer/kusto/query/scalar-data-types).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kql {

enum class Type { boolean, integer, long_integer, real, decimal, string, datetime, timespan, guid, dynamic };

std::string_view type_name(Type type);                    // "bool", "int", "long" …
std::optional<Type> parse_type(std::string_view name);    // takes the aliases, too: "date", "time", "double", "boolean" …

// A literal. A string is never null.
struct Value {
  Type type = Type::long_integer;
  bool is_null = false;
  std::int64_t integer = 0;  // bool (0, 1), int, long; datetime: ticks of 100 ns since 0001-01-01; timespan: ticks
  double real = 0;
  std::string text;          // string; guid in lower case with hyphens; decimal as written; dynamic as JSON text
};

constexpr std::int64_t kTicksPerSecond = 10'000'000;
constexpr std::int64_t kTicksPerDay = 86'400 * kTicksPerSecond;

// "2021-03-04T05:06:07.1234567Z", "2021-03-04 05:06", "2021-03", with an offset "+02:00"; also RFC 822 ("Sat, 8 Nov 14
// 15:05:02 GMT"). Ticks since 0001-01-01; nothing for other text or a day that does not exist.
std::optional<std::int64_t> parse_datetime(std::string_view text);

// "1.02:03:04.5", "02:03", "3" (days), "1.5h", "10 minutes". Nothing for other text, and where 64 bits do not hold it.
std::optional<std::int64_t> parse_timespan(std::string_view text);

// "1.5h": a number with its unit, as it stands in a query.
std::optional<std::int64_t> parse_duration(std::string_view number, std::string_view unit);

// "2021-03-04T05:06:07.1234567Z" and "-1.02:03:04.5000000" (no fraction where it is zero, no days where there are none).
std::string format_datetime(std::int64_t ticks);
std::string format_timespan(std::int64_t ticks);

// 32 hexadecimal digits, plain or with hyphens 8-4-4-4-12, in braces or parentheses or not. In the canonical form.
std::optional<std::string> parse_guid(std::string_view text);

}  // namespace kql
