// SPDX-License-Identifier: Apache-2.0
// tostring(), tolong() and their kin, and the conversions that the binder adds.
#include <fmt/format.h>

#include "kql/sql/dynamic_sql.hpp"
#include "kql/sql/scalar_writer.hpp"
#include "kql/sql/sql_literals.hpp"

namespace kql {

namespace {

// Forms that the engine reads as KQL does; the others that KQL reads, too, are the evaluator's.
constexpr std::string_view kPlainWhole = R"('^[ \t\r\n]*\\+?(-?[0-9]{1,18})[ \t\r\n]*$')";
constexpr std::string_view kOtherWhole = R"('^[ \t\r\n]*(?:0[xX][0-9a-fA-F]|\\+?-?[0-9]{19})')";
constexpr std::string_view kPlainReal = R"('^[ \t\r\n]*\\+?(-?(?:[0-9]+[.]?[0-9]*|[.][0-9]+)(?:[eE][-+]?[0-9]+)?)[ \t\r\n]*$')";
constexpr std::string_view kPlainTime =
    R"('^[ \t\r\n]*((?:19|2[0-2])[0-9]{2}-[0-9]{2}-[0-9]{2})(?:[Tt ]([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9])(?:[.]([0-9]{1,7}))?)?)?[Zz]?[ \t\r\n]*$')";
constexpr std::string_view kPlainGuid = R"('^[ \t\r\n]*([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})[ \t\r\n]*$')";
constexpr std::string_view kOtherGuid = R"('^[ \t\r\n]*(?:[{(]|(?:[0-9a-fA-F]-?){32})')";

std::string whole_of_text(const std::string& text) {
  return unless(fmt::format("match({}, {})", text, kOtherWhole), fmt::format("toInt64OrNull(extract({}, {}))", text, kPlainWhole), "NULL");
}

std::string real_of_text(const std::string& text) {
  const std::string plain = fmt::format("extract({}, {})", text, kPlainReal);
  const std::string real = fmt::format("toFloat64OrNull({})", plain);
  // "nan" and "inf", and what is too large or too small for a real.
  const std::string other = fmt::format("match({0}, '(?i)nan|inf') OR isInfinite({1}) OR ({1} = 0 AND match({2}, '[1-9]'))", text, real, plain);
  return unless(other, real, "NULL");
}

std::string bool_of_text(const std::string& text) {
  // The one type that takes no blanks.
  return fmt::format("multiIf(lower({0}) = 'true', true, lower({0}) = 'false', false, match({0}, '[ \\t\\r\\n]'), NULL, {1} != 0)", text, whole_of_text(text));
}

std::string datetime_of_text(const std::string& text) {
  const std::string parts = fmt::format("extractGroups({}, {})", text, kPlainTime);
  const auto part = [&](int i) { return fmt::format("arrayElement({}, {})", parts, i); };
  const std::string clock = fmt::format("if({0} = '', '00:00', concat({0}, ':', {1})), ':', if({2} = '', '00', {2}), '.', rightPad({3}, 7, '0')", part(2), part(3),
                                        part(4), part(5));
  const std::string time = fmt::format("toDateTime64OrNull(concat({}, ' ', {}), 7, 'UTC')", part(1), clock);
  // The engine takes the 30th of February for the 2nd of March.
  const std::string sound = fmt::format("if(empty({0}) OR NOT startsWith(toString({1}), {2}), NULL, {1})", parts, time, part(1));
  return unless(fmt::format("empty({}) AND match({}, '[0-9]')", parts, text), sound, "NULL");
}

std::string number_as(const std::string& value, Type from, Type to) {
  switch (to) {
    case Type::boolean: return fmt::format("({} != 0)", value);
    case Type::int32: return from == Type::real ? fmt::format("accurateCastOrNull(trunc({}), 'Int32')", value) : fmt::format("toInt32({})", value);  // cut off
    case Type::int64: return from == Type::real ? fmt::format("accurateCastOrNull(trunc({}), 'Int64')", value) : fmt::format("toInt64({})", value);
    case Type::real: return fmt::format("toFloat64({})", value);
    case Type::timespan: return number_as(value, from, Type::int64);  // of ticks
    case Type::datetime: return datetime_within_range(fmt::format("({} - {})", number_as(value, from, Type::int64), kTicksAt1970));
    default: return {};
  }
}

Sql null_of(Type type) { return sql_literal(Value(), type); }

Sql scalar_as(const std::string& value, Type from, Type to) {
  switch (from) {
    case Type::boolean: return is_number(to) ? number_as(value, Type::int64, to) : null_of(to);
    case Type::datetime:
      return is_number(to) ? number_as(fmt::format("({} + {})", ticks_since_1970(value), kTicksAt1970), Type::int64, to) : null_of(to);
    case Type::timespan: return is_number(to) ? number_as(value, Type::int64, to) : null_of(to);
    case Type::guid: return null_of(to);
    default: break;
  }
  return to == Type::guid ? null_of(to) : number_as(value, from, to);
}

bool is_silent(const Call& call) { return call.function == &conversion_function(); }

Sql converted_sql(const ScalarWriter& w, const Scalar& scalar, const Call& call) {
  const Scalar& own = *call.arguments[0];
  const Type from = own.type, to = scalar.type;
  if (call.arguments.size() != 1) return base::fail(no_sql(fmt::format("this {}()", call.function->name)));
  if (from == Type::dynamic) return dynamic_as(w, own, to);
  if (from == Type::string && to == Type::dynamic && !is_silent(call)) return base::fail(no_sql("a whole text read as JSON"));
  const std::string value = TRY(w.value(own));
  if (from == to) return value;
  if (to == Type::string) return text_of_value(value, from);
  if (to == Type::dynamic) return json_of_value(value, from);
  if (from == Type::string) return text_as(value, to);
  return scalar_as(value, from, to);
}

// "NaN", "-inf", "1.0", "0.25". The engine writes digits like ours, and exponents elsewhere.
std::string text_of_real(const std::string& real, std::string_view infinity) {
  const std::string text = fmt::format("toString({})", real);
  const std::string other = fmt::format("isFinite({0}) AND {0} != 0 AND (abs({0}) >= 1e16 OR abs({0}) < 1e-4)", real);
  const std::string plain = unless(other, fmt::format("if(position({0}, '.') > 0, {0}, concat({0}, '.0'))", text), "''");
  return fmt::format("ifNull(multiIf(isNaN({0}), 'NaN', isInfinite({0}), if({0} > 0, '{2}', '-{2}'), {1}), '')", real, plain, infinity);
}

std::string text_of_datetime(const std::string& time) {
  // What the engine can print.
  const std::string other = fmt::format("{0} < toDateTime64('1900-01-01 00:00:00', 7, 'UTC') OR {0} >= toDateTime64('2299-12-31 00:00:00', 7, 'UTC')", time);
  return fmt::format("ifNull({}, '')", unless(other, fmt::format("concat(replaceOne(toString({}), ' ', 'T'), 'Z')", time), "''"));
}

std::string text_of_timespan(const std::string& span) {
  const std::string size = fmt::format("abs({})", span);
  const auto part = [&](std::string_view unit, std::string_view most) {
    return fmt::format("leftPad(toString(modulo(intDiv({}, {}), {})), 2, '0')", size, unit, most);
  };
  return fmt::format("ifNull(concat(if({0} < 0, '-', ''), if({1} >= 864000000000, concat(toString(intDiv({1}, 864000000000)), '.'), ''), {2}, ':', {3}, ':', {4}, "
                     "if(modulo({1}, 10000000) > 0, concat('.', leftPad(toString(modulo({1}, 10000000)), 7, '0')), '')), '')",
                     span, size, part("36000000000", "24"), part("600000000", "60"), part("10000000", "60"));
}

constexpr SqlForm kConversionForms[] = {
    {"convert", converted_sql},   {"tobool", converted_sql},   {"toboolean", converted_sql}, {"toint", converted_sql},     {"tolong", converted_sql},
    {"toreal", converted_sql},    {"todouble", converted_sql}, {"tostring", converted_sql},  {"todatetime", converted_sql}, {"totimespan", converted_sql},
    {"totime", converted_sql},    {"toguid", converted_sql},   {"todynamic", converted_sql}, {"parse_json", converted_sql}, {"parsejson", converted_sql},
    {"toobject", converted_sql},
};

}  // namespace

Sql text_of_value(const std::string& value, Type type) {
  switch (type) {
    case Type::string: return value;
    case Type::dynamic: return dynamic_text_sql(value);
    case Type::boolean: return fmt::format("if(isNull({0}), '', if({0}, 'True', 'False'))", value);
    case Type::real: return text_of_real(value, "inf");
    case Type::datetime: return text_of_datetime(value);
    case Type::timespan: return text_of_timespan(value);
    case Type::decimal: return base::fail(no_sql("decimals"));
    default: return fmt::format("ifNull(toString({}), '')", value);
  }
}

Sql json_of_value(const std::string& value, Type type) {
  switch (type) {
    case Type::dynamic: return value;
    case Type::string: return fmt::format("toJSONString({})", value);
    case Type::boolean: return fmt::format("if(isNull({0}), '', if({0}, 'true', 'false'))", value);
    case Type::int32:
    case Type::int64: return text_of_value(value, type);
    case Type::real: return fmt::format("if(isFinite({0}), {1}, if(isNull({0}), '', concat('\"', {1}, '\"')))", value, text_of_real(value, "Infinity"));
    case Type::decimal: return base::fail(no_sql("decimals"));
    default: return fmt::format("if(isNull({0}), '', concat('\"', {1}, '\"'))", value, TRY(text_of_value(value, type)));
  }
}

Sql text_as(const std::string& text, Type type) {
  switch (type) {
    case Type::string: return text;
    case Type::boolean: return bool_of_text(text);
    case Type::int32: return fmt::format("accurateCastOrNull({}, 'Int32')", whole_of_text(text));
    case Type::int64: return whole_of_text(text);
    case Type::real: return real_of_text(text);
    case Type::datetime: return datetime_of_text(text);
    case Type::guid: {
      const std::string other = fmt::format("match({0}, {1}) AND NOT match({0}, {2})", text, kOtherGuid, kPlainGuid);
      return unless(other, fmt::format("toUUIDOrNull(extract({}, {}))", text, kPlainGuid), "NULL");
    }
    default: return base::fail(no_sql("a text read as this type"));
  }
}

std::span<const SqlForm> conversion_forms() { return kConversionForms; }

}  // namespace kql
