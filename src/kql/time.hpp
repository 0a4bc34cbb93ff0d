// SPDX-License-Identifier: Apache-2.0
// Points and spans of time in ticks of 100 ns, as KQL reads and prints them, and guids
// (data-explorer/kusto/query/scalar-data-types).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kql {

constexpr std::int64_t kTicksPerSecond = 10'000'000;
constexpr std::int64_t kTicksPerDay = 86'400 * kTicksPerSecond;

// "2021-03-04T05:06:07.1234567Z", "2021-03-04 05:06", "2021-03", "3/4/2021 5:06 PM", with an offset "+02:00"; also RFC 822 ("Sat, 8 Nov 14
// 15:05:02 GMT"). Ticks since 0001-01-01; nothing for other text or a day that does not exist.
std::optional<std::int64_t> parse_datetime(std::string_view text);

// "1.02:03:04.5", "02:03", "3" (days), "1.5h", "10 minutes". Nothing for other text, and where 64 bits do not hold it.
std::optional<std::int64_t> parse_timespan(std::string_view text);

// "1.5h": a number with its unit, as it stands in a query.
std::optional<std::int64_t> parse_duration(std::string_view number, std::string_view unit);

// "2021-03-04T05:06:07.1234567Z" and "-1.02:03:04.5000000" (no fraction where it is zero, no days where there are none).
std::string format_datetime(std::int64_t ticks);
std::string format_timespan(std::int64_t ticks);

std::int64_t ticks_now();  // of the system's clock

// 32 hexadecimal digits, plain or with hyphens 8-4-4-4-12, in braces or parentheses or not. In the canonical form.
std::optional<std::string> parse_guid(std::string_view text);

// As toguid() reads it: each hyphen at its place may be missing, and what stands behind the 32nd digit is passed over.
std::optional<std::string> read_guid(std::string_view text);

}  // namespace kql
