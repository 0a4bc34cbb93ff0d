// SPDX-License-Identifier: Apache-2.0
// datetime_add, datetime_diff and datetime_part, which take the name of a unit.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "kql/functions/date_parts.hpp"
#include "kql/functions/datetime_value.hpp"
#include "kql/functions/function.hpp"

namespace kql {

namespace {

// A unit is a number of months or of ticks; a nanosecond, the hundredth part of a tick, is neither.
struct CalendarUnit {
  std::string_view name;
  std::int64_t months = 0;
  std::int64_t ticks = 0;
};

constexpr std::array kCalendarUnits{
    CalendarUnit{"year", 12, 0},     CalendarUnit{"quarter", 3, 0},
    CalendarUnit{"month", 1, 0},     CalendarUnit{"week", 0, 7 * kTicksPerDay},
    CalendarUnit{"day", 0, kTicksPerDay},       CalendarUnit{"hour", 0, kTicksPerHour},
    CalendarUnit{"minute", 0, kTicksPerMinute}, CalendarUnit{"second", 0, kTicksPerSecond},
    CalendarUnit{"millisecond", 0, 10'000},     CalendarUnit{"microsecond", 0, 10},
    CalendarUnit{"nanosecond", 0, 0}};

const CalendarUnit* calendar_unit(std::string_view name) {
  const std::string lower = base::to_lower(name);
  const auto at = std::find_if(kCalendarUnits.begin(), kCalendarUnits.end(), [&](const CalendarUnit& unit) { return unit.name == lower; });
  return at == kCalendarUnits.end() ? nullptr : &*at;
}

// A day that the month does not have becomes its last.
Value with_months_added(std::int64_t ticks, std::int64_t months) {
  const Date date = date_of(day_of(ticks));
  const std::int64_t month = date.year * 12 + date.month - 1 + months;
  const std::int64_t year = floor_divide(month, 12);
  if (year < 1 || year > 9999) return {};
  const std::int64_t of_year = month - year * 12 + 1;
  const auto day = days_of({year, of_year, std::min(date.day, days_in_month(year, of_year))});
  return day ? datetime_value(*day * kTicksPerDay + ticks % kTicksPerDay) : Value();
}

Value added(const Arguments& a) {
  const CalendarUnit* unit = calendar_unit(a.text(0));
  if (unit == nullptr) return {};
  const std::int64_t amount = a.integer(1);
  std::int64_t sum = 0;
  if (unit->months > 0) return amount > 200'000 || amount < -200'000 ? Value() : with_months_added(a.integer(2), amount * unit->months);
  if (unit->ticks == 0) sum = amount / 100;
  else if (__builtin_mul_overflow(amount, unit->ticks, &sum)) return {};
  if (__builtin_add_overflow(sum, a.integer(2), &sum)) return {};
  return datetime_value(sum);
}

// How many times the unit's boundary lies between two datetimes.
std::int64_t boundary_number(const CalendarUnit& unit, std::int64_t ticks) {
  if (unit.months > 0) {
    const Date date = date_of(day_of(ticks));
    return (date.year * 12 + date.month - 1) / unit.months;
  }
  // Weeks begin on Sunday; day 0 is a Monday.
  if (unit.name == "week") return (day_of(ticks) + 1) / 7;
  return ticks / unit.ticks;
}

Value difference(const Arguments& a) {
  const CalendarUnit* unit = calendar_unit(a.text(0));
  if (unit == nullptr) return {};
  if (unit->months == 0 && unit->ticks == 0) {
    std::int64_t nanoseconds = 0;
    return __builtin_mul_overflow(a.integer(1) - a.integer(2), 100, &nanoseconds) ? Value() : Value::integer(nanoseconds);
  }
  return Value::integer(boundary_number(*unit, a.integer(1)) - boundary_number(*unit, a.integer(2)));
}

struct DatePart {
  std::string_view name;
  std::int64_t (*of)(std::int64_t ticks);
};

constexpr std::array kDateParts{
    DatePart{"year", year_of},         DatePart{"quarter", quarter_of},          DatePart{"month", month_of},
    DatePart{"week_of_year", iso_week_of}, DatePart{"weekofyear", sunday_week_of}, DatePart{"day", day_of_month_of},
    DatePart{"dayofyear", day_of_year_of}, DatePart{"hour", hour_of},            DatePart{"minute", minute_of},
    DatePart{"second", second_of},     DatePart{"millisecond", millisecond_of},  DatePart{"microsecond", microsecond_of},
    DatePart{"nanosecond", nanosecond_of}};

const DatePart* date_part(std::string_view name) {
  const std::string lower = base::to_lower(name);
  const auto at = std::find_if(kDateParts.begin(), kDateParts.end(), [&](const DatePart& part) { return part.name == lower; });
  return at == kDateParts.end() ? nullptr : &*at;
}

Value part_of(const Arguments& a) {
  const DatePart* part = date_part(a.text(0));
  return part == nullptr ? Value() : Value::integer(part->of(a.integer(1)));
}

base::Result<void> check_unit(const Arguments& constants) {
  if (!constants.has(0) || calendar_unit(constants.text(0)) != nullptr) return {};
  return base::fail(base::Kind::invalid_input, fmt::format("there is no unit '{}'; it is one of year, quarter, month, week, day, hour, minute, second, millisecond, "
                                                           "microsecond, nanosecond", constants.text(0)));
}

base::Result<void> check_part(const Arguments& constants) {
  if (!constants.has(0) || date_part(constants.text(0)) != nullptr) return {};
  return base::fail(base::Kind::invalid_input, fmt::format("there is no part '{}'; it is one of year, quarter, month, week_of_year, day, dayofyear, hour, minute, "
                                                           "second, millisecond, microsecond, nanosecond", constants.text(0)));
}

constexpr Function kFunctions[] = {
    {.name = "datetime_add", .signature = "(const string, whole, datetime) datetime", .evaluate = added, .check = check_unit},
    {.name = "datetime_diff", .signature = "(const string, datetime, datetime) long", .evaluate = difference, .check = check_unit},
    {.name = "datetime_part", .signature = "(const string, datetime) int", .evaluate = part_of, .check = check_part},
    {.name = "datepart", .signature = "(const string, datetime) int", .evaluate = part_of, .check = check_part},
};

}  // namespace

std::span<const Function> datetime_unit_functions() { return kFunctions; }

}  // namespace kql
