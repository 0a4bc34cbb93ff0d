// SPDX-License-Identifier: Apache-2.0
#include "kql/value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "kql/number.hpp"
#include "kql/time.hpp"

namespace kql {

namespace {

template <typename T>
int order(const T& left, const T& right) {
  return left < right ? -1 : right < left ? 1 : 0;
}

// NaN stands next to null, below all numbers.
int order_reals(double left, double right) {
  if (std::isnan(left) || std::isnan(right)) return order(!std::isnan(left), !std::isnan(right));
  return order(left, right);
}

}  // namespace

Value Value::dynamic(base::Json value) {
  Value out;
  if (!value.is_null()) out.data_ = std::make_shared<const base::Json>(std::move(value));
  return out;
}

Value Value::of(const Literal& literal) {
  if (literal.is_null) return missing(literal.type);
  switch (literal.type) {
    case Type::real: return real(literal.real);
    case Type::string:
    case Type::guid: return text(literal.text);
    case Type::decimal: return text(parse_decimal(literal.text).value_or(literal.text));
    case Type::dynamic: return parse_dynamic(literal.text);
    default: return integer(literal.integer);
  }
}

Value missing(Type type) { return type == Type::string ? Value::text(std::string()) : Value(); }

int compare(Type type, const Value& left, const Value& right) {
  if (left.is_null() || right.is_null()) return order(!left.is_null(), !right.is_null());
  switch (type) {
    case Type::real: return order_reals(left.real(), right.real());
    case Type::string:
    case Type::guid: return order(left.text(), right.text());
    case Type::decimal: return compare_decimals(left.text(), right.text());
    case Type::dynamic: return order(dynamic_text(left.json()), dynamic_text(right.json()));
    default: return order(left.integer(), right.integer());
  }
}

bool same(Type type, const Value& left, const Value& right) { return compare(type, left, right) == 0; }

std::size_t hash(Type type, const Value& value) {
  if (value.is_null()) return 0;
  switch (type) {
    case Type::real: return std::isnan(value.real()) ? 1 : std::hash<double>()(value.real() == 0 ? 0.0 : value.real());
    case Type::string:
    case Type::guid: return std::hash<std::string>()(value.text());
    case Type::decimal: return std::hash<double>()(decimal_to_real(value.text()));
    case Type::dynamic: return std::hash<std::string>()(dynamic_text(value.json()));
    default: return std::hash<std::int64_t>()(value.integer());
  }
}

std::string to_text(const Value& value, Type type) {
  if (value.is_null()) return {};
  switch (type) {
    case Type::boolean: return value.boolean() ? "True" : "False";
    case Type::int32:
    case Type::int64: return fmt::format("{}", value.integer());
    case Type::real: return std::isinf(value.real()) ? std::string(value.real() > 0 ? "inf" : "-inf") : real_text(value.real());
    case Type::datetime: return format_datetime(value.integer());
    case Type::timespan: return format_timespan(value.integer());
    case Type::string:
    case Type::guid:
    case Type::decimal: return value.text();
    case Type::dynamic: {
      if (const auto* real = value.json().if_double()) return real_text(*real);
      const auto* text = value.json().if_string();
      return text ? std::string(text->data(), text->size()) : dynamic_text(value.json());
    }
  }
  return {};
}

}  // namespace kql
