// SPDX-License-Identifier: Apache-2.0
// Rounding, powers, logarithms and trigonometry.
#include <algorithm>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <random>

#include "kql/functions/function.hpp"
#include "kql/functions/math_policy.hpp"
#include "kql/number.hpp"

namespace kql {

namespace {

constexpr double kPi = 3.14159265358979323846;

template <double (*of)(double)>
Value real_of(const Arguments& a) {
  return Value::real(of(a.number(0)));
}

// Null of a negative number.
template <double (*of)(double)>
Value logarithm_of(const Arguments& a) {
  const double number = a.number(0);
  return number < 0 ? Value() : Value::real(of(number));
}

double exponential10(double x) { return std::pow(10.0, x); }
double cotangent(double x) { return 1.0 / std::tan(x); }
double to_degrees(double x) { return x * 180.0 / kPi; }
double to_radians(double x) { return x * kPi / 180.0; }
double sign(double x) { return x > 0 ? 1 : x < 0 ? -1 : x; }
double gamma_of(double x) { return std::tgamma(x); }
double log_gamma(double x) { return std::isfinite(x) ? boost::math::lgamma(x, QuietMath()) : std::abs(x); }

Value power(const Arguments& a) { return Value::real(std::pow(a.number(0), a.number(1))); }
Value arc_tangent(const Arguments& a) { return Value::real(std::atan2(a.number(0), a.number(1))); }
Value pi(const Arguments&) { return Value::real(kPi); }

Value absolute_whole(const Arguments& a) {
  const std::int64_t number = a.integer(0);
  // The smallest number has no positive twin, and stays.
  return Value::integer(number < 0 ? static_cast<std::int64_t>(0 - static_cast<std::uint64_t>(number)) : number);
}
Value absolute_real(const Arguments& a) { return Value::real(std::abs(a.real(0))); }
Value absolute_decimal(const Arguments& a) { return Value::text(a.text(0).substr(a.text(0)[0] == '-' ? 1 : 0)); }

// Whole numbers are rounded to tens, hundreds … alone.
Value rounded_whole(std::int64_t number, std::int64_t digits) {
  if (digits >= 0) return Value::integer(number);
  if (digits < -18) return Value::integer(0);
  std::int64_t unit = 1;
  for (; digits < 0; ++digits) unit *= 10;
  const std::int64_t rest = number % unit;
  const std::int64_t half = unit / 2;
  const std::int64_t cut = number - rest;
  std::int64_t out = cut;
  if (rest >= half) __builtin_add_overflow(cut, unit, &out);
  if (rest <= -half) __builtin_sub_overflow(cut, unit, &out);
  return Value::integer(out);
}

Value rounded(const Arguments& a) {
  const std::int64_t digits = std::clamp<std::int64_t>(a.size() > 1 ? a.integer(1) : 0, -400, 400);
  if (is_whole(a.result)) return rounded_whole(a.integer(0), digits);
  if (a.result == Type::real) return Value::real(round_to_digits(a.real(0), static_cast<double>(digits)));
  auto text = round_decimal(a.text(0), static_cast<int>(digits));
  return text ? Value::text(std::move(*text)) : Value();
}

Value ceiling(const Arguments& a) {
  if (is_whole(a.result)) return a[0];
  if (a.result == Type::real) return Value::real(std::ceil(a.real(0)));
  auto negated = decimal_arithmetic('-', "0", a.text(0));
  auto floor = negated ? floor_decimal(*negated, "1") : std::nullopt;
  auto text = floor ? decimal_arithmetic('-', "0", *floor) : std::nullopt;
  return text ? Value::text(std::move(*text)) : Value();
}

std::mt19937_64& generator() {
  thread_local std::mt19937_64 engine{std::random_device{}()};
  return engine;
}

Value random_real(const Arguments&) { return Value::real(std::uniform_real_distribution<double>(0, 1)(generator())); }
// A whole number below n, as a real.
Value random_below(const Arguments& a) {
  if (a.integer(0) < 1) return {};
  return Value::real(static_cast<double>(std::uniform_int_distribution<std::int64_t>(0, a.integer(0) - 1)(generator())));
}

Value is_nan(const Arguments& a) { return Value::boolean(std::isnan(a.real(0))); }
Value is_infinite(const Arguments& a) { return Value::boolean(std::isinf(a.real(0))); }
Value is_finite(const Arguments& a) { return Value::boolean(std::isfinite(a.real(0))); }

constexpr Naming kFirst = Naming::first_argument;
constexpr std::string_view kNumber = "(number) real";

constexpr Function kFunctions[] = {
    {.name = "abs", .signature = "(long) long", .evaluate = absolute_whole, .naming = kFirst},
    {.name = "abs", .signature = "(real) real", .evaluate = absolute_real, .naming = kFirst},
    {.name = "abs", .signature = "(decimal) decimal", .evaluate = absolute_decimal, .naming = kFirst},
    {.name = "abs", .signature = "(timespan) timespan", .evaluate = absolute_whole, .naming = kFirst},
    {.name = "round", .signature = "(number, const long?) first", .evaluate = rounded, .naming = kFirst},
    {.name = "ceiling", .signature = "(number) first", .evaluate = ceiling, .naming = kFirst},
    {.name = "sign", .signature = kNumber, .evaluate = real_of<sign>},
    {.name = "sqrt", .signature = kNumber, .evaluate = real_of<std::sqrt>, .naming = kFirst},
    {.name = "pow", .signature = "(number, number) real", .evaluate = power, .naming = kFirst},
    {.name = "exp", .signature = kNumber, .evaluate = real_of<std::exp>, .naming = kFirst},
    {.name = "exp2", .signature = kNumber, .evaluate = real_of<std::exp2>, .naming = kFirst},
    {.name = "exp10", .signature = kNumber, .evaluate = real_of<exponential10>, .naming = kFirst},
    {.name = "log", .signature = kNumber, .evaluate = logarithm_of<std::log>, .naming = kFirst},
    {.name = "log2", .signature = kNumber, .evaluate = logarithm_of<std::log2>, .naming = kFirst},
    {.name = "log10", .signature = kNumber, .evaluate = logarithm_of<std::log10>, .naming = kFirst},
    {.name = "gamma", .signature = kNumber, .evaluate = real_of<gamma_of>, .naming = kFirst},
    {.name = "loggamma", .signature = kNumber, .evaluate = real_of<log_gamma>, .naming = kFirst},
    {.name = "erf", .signature = kNumber, .evaluate = real_of<std::erf>, .naming = kFirst},
    {.name = "erfc", .signature = kNumber, .evaluate = real_of<std::erfc>, .naming = kFirst},
    {.name = "sin", .signature = kNumber, .evaluate = real_of<std::sin>, .naming = kFirst},
    {.name = "cos", .signature = kNumber, .evaluate = real_of<std::cos>, .naming = kFirst},
    {.name = "tan", .signature = kNumber, .evaluate = real_of<std::tan>, .naming = kFirst},
    {.name = "asin", .signature = kNumber, .evaluate = real_of<std::asin>, .naming = kFirst},
    {.name = "acos", .signature = kNumber, .evaluate = real_of<std::acos>, .naming = kFirst},
    {.name = "atan", .signature = kNumber, .evaluate = real_of<std::atan>, .naming = kFirst},
    {.name = "atan2", .signature = "(number, number) real", .evaluate = arc_tangent, .naming = kFirst},
    {.name = "cot", .signature = kNumber, .evaluate = real_of<cotangent>},
    {.name = "degrees", .signature = kNumber, .evaluate = real_of<to_degrees>},
    {.name = "radians", .signature = kNumber, .evaluate = real_of<to_radians>},
    {.name = "pi", .signature = "() real", .evaluate = pi},
    {.name = "isnan", .signature = "(real) bool", .evaluate = is_nan},
    {.name = "isinf", .signature = "(real) bool", .evaluate = is_infinite},
    {.name = "isfinite", .signature = "(real) bool", .evaluate = is_finite},
    {.name = "rand", .signature = "() real", .evaluate = random_real, .naming = kFirst, .kind = Function::Kind::changing},
    {.name = "rand", .signature = "(long) real", .evaluate = random_below, .naming = kFirst, .kind = Function::Kind::changing},
};

}  // namespace

std::span<const Function> math_functions() { return kFunctions; }

}  // namespace kql
