// SPDX-License-Identifier: Apache-2.0
// bin, floor and bin_at: down to the next multiple of a size.
#include <cmath>

#include "kql/functions/datetime_value.hpp"
#include "kql/functions/function.hpp"
#include "kql/number.hpp"

namespace kql {

namespace {

// Nothing for sizes that are none.
std::optional<std::int64_t> floor_to(std::int64_t value, std::int64_t size) {
  if (size <= 0) return std::nullopt;
  std::int64_t out = 0;
  if (__builtin_mul_overflow(floor_divide(value, size), size, &out)) return std::nullopt;
  return out;
}

Value whole_bin(const Arguments& a) {
  const auto bin = floor_to(a.integer(0), a.integer(1));
  return bin ? Value::integer(*bin) : Value();
}

Value number_bin(const Arguments& a) {
  if (a.result == Type::decimal) {
    auto bin = floor_decimal(a.text(0), a.text(1));
    return bin ? Value::text(std::move(*bin)) : Value();
  }
  if (a.result != Type::real) return whole_bin(a);
  return a.real(1) > 0 ? Value::real(std::floor(a.real(0) / a.real(1)) * a.real(1)) : Value();
}

Value whole_bin_at(const Arguments& a) {
  const std::int64_t fixed = a.integer(2);
  std::int64_t distance = 0;
  if (__builtin_sub_overflow(a.integer(0), fixed, &distance)) return {};
  const auto bin = floor_to(distance, a.integer(1));
  std::int64_t out = 0;
  if (!bin || __builtin_add_overflow(*bin, fixed, &out)) return {};
  return a.result == Type::datetime ? datetime_value(out) : Value::integer(out);
}

Value number_bin_at(const Arguments& a) {
  if (a.result != Type::real && a.result != Type::decimal) return whole_bin_at(a);
  if (a.result == Type::real) return a.real(1) > 0 ? Value::real(std::floor((a.real(0) - a.real(2)) / a.real(1)) * a.real(1) + a.real(2)) : Value();
  const auto distance = decimal_arithmetic('-', a.text(0), a.text(2));
  const auto bin = distance ? floor_decimal(*distance, a.text(1)) : std::nullopt;
  auto out = bin ? decimal_arithmetic('+', *bin, a.text(2)) : std::nullopt;
  return out ? Value::text(std::move(*out)) : Value();
}

constexpr Naming kFirst = Naming::first_argument;

constexpr Function bin_function(std::string_view name, std::string_view signature) {
  return {.name = name, .signature = signature, .evaluate = number_bin, .naming = kFirst};
}
constexpr Function at_function(std::string_view signature) {
  return {.name = "bin_at", .signature = signature, .evaluate = number_bin_at, .naming = kFirst};
}

constexpr Function kFunctions[] = {
    bin_function("bin", "(long, long) long"),
    bin_function("bin", "(real, real) real"),
    bin_function("bin", "(decimal, decimal) decimal"),
    bin_function("bin", "(datetime, timespan) datetime"),
    bin_function("bin", "(datetime, datetime) datetime"),
    bin_function("bin", "(timespan, timespan) timespan"),
    bin_function("floor", "(long, long) long"),
    bin_function("floor", "(real, real) real"),
    bin_function("floor", "(decimal, decimal) decimal"),
    bin_function("floor", "(datetime, timespan) datetime"),
    bin_function("floor", "(datetime, datetime) datetime"),
    bin_function("floor", "(timespan, timespan) timespan"),
    at_function("(long, long, long) long"),
    at_function("(real, real, real) real"),
    at_function("(decimal, decimal, decimal) decimal"),
    at_function("(datetime, timespan, datetime) datetime"),
    at_function("(datetime, whole, datetime) datetime"),
    at_function("(timespan, timespan, timespan) timespan"),
    at_function("(timespan, whole, timespan) timespan"),
};

}  // namespace

std::span<const Function> bin_functions() { return kFunctions; }

}  // namespace kql
