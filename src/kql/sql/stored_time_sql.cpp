// SPDX-License-Identifier: Apache-2.0
#include "kql/sql/stored_time_sql.hpp"

#include <fmt/format.h>

#include "kql/calendar.hpp"
#include "kql/functions/function.hpp"
#include "kql/sql/sql_literals.hpp"

namespace kql {

namespace {

bool is_stored_time(const ScalarWriter& w, const Scalar& scalar) {
  const ColumnSql* column = w.column(scalar);
  return column != nullptr && column->stored && scalar.type == Type::datetime;
}

// A literal that is not null.
std::optional<std::int64_t> ticks_literal(const Scalar& scalar, Type type) {
  const Value* value = literal_of(scalar);
  return value == nullptr || value->is_null() || scalar.type != type ? std::nullopt : std::optional(value->integer());
}

std::string_view mirrored(std::string_view sign) { return sign == "<" ? ">" : sign == "<=" ? ">=" : sign == ">" ? "<" : sign == ">=" ? "<=" : sign; }

// A time moved, as SQL; nothing where that leads out of the calendar.
std::optional<std::string> bound_sql(std::int64_t ticks, std::int64_t moved_by) {
  std::int64_t bound = 0;
  if (__builtin_add_overflow(ticks, moved_by, &bound) || !is_datetime(bound)) return std::nullopt;
  return sql_literal(Value::integer(bound), Type::datetime).value();
}

// `computed` `sign` `literal`, where the one is a sum or difference with a stored time: the same said of the time alone.
std::optional<std::string> bound_where(const ScalarWriter& w, const Scalar& computed, std::string_view sign, const Scalar& literal) {
  const auto* call = std::get_if<Call>(&computed.node);
  if (computed.type != Type::datetime && computed.type != Type::timespan) return std::nullopt;
  const auto limit = ticks_literal(literal, computed.type);
  if (call == nullptr || !limit || call->arguments.size() != 2 || *limit == INT64_MIN) return std::nullopt;
  const bool sum = call->function->name == "+";
  if (!sum && call->function->name != "-") return std::nullopt;
  const Scalar& left = *call->arguments[0];
  const Scalar& right = *call->arguments[1];
  const auto said = [&](const Scalar& time, std::string_view how, const std::optional<std::string>& bound) {
    return bound ? std::optional(fmt::format("({} {} {})", w.column(time)->sql, how, *bound)) : std::nullopt;
  };
  if (computed.type == Type::timespan && !sum) {
    if (const auto from = ticks_literal(left, Type::datetime); from && is_stored_time(w, right)) return said(right, mirrored(sign), bound_sql(*from, -*limit));
    if (const auto from = ticks_literal(right, Type::datetime); from && is_stored_time(w, left)) return said(left, sign, bound_sql(*from, *limit));
    return std::nullopt;
  }
  const bool swapped = sum && is_stored_time(w, right);
  const Scalar& time = swapped ? right : left;
  const Scalar& span = swapped ? left : right;
  if (computed.type != Type::datetime || span.type != Type::timespan || !is_stored_time(w, time) || !stays_in_range(w, time, span)) return std::nullopt;
  const std::int64_t by = literal_of(span)->integer();
  return said(time, sign, bound_sql(*limit, sum ? -by : by));
}

// How long the period at most is whose begin a function of a stored time gives; nothing of other expressions.
std::optional<std::int64_t> period_of(const ScalarWriter& w, const Scalar& scalar) {
  static constexpr std::pair<std::string_view, std::int64_t> kPeriods[] = {
      {"startofday", kTicksPerDay}, {"startofweek", 7 * kTicksPerDay}, {"startofmonth", 31 * kTicksPerDay}, {"startofyear", 366 * kTicksPerDay}};
  const auto* call = std::get_if<Call>(&scalar.node);
  if (call == nullptr || scalar.type != Type::datetime || call->arguments.empty() || !is_stored_time(w, *call->arguments[0])) return std::nullopt;
  const std::string_view name = call->function->name;
  for (const auto& [known, length] : kPeriods)
    if (known == name && call->arguments.size() == 1) return length;
  if ((name != "bin" && name != "floor") || call->arguments.size() != 2) return std::nullopt;
  const auto size = ticks_literal(*call->arguments[1], Type::timespan);
  return size && *size > 0 ? size : std::nullopt;
}

}  // namespace

bool stays_in_range(const ScalarWriter& w, const Scalar& datetime, const Scalar& timespan) {
  // The years that are stored end centuries before those of the calendar.
  constexpr std::int64_t kCentury = 36'500 * kTicksPerDay;
  const ColumnSql* column = w.column(datetime);
  const Value* span = literal_of(timespan);
  return column != nullptr && column->stored && span != nullptr && !span->is_null() && span->integer() < kCentury && span->integer() > -kCentury;
}

std::optional<std::string> bound_of_time(const ScalarWriter& w, const Call& call) {
  const std::string_view sign = call.function->name;
  const auto bound = bound_where(w, *call.arguments[0], sign, *call.arguments[1]);
  return bound ? bound : bound_where(w, *call.arguments[1], mirrored(sign), *call.arguments[0]);
}

std::string bounds_of_period(const ScalarWriter& w, const Scalar& computed, std::string_view sign, const Scalar& literal) {
  const auto length = period_of(w, computed);
  const auto limit = ticks_literal(literal, Type::datetime);
  if (!length || !limit) return "";
  const std::string time = w.column(*std::get<Call>(computed.node).arguments[0])->sql;
  const auto from = bound_sql(*limit, 0), to = bound_sql(*limit, *length);
  std::string out;
  if ((sign[0] == '>' || sign == "==") && from) out += fmt::format(" AND {} >= {}", time, *from);
  if ((sign[0] == '<' || sign == "==") && to) out += fmt::format(" AND {} < {}", time, *to);
  return out;
}

std::string bounds_of_period(const ScalarWriter& w, const Call& call) {
  const std::string_view sign = call.function->name;
  const std::string bounds = bounds_of_period(w, *call.arguments[0], sign, *call.arguments[1]);
  return bounds.empty() ? bounds_of_period(w, *call.arguments[1], mirrored(sign), *call.arguments[0]) : bounds;
}

}  // namespace kql
