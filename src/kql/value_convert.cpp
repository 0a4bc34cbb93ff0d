// SPDX-License-Identifier: Apache-2.0
// The conversions of tobool(), toint() … tostring() (data-explorer/kusto/query/tobool-function and its neighbours).
#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "base/text.hpp"
#include "kql/calendar.hpp"
#include "kql/number.hpp"
#include "kql/time.hpp"
#include "kql/value.hpp"

namespace kql {

namespace {

Value whole_of_real(double real, Type to) {
  const double low = to == Type::int32 ? -2147483648.0 : -9223372036854775808.0;
  const double high = to == Type::int32 ? 2147483648.0 : 9223372036854775808.0;
  const double cut = std::trunc(real);
  if (!(cut >= low && cut < high)) return {};
  return Value::integer(static_cast<std::int64_t>(cut));
}

// What an int does not hold of a long is cut off.
Value whole_of(std::int64_t whole, Type to) { return Value::integer(to == Type::int32 ? static_cast<std::int32_t>(whole) : whole); }

Value from_number(const Value& value, Type from, Type to) {
  const double real = from == Type::decimal ? decimal_to_real(value.text()) : from == Type::real ? value.real() : static_cast<double>(value.integer());
  switch (to) {
    case Type::boolean: return Value::boolean(real != 0);
    case Type::int32:
    case Type::int64: return is_whole(from) ? whole_of(value.integer(), to) : whole_of_real(real, to);
    case Type::real: return Value::real(real);
    case Type::decimal:
      if (from == Type::real) return std::isfinite(real) ? Value::text(decimal_of_real(real)) : Value();
      return Value::text(to_text(value, from));
    case Type::timespan:
    case Type::datetime: {  // a number of ticks
      const Value ticks = is_whole(from) ? value : whole_of_real(real, Type::int64);
      return !ticks.is_null() && (to == Type::timespan || is_datetime(ticks.integer())) ? ticks : Value();
    }
    default: return {};
  }
}

Value from_text(const std::string& text, Type to) {
  const std::string_view trimmed = base::trim(text);
  switch (to) {
    case Type::boolean: {
      // The one type that takes no blanks.
      const std::string word = base::to_lower(text);
      if (word == "true" || word == "false") return Value::boolean(word == "true");
      const auto number = parse_whole_number(text);
      return number ? Value::boolean(*number != 0) : Value();
    }
    case Type::int32:
    case Type::int64: {
      const auto number = parse_whole_number(trimmed);
      const bool held = number && (to == Type::int64 || (*number >= INT32_MIN && *number <= INT32_MAX));
      return held ? Value::integer(*number) : Value();
    }
    case Type::real: {
      const auto number = parse_real_number(trimmed);
      return number ? Value::real(*number) : Value();
    }
    case Type::decimal: {
      auto number = parse_decimal(trimmed);
      return number ? Value::text(std::move(*number)) : Value();
    }
    case Type::datetime: {
      const auto ticks = parse_datetime(trimmed);
      return ticks ? Value::integer(*ticks) : Value();
    }
    case Type::timespan: {
      const auto ticks = parse_timespan(trimmed);
      return ticks ? Value::integer(*ticks) : Value();
    }
    case Type::guid: {
      auto guid = read_guid(trimmed);
      return guid ? Value::text(std::move(*guid)) : Value();
    }
    case Type::string: return Value::text(text);
    case Type::dynamic: return parse_dynamic(text);
  }
  return {};
}

}  // namespace

Value convert(const Value& value, Type from, Type to) {
  if (from == to) return value.is_null() ? missing(to) : value;
  if (to == Type::string) return Value::text(to_text(value, from));
  if (value.is_null()) return {};
  if (to == Type::dynamic) return from == Type::string ? parse_dynamic(value.text()) : Value::dynamic(to_json(value, from));
  switch (from) {
    case Type::string: return from_text(value.text(), to);
    case Type::dynamic: return from_json(value.json(), to);
    case Type::boolean: return is_number(to) ? from_number(value, Type::int64, to) : Value();
    case Type::datetime:
    case Type::timespan: return is_number(to) ? from_number(value, Type::int64, to) : Value();
    case Type::guid: return {};
    default: return from_number(value, from, to);
  }
}

base::Json to_json(const Value& value, Type type) {
  if (value.is_null()) return nullptr;
  switch (type) {
    case Type::boolean: return value.boolean();
    case Type::int32:
    case Type::int64: return value.integer();
    case Type::real:
      if (!std::isfinite(value.real())) return boost::json::string(real_text(value.real()));
      return value.real();
    case Type::decimal: return decimal_to_real(value.text());
    case Type::dynamic: return value.json();
    default: return boost::json::string(to_text(value, type));
  }
}

Value from_json(const base::Json& json, Type type) {
  if (type == Type::dynamic) return Value::dynamic(json);
  if (json.is_null()) return missing(type);
  if (type == Type::string) return Value::text(to_text(Value::dynamic(json), Type::dynamic));
  if (const auto* text = json.if_string()) return from_text(std::string(text->data(), text->size()), type);
  if (const auto* flag = json.if_bool()) return convert(Value::boolean(*flag), Type::boolean, type);
  if (const auto* whole = json.if_int64()) return from_number(Value::integer(*whole), Type::int64, type);
  if (json.is_number()) return from_number(Value::real(json.to_number<double>()), Type::real, type);
  return {};
}

}  // namespace kql
