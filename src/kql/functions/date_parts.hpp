// SPDX-License-Identifier: Apache-2.0
// The parts of a datetime, by its ticks.
#pragma once

#include <cstdint>

namespace kql {

constexpr std::int64_t kTicksPerHour = 36'000'000'000;
constexpr std::int64_t kTicksPerMinute = 600'000'000;

std::int64_t year_of(std::int64_t ticks);
std::int64_t quarter_of(std::int64_t ticks);
std::int64_t month_of(std::int64_t ticks);
std::int64_t iso_week_of(std::int64_t ticks);     // ISO 8601: weeks begin on Monday; the first has the year's first Thursday
std::int64_t sunday_week_of(std::int64_t ticks);  // weeks begin on Sunday; the first has the year's first Wednesday
std::int64_t day_of_month_of(std::int64_t ticks);
std::int64_t day_of_year_of(std::int64_t ticks);
std::int64_t hour_of(std::int64_t ticks);
std::int64_t minute_of(std::int64_t ticks);
std::int64_t second_of(std::int64_t ticks);
std::int64_t millisecond_of(std::int64_t ticks);
std::int64_t microsecond_of(std::int64_t ticks);  // of the second
std::int64_t nanosecond_of(std::int64_t ticks);   // of the second

}  // namespace kql
