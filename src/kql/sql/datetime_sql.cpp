// SPDX-License-Identifier: Apache-2.0
// bin(), startof…() and what else is arithmetic on ticks.
#include <fmt/format.h>

#include "kql/sql/scalar_writer.hpp"
#include "kql/sql/sql_literals.hpp"
#include "kql/time.hpp"

namespace kql {

namespace {

constexpr std::int64_t kTicksPerHour = 36'000'000'000;

// Ticks since 1970 of a datetime, down to a multiple of `size` counted from `origin` ticks before year 1. From there no
// datetime is negative, so that the division rounds down.
std::string ticks_floored(const std::string& ticks, std::int64_t size, std::int64_t origin = 0) {
  const std::string begin = fmt::format("toInt64({})", kTicksAt1970 + origin);  // an unsigned number would make all of it so
  return fmt::format("(intDiv({0} + {1}, toInt64({2})) * toInt64({2}) - {1})", ticks, begin, size);
}

const Value* number_literal(const Scalar& scalar) {
  const Value* value = literal_of(scalar);
  return value == nullptr || value->is_null() ? nullptr : value;
}

Sql binned(const ScalarWriter& w, const Scalar& scalar, const Call& call) {
  const std::string value = TRY(w.argument(call, 0));
  const Scalar& by = *call.arguments[1];
  const Value* size = number_literal(by);
  if (scalar.type == Type::real) {
    const std::string step = TRY(w.value(by));
    const std::string bin = fmt::format("(floor({0} / {1}) * {1})", value, step);
    return size != nullptr && size->real() > 0 ? bin : fmt::format("if({} > 0, {}, NULL)", step, bin);
  }
  if (size == nullptr) return base::fail(no_sql("bins of a size that is not known"));
  if (size->integer() <= 0) return sql_literal(Value(), scalar.type);
  if (scalar.type == Type::datetime) return datetime_at(ticks_floored(ticks_since_1970(value), size->integer()));
  std::string bin = fmt::format("(toInt64({0}) - positiveModulo(toInt64({0}), toInt64({1})))", value, size->integer());
  const std::int64_t least = INT64_MIN / size->integer() * size->integer();  // what is below has no bin
  if (least != INT64_MIN) bin = fmt::format("if(toInt64({}) < toInt64({}), NULL, {})", value, least, bin);
  return fmt::format("{}({})", scalar.type == Type::int32 ? "toInt32" : "toInt64", bin);
}

// A function of one datetime and, where it is given, a number of its units.
base::Result<std::int64_t> unit_offset(const Call& call) {
  if (call.arguments.size() < 2) return 0;
  const Value* value = number_literal(*call.arguments[1]);
  if (value == nullptr || value->integer() > 100'000 || value->integer() < -100'000) return base::fail(no_sql(fmt::format("this {}()", call.function->name)));
  return value->integer();
}

template <std::int64_t unit, std::int64_t origin, bool end>
Sql unit_border(const ScalarWriter& w, const Scalar&, const Call& call) {
  const std::int64_t offset = TRY(unit_offset(call)) * unit + (end ? unit - 1 : 0);
  const std::string ticks = ticks_floored(ticks_since_1970(TRY(w.argument(call, 0))), unit, origin);
  return datetime_within_range(offset == 0 ? ticks : fmt::format("({} + {})", ticks, offset));
}

// Days of the calendar are the engine's between these years.
std::string in_calendar(const std::string& time, const std::string& value) {
  const std::string other = fmt::format("{0} < toDateTime64('1900-01-01 00:00:00', 7, 'UTC') OR {0} >= toDateTime64('2299-12-31 00:00:00', 7, 'UTC')", time);
  return unless(other, value, "NULL");
}

template <bool year>
Sql start_of_calendar(const ScalarWriter& w, const Scalar&, const Call& call) {
  if (TRY(unit_offset(call)) != 0) return base::fail(no_sql("an offset of months"));
  const std::string time = TRY(w.argument(call, 0));
  const std::string day = ticks_floored(ticks_since_1970(time), kTicksPerDay);
  const std::string_view number = year ? "toDayOfYear" : "toDayOfMonth";
  return datetime_at(in_calendar(time, fmt::format("({} - (toInt64({}({})) - 1) * {})", day, number, time, kTicksPerDay)));
}

// getyear(), monthofyear() … : the engine's function of that.
Sql calendar_number(const ScalarWriter& w, const Scalar& scalar, const Call& call) {
  static constexpr std::pair<std::string_view, std::string_view> kFunctions[] = {
      {"getyear", "toYear"},          {"getmonth", "toMonth"},         {"monthofyear", "toMonth"}, {"dayofmonth", "toDayOfMonth"},
      {"dayofyear", "toDayOfYear"},   {"hourofday", "toHour"}};
  if (!is_whole(scalar.type) || call.arguments.size() != 1) return base::fail(no_sql("this part of a datetime"));
  const std::string time = TRY(w.argument(call, 0));
  for (const auto& [name, function] : kFunctions)
    if (name == call.function->name)
      return in_calendar(time, fmt::format("{}({}({}))", scalar.type == Type::int32 ? "toInt32" : "toInt64", function, time));
  return base::fail(no_sql("this part of a datetime"));
}

// As a timespan: Sunday is 0.
Sql day_of_week(const ScalarWriter& w, const Scalar& scalar, const Call& call) {
  if (scalar.type != Type::timespan) return base::fail(no_sql("the day of a week as a number"));
  // 1970-01-01 was a Thursday.
  const std::string day = ticks_floored(ticks_since_1970(TRY(w.argument(call, 0))), kTicksPerDay);
  return fmt::format("(toInt64(positiveModulo(intDiv({}, toInt64({})) + 4, toInt64(7))) * {})", day, kTicksPerDay, kTicksPerDay);
}

// How many borders of the unit lie between two datetimes.
Sql borders_between(const ScalarWriter& w, const Scalar& scalar, const Call& call) {
  static constexpr std::pair<std::string_view, std::int64_t> kUnits[] = {
      {"day", kTicksPerDay}, {"hour", kTicksPerHour}, {"minute", 600'000'000}, {"second", kTicksPerSecond}, {"millisecond", 10'000}, {"microsecond", 10}};
  const std::string* unit = text_literal(call, 0);
  if (unit == nullptr || call.arguments.size() != 3 || scalar.type != Type::int64) return base::fail(no_sql("this datetime_diff()"));
  for (const auto& [name, size] : kUnits) {
    if (name != *unit) continue;
    const std::string from = ticks_floored(ticks_since_1970(TRY(w.argument(call, 1))), size);
    return fmt::format("intDiv({} - {}, toInt64({}))", from, ticks_floored(ticks_since_1970(TRY(w.argument(call, 2))), size), size);
  }
  return base::fail(no_sql("datetime_diff() of months and years"));
}

constexpr std::int64_t kWeek = 7 * kTicksPerDay;

constexpr SqlForm kDatetimeForms[] = {
    {"bin", binned},
    {"floor", binned},
    {"startofday", unit_border<kTicksPerDay, 0, false>},
    {"endofday", unit_border<kTicksPerDay, 0, true>},
    {"startofweek", unit_border<kWeek, kTicksPerDay, false>},  // year 1 began on a Monday, weeks begin on Sundays
    {"endofweek", unit_border<kWeek, kTicksPerDay, true>},
    {"startofmonth", start_of_calendar<false>},
    {"startofyear", start_of_calendar<true>},
    {"getyear", calendar_number},
    {"getmonth", calendar_number},
    {"monthofyear", calendar_number},
    {"dayofmonth", calendar_number},
    {"dayofyear", calendar_number},
    {"hourofday", calendar_number},
    {"dayofweek", day_of_week},
    {"datetime_diff", borders_between},
};

}  // namespace

std::span<const SqlForm> datetime_forms() { return kDatetimeForms; }

}  // namespace kql
