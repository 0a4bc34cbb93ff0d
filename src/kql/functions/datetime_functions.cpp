// SPDX-License-Identifier: Apache-2.0
// The parts of a datetime, and where the day, week, month and year around it begin and end.
#include "kql/functions/date_parts.hpp"
#include "kql/functions/datetime_value.hpp"
#include "kql/functions/function.hpp"

namespace kql {

namespace {

// The first day of a period and the first day behind it, counted in periods from the one that holds `day`. They may lie
// outside the calendar.
using PeriodStart = std::optional<std::int64_t> (*)(std::int64_t day, std::int64_t offset);

// An offset that leads out of the calendar whatever the day; beyond it products would overflow.
constexpr std::int64_t kFarthestOffset = 4'000'000;

std::optional<std::int64_t> day_start(std::int64_t day, std::int64_t offset) { return day + offset; }
// Weeks begin on Sunday; day 0 is a Monday.
std::optional<std::int64_t> week_start(std::int64_t day, std::int64_t offset) { return floor_divide(day + 1, 7) * 7 - 1 + offset * 7; }
std::optional<std::int64_t> first_of_month(std::int64_t month) { return days_of({floor_divide(month, 12), month - floor_divide(month, 12) * 12 + 1, 1}); }
std::optional<std::int64_t> month_start(std::int64_t day, std::int64_t offset) {
  const Date date = date_of(day);
  return first_of_month(date.year * 12 + date.month - 1 + offset);
}
std::optional<std::int64_t> year_start(std::int64_t day, std::int64_t offset) { return first_of_month((date_of(day).year + offset) * 12); }

template <PeriodStart start>
Value start_of(const Arguments& a) {
  const std::int64_t offset = a.size() > 1 ? a.integer(1) : 0;
  if (offset > kFarthestOffset || offset < -kFarthestOffset) return {};
  const auto day = start(day_of(a.integer(0)), offset);
  return day ? datetime_value(*day * kTicksPerDay) : Value();
}

template <PeriodStart start>
Value end_of(const Arguments& a) {
  const std::int64_t offset = a.size() > 1 ? a.integer(1) : 0;
  if (offset > kFarthestOffset || offset < -kFarthestOffset) return {};
  const std::int64_t day = day_of(a.integer(0));
  if (!start(day, offset)) return {};
  // The year behind 9999 does not begin; 9999 ends all the same.
  return datetime_value(start(day, offset + 1).value_or(kEndOfTime / kTicksPerDay) * kTicksPerDay - 1);
}

template <std::int64_t (*of)(std::int64_t ticks)>
Value part_of_datetime(const Arguments& a) {
  return Value::integer(of(a.integer(0)));
}

// Since the Sunday before. Kusto counts from the day after, so that the last day of the calendar has none.
Value day_of_week(const Arguments& a) {
  const std::int64_t day = day_of(a.integer(0)) + 1;
  return is_datetime(day * kTicksPerDay) ? Value::integer(day % 7 * kTicksPerDay) : Value();
}

constexpr Function period(std::string_view name, Value (*evaluate)(const Arguments&), Naming naming = Naming::none) {
  return {.name = name, .signature = "(datetime, long?) datetime", .evaluate = evaluate, .naming = naming};
}
constexpr Function part(std::string_view name, Value (*evaluate)(const Arguments&)) {
  return {.name = name, .signature = "(datetime) int", .evaluate = evaluate};
}

constexpr Function kFunctions[] = {
    period("startofday", start_of<day_start>, Naming::first_argument),
    period("startofweek", start_of<week_start>),
    period("startofmonth", start_of<month_start>),
    period("startofyear", start_of<year_start>),
    period("endofday", end_of<day_start>),
    period("endofweek", end_of<week_start>),
    period("endofmonth", end_of<month_start>),
    period("endofyear", end_of<year_start>),
    part("getyear", part_of_datetime<year_of>),
    part("getmonth", part_of_datetime<month_of>),
    part("monthofyear", part_of_datetime<month_of>),
    part("dayofmonth", part_of_datetime<day_of_month_of>),
    part("dayofyear", part_of_datetime<day_of_year_of>),
    part("hourofday", part_of_datetime<hour_of>),
    part("week_of_year", part_of_datetime<iso_week_of>),
    part("weekofyear", part_of_datetime<sunday_week_of>),
    {.name = "dayofweek", .signature = "(datetime) timespan", .evaluate = day_of_week},
};

}  // namespace

std::span<const Function> datetime_functions() { return kFunctions; }

}  // namespace kql
