// SPDX-License-Identifier: Apache-2.0
#include "kql/functions/date_parts.hpp"

#include "kql/calendar.hpp"

namespace kql {

namespace {

Date date_at(std::int64_t ticks) { return date_of(ticks / kTicksPerDay); }

// The number of a week in the year that most of it lies in; `middle` is its fourth day.
std::int64_t week_number(std::int64_t middle) {
  // The middle of the last days' week of 9999 may lie behind the calendar.
  if (!is_datetime(middle * kTicksPerDay)) return 1;
  return (day_of_year(date_of(middle)) - 1) / 7 + 1;
}

}  // namespace

std::int64_t year_of(std::int64_t ticks) { return date_at(ticks).year; }
std::int64_t quarter_of(std::int64_t ticks) { return (month_of(ticks) + 2) / 3; }
std::int64_t month_of(std::int64_t ticks) { return date_at(ticks).month; }
std::int64_t iso_week_of(std::int64_t ticks) { return week_number(ticks / kTicksPerDay / 7 * 7 + 3); }
std::int64_t sunday_week_of(std::int64_t ticks) { return week_number((ticks / kTicksPerDay + 1) / 7 * 7 + 2); }
std::int64_t day_of_month_of(std::int64_t ticks) { return date_at(ticks).day; }
std::int64_t day_of_year_of(std::int64_t ticks) { return day_of_year(date_at(ticks)); }
std::int64_t hour_of(std::int64_t ticks) { return ticks % kTicksPerDay / kTicksPerHour; }
std::int64_t minute_of(std::int64_t ticks) { return ticks % kTicksPerHour / kTicksPerMinute; }
std::int64_t second_of(std::int64_t ticks) { return ticks % kTicksPerMinute / kTicksPerSecond; }
std::int64_t millisecond_of(std::int64_t ticks) { return ticks % kTicksPerSecond / 10'000; }
std::int64_t microsecond_of(std::int64_t ticks) { return ticks % kTicksPerSecond / 10; }
std::int64_t nanosecond_of(std::int64_t ticks) { return ticks % kTicksPerSecond * 100; }

}  // namespace kql
