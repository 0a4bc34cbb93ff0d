// SPDX-License-Identifier: Apache-2.0
// Datetimes and timespans out of numbers: make_datetime, make_timespan, unixtime_…_todatetime.
#include <cmath>

#include "kql/functions/date_parts.hpp"
#include "kql/functions/datetime_value.hpp"
#include "kql/functions/function.hpp"
#include "model/value_table.hpp"

namespace kql {

namespace {

// A whole number in a range; nothing for others.
std::optional<std::int64_t> whole_within(const Arguments& a, std::size_t i, std::int64_t least, std::int64_t most) {
  const double number = std::trunc(a.number(i));
  if (!(number >= static_cast<double>(least) && number <= static_cast<double>(most))) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

// The arguments from `hour` on: hours, minutes and seconds, which may have a fraction; ticks.
std::optional<std::int64_t> time_of_arguments(const Arguments& a, std::size_t hour) {
  std::int64_t ticks = 0;
  if (a.size() > hour) {
    const auto hours = whole_within(a, hour, 0, 23);
    if (!hours) return std::nullopt;
    ticks += *hours * kTicksPerHour;
  }
  if (a.size() > hour + 1) {
    const auto minutes = whole_within(a, hour + 1, 0, 59);
    if (!minutes) return std::nullopt;
    ticks += *minutes * kTicksPerMinute;
  }
  if (a.size() > hour + 2) {
    const double seconds = a.number(hour + 2);
    if (!(seconds >= 0 && seconds < 60)) return std::nullopt;
    ticks += static_cast<std::int64_t>(std::round(seconds * static_cast<double>(kTicksPerSecond)));
  }
  return ticks;
}

Value made_datetime(const Arguments& a) {
  const auto year = whole_within(a, 0, 1, 9999);
  const auto month = whole_within(a, 1, 1, 12);
  const auto day = whole_within(a, 2, 1, 31);
  if (!year || !month || !day) return {};
  const auto days = days_of({*year, *month, *day});
  const auto time = time_of_arguments(a, 3);
  return days && time ? datetime_value(*days * kTicksPerDay + *time) : Value();
}

Value made_timespan(const Arguments& a) {
  if (a.size() < 4) {
    const auto time = time_of_arguments(a, 0);
    return time ? Value::integer(*time) : Value();
  }
  const auto days = whole_within(a, 0, -10'675'198, 10'675'198);
  const auto time = time_of_arguments(a, 1);
  return days && time ? Value::integer(*days * kTicksPerDay + *time) : Value();
}

Value converted_to_result(const Arguments& a) { return convert(a[0], a.types[0], a.result); }

// `numerator / denominator` ticks make the unit.
template <std::int64_t numerator, std::int64_t denominator>
Value of_unix_time(const Arguments& a) {
  if (is_whole(a.types[0])) {
    std::int64_t ticks = 0;
    if (__builtin_mul_overflow(a.integer(0), numerator, &ticks)) return {};
    return datetime_value(model::kTicksAtUnixEpoch + floor_divide(ticks, denominator));
  }
  const double ticks = a.number(0) * static_cast<double>(numerator) / static_cast<double>(denominator);
  return std::abs(ticks) < 4e18 ? datetime_value(model::kTicksAtUnixEpoch + static_cast<std::int64_t>(std::round(ticks))) : Value();
}

constexpr Function unix_time(std::string_view name, Value (*evaluate)(const Arguments&)) {
  return {.name = name, .signature = "(number) datetime", .evaluate = evaluate};
}

constexpr Naming kOnly = Naming::only_argument;

constexpr Function kFunctions[] = {
    {.name = "make_datetime", .signature = "(number, number, number, number?, number?, number?) datetime", .evaluate = made_datetime, .naming = kOnly},
    {.name = "make_datetime", .signature = "(any) datetime", .evaluate = converted_to_result, .naming = kOnly},
    {.name = "make_timespan", .signature = "(whole, whole, number?) timespan", .evaluate = made_timespan, .naming = kOnly},
    {.name = "make_timespan", .signature = "(whole, whole, whole, number) timespan", .evaluate = made_timespan, .naming = kOnly},
    {.name = "make_timespan", .signature = "(any) timespan", .evaluate = converted_to_result, .naming = kOnly},
    unix_time("unixtime_seconds_todatetime", of_unix_time<kTicksPerSecond, 1>),
    unix_time("unixtime_milliseconds_todatetime", of_unix_time<10'000, 1>),
    unix_time("unixtime_microseconds_todatetime", of_unix_time<10, 1>),
    unix_time("unixtime_nanoseconds_todatetime", of_unix_time<1, 100>),
};

}  // namespace

std::span<const Function> datetime_making_functions() { return kFunctions; }

}  // namespace kql
