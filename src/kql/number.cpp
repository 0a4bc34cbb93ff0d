// SPDX-License-Identifier: Apache-2.0
#include "kql/number.hpp"

#include <fmt/format.h>

#include <boost/multiprecision/cpp_dec_float.hpp>
#include <charconv>
#include <cmath>

#include "base/text.hpp"

namespace kql {

namespace {

// A few digits more than are printed, so that sums of the printed ones are exact.
using Decimal = boost::multiprecision::number<boost::multiprecision::cpp_dec_float<40>, boost::multiprecision::et_off>;
constexpr int kDecimalDigits = 34;

std::string text_of(const Decimal& decimal) {
  std::string text = decimal.str(kDecimalDigits);
  // Plain digits while they are few; the library gives an exponent for the rest.
  if (text == "-0") return "0";
  return text;
}

template <typename T>
std::optional<T> whole_from(std::string_view digits, int base) {
  T value{};
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (read.ec != std::errc() || read.ptr != digits.data() + digits.size()) return std::nullopt;
  return value;
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
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  return whole_from<std::int64_t>(text, 10);
}

std::optional<double> parse_real_number(std::string_view text) {
  const std::string word = base::to_lower(text);
  if (word == "nan") return NAN;
  if (word == "infinity" || word == "+infinity" || word == "inf" || word == "+inf") return INFINITY;
  if (word == "-infinity" || word == "-inf") return -INFINITY;
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  double value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ptr != text.data() + text.size() || text.empty()) return std::nullopt;
  if (read.ec == std::errc::result_out_of_range) return std::nullopt;
  if (read.ec != std::errc()) return std::nullopt;
  return value;
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

std::optional<std::string> parse_decimal(std::string_view text) {
  if (!is_decimal(text)) return std::nullopt;
  return text_of(Decimal(std::string(text)));
}

std::string decimal_of_real(double real) { return text_of(Decimal(fmt::format("{}", real))); }

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

}  // namespace kql
