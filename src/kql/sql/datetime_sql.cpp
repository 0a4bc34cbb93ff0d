// SPDX-License-Identifier: Apache-2.0
// bin(), startof…() and what else is arithmetic on ticks.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "kql/calendar.hpp"
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

// Bins counted from a fixed time. Of stored times nothing overflows; the first bin of the calendar may begin before it.
Sql binned_at(const ScalarWriter& w, const Scalar& scalar, const Call& call) {
  const ColumnSql* column = w.column(*call.arguments[0]);
  const Value* size = number_literal(*call.arguments[1]);
  const Value* fixed = number_literal(*call.arguments[2]);
  if (scalar.type != Type::datetime || column == nullptr || !column->stored || size == nullptr || fixed == nullptr) return base::fail(no_sql("this bin_at()"));
  if (!is_whole(call.arguments[1]->type) && call.arguments[1]->type != Type::timespan) return base::fail(no_sql("this bin_at()"));
  if (size->integer() <= 0) return sql_literal(Value(), scalar.type);
  const std::string distance = fmt::format("({} - toInt64({}))", ticks_since_1970(column->sql), fixed->integer() - kTicksAt1970);
  const std::string bin = fmt::format("({0} - toInt64(positiveModulo({0}, toInt64({1}))) + toInt64({2}))", distance, size->integer(), fixed->integer() - kTicksAt1970);
  return datetime_within_range(bin);
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

// Days of the calendar are the engine's between these years, within which stored times are.
std::string in_calendar(const ColumnSql* own, const std::string& time, const std::string& value) {
  if (own != nullptr && own->stored) return value;
  const std::string other = fmt::format("{0} < toDateTime64('1900-01-01 00:00:00', 7, 'UTC') OR {0} >= toDateTime64('2299-12-31 00:00:00', 7, 'UTC')", time);
  return unless(other, value, "NULL");
}

template <bool year>
Sql start_of_calendar(const ScalarWriter& w, const Scalar&, const Call& call) {
  if (TRY(unit_offset(call)) != 0) return base::fail(no_sql("an offset of months"));
  const std::string time = TRY(w.argument(call, 0));
  const std::string day = ticks_floored(ticks_since_1970(time), kTicksPerDay);
  const std::string_view number = year ? "toDayOfYear" : "toDayOfMonth";
  return datetime_at(in_calendar(w.column(*call.arguments[0]), time, fmt::format("({} - (toInt64({}({})) - 1) * {})", day, number, time, kTicksPerDay)));
}

// A part of a datetime: the engine's function of it, or the place of so many ticks in a period of them.
struct DatePart {
  std::string_view name;  // datetime_part()'s
  std::string_view function;
  std::int64_t unit = 0, of_units = 0;
};

constexpr DatePart kDateParts[] = {{"year", "toYear"}, {"quarter", "toQuarter"}, {"month", "toMonth"}, {"week_of_year", "toISOWeek"}, {"day", "toDayOfMonth"},
                                   {"dayofyear", "toDayOfYear"}, {"hour", "", kTicksPerHour, 24}, {"minute", "", 600'000'000, 60}, {"second", "", kTicksPerSecond, 60},
                                   {"millisecond", "", 10'000, 1000}};

Sql part_of_datetime(const ScalarWriter& w, const Scalar& datetime, std::string_view name, Type type) {
  for (const DatePart& part : kDateParts) {
    if (part.name != name) continue;
    const std::string time = TRY(w.value(datetime));
    const std::string_view cast = type == Type::int32 ? "toInt32" : "toInt64";
    if (part.unit == 0) return in_calendar(w.column(datetime), time, fmt::format("{}({}({}))", cast, part.function, time));
    const std::string since_year_1 = fmt::format("({} + toInt64({}))", ticks_since_1970(time), kTicksAt1970);
    return fmt::format("{}(modulo(intDiv({}, toInt64({})), toInt64({})))", cast, since_year_1, part.unit, part.of_units);
  }
  return base::fail(no_sql("this part of a datetime"));
}

// getyear(), monthofyear() …
Sql calendar_number(const ScalarWriter& w, const Scalar& scalar, const Call& call) {
  static constexpr std::pair<std::string_view, std::string_view> kParts[] = {{"getyear", "year"},     {"getmonth", "month"},     {"monthofyear", "month"},
                                                                             {"dayofmonth", "day"},   {"dayofyear", "dayofyear"}, {"hourofday", "hour"},
                                                                             {"week_of_year", "week_of_year"}};
  if (!is_whole(scalar.type) || call.arguments.size() != 1) return base::fail(no_sql("this part of a datetime"));
  for (const auto& [name, part] : kParts)
    if (name == call.function->name) return part_of_datetime(w, *call.arguments[0], part, scalar.type);
  return base::fail(no_sql("this part of a datetime"));
}

Sql named_part(const ScalarWriter& w, const Scalar& scalar, const Call& call) {
  const std::string* name = text_literal(call, 0);
  if (name == nullptr || call.arguments.size() != 2) return base::fail(no_sql("a part of a datetime that is not known"));
  return part_of_datetime(w, *call.arguments[1], base::to_lower(*name), scalar.type);
}

// What stands for a run of one letter in the engine's own format; empty where that has no such thing.
std::string_view own_specifier(std::string_view run) {
  static constexpr std::pair<std::string_view, std::string_view> kSpecifiers[] = {{"yyyy", "%Y"}, {"yy", "%y"}, {"MM", "%m"}, {"dd", "%d"}, {"HH", "%H"},
                                                                                  {"hh", "%I"},   {"mm", "%i"}, {"ss", "%S"}, {"tt", "%p"}};
  for (const auto& [known, own] : kSpecifiers)
    if (known == run) return own;
  return {};
}

Sql formatted_datetime(const ScalarWriter& w, const Scalar&, const Call& call) {
  constexpr std::string_view kDelimiters = " /-:,._[]";
  const std::string* format = text_literal(call, 1);
  if (format == nullptr || format->empty()) return base::fail(no_sql("this format_datetime()"));
  std::string own, fraction;
  for (std::size_t at = 0; at < format->size();) {
    const std::size_t end = std::min(format->find_first_not_of((*format)[at], at), format->size());
    const std::string run = format->substr(at, end - at);
    at = end;
    const bool delimits = kDelimiters.find(run[0]) != std::string_view::npos;
    // A fraction of the second, which the engine prints in one length alone, stands at the end.
    if (run[0] == 'f' && run.size() <= 7 && at == format->size() && !own.empty()) fraction = fmt::to_string(run.size());
    else if (delimits) own += run;
    else if (const std::string_view specifier = own_specifier(run); !specifier.empty()) own += specifier;
    else return base::fail(no_sql("this format of a datetime"));
  }
  const std::string time = TRY(w.argument(call, 0));
  std::string text = fmt::format("formatDateTime({}, {})", time, quote_sql_text(own));
  if (!fraction.empty()) {
    const std::string ticks = fmt::format("modulo({} + toInt64({}), toInt64({}))", ticks_since_1970(time), kTicksAt1970, kTicksPerSecond);
    text = fmt::format("concat({}, substring(leftPad(toString({}), 7, '0'), 1, {}))", text, ticks, fraction);
  }
  return fmt::format("ifNull({}, '')", in_calendar(w.column(*call.arguments[0]), time, text));
}

// As a timespan: Sunday is 0.
Sql day_of_week(const ScalarWriter& w, const Scalar& scalar, const Call& call) {
  if (scalar.type != Type::timespan) return base::fail(no_sql("the day of a week as a number"));
  const std::string ticks = ticks_since_1970(TRY(w.argument(call, 0)));
  // 1970-01-01 was a Thursday.
  const std::string value = fmt::format("(toInt64(positiveModulo(intDiv({}, toInt64({})) + 4, toInt64(7))) * {})", ticks_floored(ticks, kTicksPerDay), kTicksPerDay, kTicksPerDay);
  const ColumnSql* own = w.column(*call.arguments[0]);
  if (own != nullptr && own->stored) return value;
  constexpr std::int64_t kLastDay = kEndOfTime - kTicksPerDay - kTicksAt1970;  // which has none
  return fmt::format("if({} >= toInt64({}), NULL, {})", ticks, kLastDay, value);
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
    {"week_of_year", calendar_number},
    {"datetime_part", named_part},
    {"datepart", named_part},
    {"format_datetime", formatted_datetime},
    {"bin_at", binned_at},
    {"dayofweek", day_of_week},
    {"datetime_diff", borders_between},
};

}  // namespace

std::span<const SqlForm> datetime_forms() { return kDatetimeForms; }

}  // namespace kql
