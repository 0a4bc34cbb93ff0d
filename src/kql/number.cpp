// SPDX-License-Identifier: Apache-2.0
#include "kql/number.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/multiprecision/cpp_dec_float.hpp>
#include <charconv>
#include <cmath>

#include "base/text.hpp"

namespace kql {

namespace {

// A few digits more than are printed, so that sums of the printed ones are exact.
using Decimal = boost::multiprecision::number<boost::multiprecision::cpp_dec_float<40>, boost::multiprecision::et_off>;
constexpr int kDecimalDigits = 34;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

template <typename T>
std::optional<T> whole_from(std::string_view digits, int base) {
  T value{};
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (read.ec != std::errc() || read.ptr != digits.data() + digits.size()) return std::nullopt;
  return value;
}

constexpr std::int64_t kLargestExponent = 6'144;

// Digits with the decimal point behind the first `before` of them, which may be negative or more than there are.
std::string with_point(const std::string& digits, std::int64_t before) {
  const auto size = static_cast<std::int64_t>(digits.size());
  if (before <= 0) return "0." + std::string(static_cast<std::size_t>(-before), '0') + digits;
  if (before >= size) return digits + std::string(static_cast<std::size_t>(before - size), '0');
  return digits.substr(0, static_cast<std::size_t>(before)) + "." + digits.substr(static_cast<std::size_t>(before));
}

// Plain digits, without zeros at the end of a fraction. Nothing where the exponent is beyond a decimal's.
std::optional<std::string> text_of(const Decimal& decimal) {
  if (decimal.is_zero()) return "0";
  const std::string text = decimal.str(kDecimalDigits - 1, std::ios_base::scientific);  // "-1.25e+05"
  const std::size_t mark = text.find('e');
  if (mark == std::string::npos) return std::nullopt;
  const auto exponent = whole_from<std::int64_t>(text.substr(text[mark + 1] == '+' ? mark + 2 : mark + 1), 10);
  if (!exponent || *exponent > kLargestExponent || *exponent < -kLargestExponent) return std::nullopt;
  std::string digits;
  for (const char c : text.substr(0, mark))
    if (is_digit(c)) digits += c;
  digits.erase(digits.find_last_not_of('0') + 1);
  return (decimal < 0 ? "-" : "") + with_point(digits, *exponent + 1);
}

bool is_decimal(std::string_view text) {
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  return !text.empty() && text.size() <= 100 && text.find_first_not_of("0123456789.eE+-") == std::string_view::npos &&
         parse_real_number(text).has_value();
}

}  // namespace

std::optional<std::int64_t> parse_whole_number(std::string_view text) {
  if (text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
    const auto value = whole_from<std::uint64_t>(text.substr(2), 16);
    return value ? std::optional(static_cast<std::int64_t>(*value)) : std::nullopt;
  }
  if (text.size() > 1 && text[0] == '+' && is_digit(text[1])) text.remove_prefix(1);
  return whole_from<std::int64_t>(text, 10);
}

std::optional<double> parse_real_number(std::string_view text) {
  const bool minus = !text.empty() && text.front() == '-';
  if (!text.empty() && (minus || text.front() == '+')) text.remove_prefix(1);
  if (text == "nan" || text == "NaN") return NAN;
  if (text == "inf" || text == "Inf" || text == "infinity" || text == "Infinity") return minus ? -INFINITY : INFINITY;
  if (text.empty() || (!is_digit(text.front()) && text.front() != '.')) return std::nullopt;
  double value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return minus ? -value : value;
}

std::string real_text(double real) {
  if (std::isnan(real)) return "NaN";
  if (std::isinf(real)) return real > 0 ? "Infinity" : "-Infinity";
  std::string text = fmt::format("{}", real);
  const std::size_t exponent = text.find('e');
  if (exponent == std::string::npos) return text.find('.') == std::string::npos ? text + ".0" : text;
  // "1e-07" and "1.5e+20" are 1E-07 and 1.5E+20.
  text[exponent] = 'E';
  return text;
}

double round_to_digits(double real, double digits) {
  const double scale = std::pow(10.0, std::abs(digits));
  // What has no digits there is what it was; multiplied and divided, it might not be.
  constexpr double kWholeFrom = 4'503'599'627'370'496;  // 2^52
  if (digits >= 0 && std::abs(real) * scale >= kWholeFrom) return real;
  const double rounded = digits >= 0 ? std::round(real * scale) / scale : std::round(real / scale) * scale;
  return std::isfinite(rounded) ? rounded : real;
}

std::optional<std::string> parse_decimal(std::string_view text) {
  if (!is_decimal(text)) return std::nullopt;
  return text_of(Decimal(std::string(text)));
}

std::string decimal_of_real(double real) { return text_of(Decimal(fmt::format("{}", real))).value_or("0"); }

double decimal_to_real(std::string_view decimal) { return parse_real_number(decimal).value_or(NAN); }

int compare_decimals(std::string_view left, std::string_view right) {
  return Decimal(std::string(left)).compare(Decimal(std::string(right)));
}

std::optional<std::string> decimal_arithmetic(char operation, std::string_view left, std::string_view right) {
  const Decimal a{std::string(left)};
  const Decimal b{std::string(right)};
  switch (operation) {
    case '+': return text_of(a + b);
    case '-': return text_of(a - b);
    case '*': return text_of(a * b);
    default: break;
  }
  if (b.is_zero()) return std::nullopt;
  if (operation == '/') return text_of(a / b);
  Decimal rest = fmod(a, b);
  if (rest < 0) rest += abs(b);
  return text_of(rest);
}

std::optional<std::string> floor_decimal(std::string_view value, std::string_view size) {
  const Decimal unit{std::string(size)};
  if (unit <= 0) return std::nullopt;
  return text_of(floor(Decimal(std::string(value)) / unit) * unit);
}

std::optional<std::string> round_decimal(std::string_view decimal, int digits) {
  const Decimal value{std::string(decimal)};
  const Decimal scale = pow(Decimal(10), std::min(std::max(digits, -kDecimalDigits), kDecimalDigits));
  return text_of((value < 0 ? -floor(abs(value) * scale + Decimal("0.5")) : floor(value * scale + Decimal("0.5"))) / scale);
}

}  // namespace kql
