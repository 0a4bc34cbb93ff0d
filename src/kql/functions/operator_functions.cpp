// SPDX-License-Identifier: Apache-2.0
// Arithmetic and comparisons (data-explorer/kusto/query/numerical-operators, datetime-timespan-arithmetic, logical operators).
#include <cmath>
#include <limits>

#include "kql/functions/datetime_value.hpp"
#include "kql/functions/function.hpp"
#include "kql/number.hpp"

namespace kql {

namespace {

using Nulls = Function::Nulls;

std::int64_t wrapped(std::uint64_t value) { return static_cast<std::int64_t>(value); }
std::uint64_t bits(std::int64_t value) { return static_cast<std::uint64_t>(value); }

Value whole_sum(const Arguments& a) {
  const std::int64_t sum = wrapped(bits(a.integer(0)) + bits(a.integer(1)));
  return a.result == Type::datetime ? datetime_value(sum) : Value::integer(sum);
}

Value whole_difference(const Arguments& a) {
  const std::int64_t difference = wrapped(bits(a.integer(0)) - bits(a.integer(1)));
  return a.result == Type::datetime ? datetime_value(difference) : Value::integer(difference);
}

Value whole_product(const Arguments& a) { return Value::integer(wrapped(bits(a.integer(0)) * bits(a.integer(1)))); }

Value whole_quotient(const Arguments& a) {
  if (a.integer(1) == 0) return {};
  if (a.integer(1) == -1) return Value::integer(wrapped(0 - bits(a.integer(0))));
  return Value::integer(a.integer(0) / a.integer(1));
}

// Never negative, whatever the signs.
Value whole_rest(const Arguments& a) {
  if (a.integer(1) == 0) return {};
  if (a.integer(1) == -1) return Value::integer(0);
  const std::int64_t rest = a.integer(0) % a.integer(1);
  if (rest >= 0) return Value::integer(rest);
  return Value::integer(a.integer(1) < 0 ? wrapped(bits(rest) - bits(a.integer(1))) : rest + a.integer(1));
}

Value real_sum(const Arguments& a) { return Value::real(a.real(0) + a.real(1)); }
Value real_difference(const Arguments& a) { return Value::real(a.real(0) - a.real(1)); }
Value real_product(const Arguments& a) { return Value::real(a.real(0) * a.real(1)); }
Value real_quotient(const Arguments& a) { return Value::real(a.real(0) / a.real(1)); }
Value real_rest(const Arguments& a) {
  if (a.real(1) == 0) return Value::real(std::numeric_limits<double>::quiet_NaN());
  const double rest = std::fmod(a.real(0), a.real(1));
  return Value::real(rest < 0 ? rest + std::abs(a.real(1)) : rest);
}

template <char operation>
Value decimal_result(const Arguments& a) {
  auto text = decimal_arithmetic(operation, a.text(0), a.text(1));
  return text ? Value::text(std::move(*text)) : Value();
}

Value ticks_of_real(double ticks) {
  if (!(std::abs(ticks) < 9.2e18)) return {};
  return Value::integer(static_cast<std::int64_t>(ticks));
}

Value timespan_by_number(const Arguments& a) { return ticks_of_real(static_cast<double>(a.integer(0)) * a.real(1)); }
Value number_by_timespan(const Arguments& a) { return ticks_of_real(a.real(0) * static_cast<double>(a.integer(1))); }
Value timespan_over_number(const Arguments& a) {
  return a.real(1) == 0 ? Value() : ticks_of_real(static_cast<double>(a.integer(0)) / a.real(1));
}
// A middle of two points in time is half their sum.
Value in_calendar(const Value& ticks) { return ticks.is_null() ? ticks : datetime_value(ticks.integer()); }
Value datetime_by_number(const Arguments& a) { return in_calendar(timespan_by_number(a)); }
Value number_by_datetime(const Arguments& a) { return in_calendar(number_by_timespan(a)); }
Value datetime_over_number(const Arguments& a) { return in_calendar(timespan_over_number(a)); }
Value timespan_over_timespan(const Arguments& a) {
  return Value::real(static_cast<double>(a.integer(0)) / static_cast<double>(a.integer(1)));
}

Value negated_whole(const Arguments& a) { return Value::integer(wrapped(0 - bits(a.integer(0)))); }
Value negated_real(const Arguments& a) { return Value::real(-a.real(0)); }
Value negated_decimal(const Arguments& a) {
  auto text = decimal_arithmetic('-', "0", a.text(0));
  return text ? Value::text(std::move(*text)) : Value();
}
Value unchanged(const Arguments& a) { return a[0]; }

// NaN is equal to nothing.
bool equals(Type type, const Value& left, const Value& right) {
  return same(type, left, right) && !(type == Type::real && !left.is_null() && std::isnan(left.real()));
}

// null == 1 is false and null != 1 true; two nulls give null.
Value equal(const Arguments& a) {
  if (a[0].is_null() && a[1].is_null()) return {};
  return Value::boolean(equals(a.types[0], a[0], a[1]));
}
Value not_equal(const Arguments& a) {
  if (a[0].is_null() && a[1].is_null()) return {};
  return Value::boolean(!equals(a.types[0], a[0], a[1]));
}

// Of two types that have nothing in common: a text is read as the other type.
Value equal_otherwise(const Arguments& a) {
  const bool left_is_text = a.types[0] == Type::string;
  const Type type = a.types[left_is_text ? 1 : 0];
  const Value other = convert(a[left_is_text ? 0 : 1], a.types[left_is_text ? 0 : 1], type);
  return Value::boolean(!other.is_null() && same(type, a[left_is_text ? 1 : 0], other));
}
Value not_equal_otherwise(const Arguments& a) { return Value::boolean(!equal_otherwise(a).boolean()); }

bool either_is_nan(const Arguments& a) { return a.types[0] == Type::real && (std::isnan(a.real(0)) || std::isnan(a.real(1))); }
Value less(const Arguments& a) { return Value::boolean(!either_is_nan(a) && compare(a.types[0], a[0], a[1]) < 0); }
Value less_or_equal(const Arguments& a) { return Value::boolean(!either_is_nan(a) && compare(a.types[0], a[0], a[1]) <= 0); }
Value greater(const Arguments& a) { return Value::boolean(!either_is_nan(a) && compare(a.types[0], a[0], a[1]) > 0); }
Value greater_or_equal(const Arguments& a) { return Value::boolean(!either_is_nan(a) && compare(a.types[0], a[0], a[1]) >= 0); }

// Three-valued, as SQL's are.
Value both(const Arguments& a) {
  bool unknown = false;
  for (const Value& value : a.values) {
    if (!value.is_null() && !value.boolean()) return Value::boolean(false);
    unknown = unknown || value.is_null();
  }
  return unknown ? Value() : Value::boolean(true);
}
Value either(const Arguments& a) {
  bool unknown = false;
  for (const Value& value : a.values) {
    if (!value.is_null() && value.boolean()) return Value::boolean(true);
    unknown = unknown || value.is_null();
  }
  return unknown ? Value() : Value::boolean(false);
}

Value between(const Arguments& a) {
  if (either_is_nan(a) || (a.types[2] == Type::real && std::isnan(a.real(2)))) return Value::boolean(false);
  return Value::boolean(compare(a.types[0], a[0], a[1]) >= 0 && compare(a.types[0], a[0], a[2]) <= 0);
}
Value not_between(const Arguments& a) { return Value::boolean(!between(a).boolean()); }

Value is_in(const Arguments& a) {
  for (std::size_t i = 1; i < a.size(); ++i)
    if (!a[0].is_null() && !a[i].is_null() && equals(a.types[0], a[0], a[i])) return Value::boolean(true);
  return Value::boolean(false);
}
Value is_not_in(const Arguments& a) { return Value::boolean(!is_in(a).boolean()); }

// A dynamic that meets another: as numbers.
template <char operation>
Value dynamic_result(const Arguments& a) {
  const base::Json& left = a.json(0);
  const base::Json& right = a.json(1);
  if (left.is_int64() && right.is_int64()) {
    const Value values[] = {Value::integer(left.get_int64()), Value::integer(right.get_int64())};
    static constexpr Type kTypes[] = {Type::int64, Type::int64};
    const Arguments whole{values, kTypes, Type::int64};
    const Value result = operation == '+'   ? whole_sum(whole)
                         : operation == '-' ? whole_difference(whole)
                         : operation == '*' ? whole_product(whole)
                         : operation == '/' ? whole_quotient(whole)
                                            : whole_rest(whole);
    return Value::dynamic(to_json(result, Type::int64));
  }
  if (!left.is_number() || !right.is_number()) return {};
  const Value values[] = {Value::real(left.to_number<double>()), Value::real(right.to_number<double>())};
  static constexpr Type kTypes[] = {Type::real, Type::real};
  const Arguments real{values, kTypes, Type::real};
  const Value result = operation == '+'   ? real_sum(real)
                       : operation == '-' ? real_difference(real)
                       : operation == '*' ? real_product(real)
                       : operation == '/' ? real_quotient(real)
                                          : real_rest(real);
  return Value::dynamic(to_json(result, Type::real));
}

Value negated_dynamic(const Arguments& a) {
  if (a.json(0).is_int64()) return Value::dynamic(wrapped(0 - bits(a.json(0).get_int64())));
  return a.json(0).is_number() ? Value::dynamic(-a.json(0).to_number<double>()) : Value();
}

constexpr Function kFunctions[] = {
    {.name = "+", .signature = "(whole~, whole~) long", .evaluate = whole_sum},
    {.name = "+", .signature = "(real~, real~) real", .evaluate = real_sum},
    {.name = "+", .signature = "(decimal~, decimal~) decimal", .evaluate = decimal_result<'+'>},
    {.name = "+", .signature = "(datetime, timespan~) datetime", .evaluate = whole_sum},
    {.name = "+", .signature = "(timespan~, datetime) datetime", .evaluate = whole_sum},
    {.name = "+", .signature = "(timespan~, timespan~) timespan", .evaluate = whole_sum},
    {.name = "+", .signature = "(datetime, datetime) datetime", .evaluate = whole_sum},
    {.name = "+", .signature = "(dynamic, dynamic) dynamic", .evaluate = dynamic_result<'+'>},
    {.name = "-", .signature = "(whole~, whole~) long", .evaluate = whole_difference},
    {.name = "-", .signature = "(real~, real~) real", .evaluate = real_difference},
    {.name = "-", .signature = "(decimal~, decimal~) decimal", .evaluate = decimal_result<'-'>},
    {.name = "-", .signature = "(datetime~, datetime~) timespan", .evaluate = whole_difference},
    {.name = "-", .signature = "(datetime, timespan) datetime", .evaluate = whole_difference},
    {.name = "-", .signature = "(timespan~, timespan~) timespan", .evaluate = whole_difference},
    {.name = "-", .signature = "(dynamic, dynamic) dynamic", .evaluate = dynamic_result<'-'>},
    {.name = "*", .signature = "(whole~, whole~) long", .evaluate = whole_product},
    {.name = "*", .signature = "(real~, real~) real", .evaluate = real_product},
    {.name = "*", .signature = "(decimal~, decimal~) decimal", .evaluate = decimal_result<'*'>},
    {.name = "*", .signature = "(timespan, real) timespan", .evaluate = timespan_by_number},
    {.name = "*", .signature = "(real, timespan) timespan", .evaluate = number_by_timespan},
    {.name = "*", .signature = "(datetime, real) datetime", .evaluate = datetime_by_number},
    {.name = "*", .signature = "(real, datetime) datetime", .evaluate = number_by_datetime},
    {.name = "*", .signature = "(dynamic, dynamic) dynamic", .evaluate = dynamic_result<'*'>},
    {.name = "/", .signature = "(whole~, whole~) long", .evaluate = whole_quotient},
    {.name = "/", .signature = "(real~, real~) real", .evaluate = real_quotient},
    {.name = "/", .signature = "(decimal~, decimal~) decimal", .evaluate = decimal_result<'/'>},
    {.name = "/", .signature = "(timespan, real) timespan", .evaluate = timespan_over_number},
    {.name = "/", .signature = "(timespan, timespan) real", .evaluate = timespan_over_timespan},
    {.name = "/", .signature = "(datetime, real) datetime", .evaluate = datetime_over_number},
    {.name = "/", .signature = "(dynamic, dynamic) dynamic", .evaluate = dynamic_result<'/'>},
    {.name = "%", .signature = "(whole~, whole~) long", .evaluate = whole_rest},
    {.name = "%", .signature = "(timespan, timespan) timespan", .evaluate = whole_rest},
    {.name = "%", .signature = "(datetime, timespan) timespan", .evaluate = whole_rest},
    {.name = "%", .signature = "(real~, real~) real", .evaluate = real_rest},
    {.name = "%", .signature = "(decimal~, decimal~) decimal", .evaluate = decimal_result<'%'>},
    {.name = "%", .signature = "(dynamic, dynamic) dynamic", .evaluate = dynamic_result<'%'>},
    {.name = "unary-", .signature = "(whole) long", .evaluate = negated_whole},
    {.name = "unary-", .signature = "(timespan) timespan", .evaluate = negated_whole},
    {.name = "unary-", .signature = "(real) real", .evaluate = negated_real},
    {.name = "unary-", .signature = "(decimal) decimal", .evaluate = negated_decimal},
    {.name = "unary-", .signature = "(dynamic) dynamic", .evaluate = negated_dynamic},
    {.name = "unary+", .signature = "(summable) first", .evaluate = unchanged, .sql = "{0}"},
    {.name = "==", .signature = "(common, common) bool", .evaluate = equal, .nulls = Nulls::handled},
    {.name = "==", .signature = "(plain, plain) bool", .evaluate = equal_otherwise, .nulls = Nulls::handled},
    {.name = "!=", .signature = "(common, common) bool", .evaluate = not_equal, .nulls = Nulls::handled},
    {.name = "!=", .signature = "(plain, plain) bool", .evaluate = not_equal_otherwise, .nulls = Nulls::handled},
    {.name = "<", .signature = "(numbers~, numbers~) bool", .evaluate = less},
    {.name = "<", .signature = "(datetime, datetime) bool", .evaluate = less},
    {.name = "<", .signature = "(timespan~, timespan~) bool", .evaluate = less},
    {.name = "<", .signature = "(bool, bool) bool", .evaluate = less},
    {.name = "<", .signature = "(guid, guid) bool", .evaluate = less},
    {.name = "<=", .signature = "(numbers~, numbers~) bool", .evaluate = less_or_equal},
    {.name = "<=", .signature = "(datetime, datetime) bool", .evaluate = less_or_equal},
    {.name = "<=", .signature = "(timespan~, timespan~) bool", .evaluate = less_or_equal},
    {.name = "<=", .signature = "(bool, bool) bool", .evaluate = less_or_equal},
    {.name = "<=", .signature = "(guid, guid) bool", .evaluate = less_or_equal},
    {.name = ">", .signature = "(numbers~, numbers~) bool", .evaluate = greater},
    {.name = ">", .signature = "(datetime, datetime) bool", .evaluate = greater},
    {.name = ">", .signature = "(timespan~, timespan~) bool", .evaluate = greater},
    {.name = ">", .signature = "(bool, bool) bool", .evaluate = greater},
    {.name = ">", .signature = "(guid, guid) bool", .evaluate = greater},
    {.name = ">=", .signature = "(numbers~, numbers~) bool", .evaluate = greater_or_equal},
    {.name = ">=", .signature = "(datetime, datetime) bool", .evaluate = greater_or_equal},
    {.name = ">=", .signature = "(timespan~, timespan~) bool", .evaluate = greater_or_equal},
    {.name = ">=", .signature = "(bool, bool) bool", .evaluate = greater_or_equal},
    {.name = ">=", .signature = "(guid, guid) bool", .evaluate = greater_or_equal},
    {.name = "and", .signature = "(bool~, bool~...) bool", .evaluate = both, .nulls = Nulls::handled},
    {.name = "or", .signature = "(bool~, bool~...) bool", .evaluate = either, .nulls = Nulls::handled},
    {.name = "between", .signature = "(numbers~, numbers~, numbers~) bool", .evaluate = between},
    {.name = "between", .signature = "(datetime~, datetime, datetime) bool", .evaluate = between},
    {.name = "between", .signature = "(timespan~, timespan, timespan) bool", .evaluate = between},
    {.name = "!between", .signature = "(numbers~, numbers~, numbers~) bool", .evaluate = not_between},
    {.name = "!between", .signature = "(datetime~, datetime, datetime) bool", .evaluate = not_between},
    {.name = "!between", .signature = "(timespan~, timespan, timespan) bool", .evaluate = not_between},
    {.name = "in", .signature = "(common, common...) bool", .evaluate = is_in, .nulls = Nulls::handled},
    {.name = "!in", .signature = "(common, common...) bool", .evaluate = is_not_in, .nulls = Nulls::handled},
};

}  // namespace

std::span<const Function> operator_functions() { return kFunctions; }

}  // namespace kql
