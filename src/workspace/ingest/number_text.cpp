// SPDX-License-Identifier: Apache-2.0
#include "workspace/ingest/number_text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/text.hpp"

namespace workspace {

namespace {

constexpr std::size_t kWholeDigits = 22;
constexpr std::size_t kPlaces = 16;
constexpr std::size_t kMostDigits = 400;  // what any double and any decimal can have

// A number as digits, the point being `point` digits from the left: 12.5 is {"125", 2}. No zeros at either end.
struct Digits {
  bool negative = false;
  std::string digits;
  int point = 0;
};

// Takes the digits at the front, at most kMostDigits.
std::string_view take_digits(std::string_view& text) {
  const std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
  const std::string_view digits = text.substr(0, end);
  text.remove_prefix(end);
  return digits;
}

bool take_exponent(std::string_view& text, int& exponent) {
  if (text.empty()) return true;
  if (text[0] != 'e' && text[0] != 'E') return false;
  text.remove_prefix(1);
  if (!text.empty() && text[0] == '+') text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exponent);
  return error == std::errc() && end == text.data() + text.size() && exponent > -1000 && exponent < 1000;
}

std::optional<Digits> read_digits(std::string_view text) {
  Digits out;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    out.negative = text[0] == '-';
    text.remove_prefix(1);
  }
  const std::string_view whole = take_digits(text);
  std::string_view fraction;
  if (!text.empty() && text[0] == '.') {
    text.remove_prefix(1);
    fraction = take_digits(text);
  }
  int exponent = 0;
  if (whole.size() + fraction.size() == 0 || whole.size() + fraction.size() > kMostDigits || !take_exponent(text, exponent)) return std::nullopt;
  out.digits.append(whole).append(fraction);
  out.point = static_cast<int>(whole.size()) + exponent;
  const std::size_t zeros = std::min(out.digits.find_first_not_of('0'), out.digits.size());
  out.digits.erase(0, zeros);
  out.point -= static_cast<int>(zeros);
  out.digits.erase(out.digits.find_last_not_of('0') + 1);
  if (out.digits.empty()) out.point = 0;
  return out;
}

// Rounds half away from zero to kPlaces places behind the point.
void round_places(Digits& number) {
  const int keep = number.point + static_cast<int>(kPlaces);
  if (keep >= static_cast<int>(number.digits.size())) return;
  if (keep < 0) {
    number = Digits();
    return;
  }
  const auto kept = static_cast<std::size_t>(keep);
  const bool up = number.digits[kept] >= '5';
  number.digits.resize(kept);
  if (!up) return;
  std::size_t i = kept;
  while (i > 0 && number.digits[i - 1] == '9') --i;
  number.digits.resize(i);
  if (i > 0) {
    ++number.digits[i - 1];
  } else {
    number.digits = "1";
    ++number.point;
  }
}

}  // namespace

std::optional<std::int64_t> exact_integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size()) return value;
  const std::optional<Digits> number = read_digits(text);
  if (!number) return std::nullopt;
  const int zeros = number->point - static_cast<int>(number->digits.size());
  if (zeros < 0 || number->point > 19) return std::nullopt;
  const std::string plain = (number->negative ? "-" : "") + (number->digits.empty() ? "0" : number->digits) + std::string(static_cast<std::size_t>(zeros), '0');
  const auto again = std::from_chars(plain.data(), plain.data() + plain.size(), value);
  if (again.ec != std::errc()) return std::nullopt;
  return value;
}

std::optional<double> nearest_double(std::string_view text) {
  if (text == "NaN" || text == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (text == "Infinity" || text == "inf") return std::numeric_limits<double>::infinity();
  if (text == "-Infinity" || text == "-inf") return -std::numeric_limits<double>::infinity();
  if (text.empty() || text.find_first_not_of("+-.0123456789eE") != std::string_view::npos) return std::nullopt;
  if (text[0] == '+') text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size()) return std::nullopt;
  if (error == std::errc()) return value;
  // Out of range: nothing where it is too large, zero where it is too small.
  const std::optional<Digits> number = read_digits(text);
  if (!number || number->point > 0) return std::nullopt;
  return 0.0;
}

std::optional<std::string> decimal_text(std::string_view text) {
  std::optional<Digits> number = read_digits(text);
  if (!number || number->point > static_cast<int>(kWholeDigits)) return std::nullopt;
  round_places(*number);
  if (number->point > static_cast<int>(kWholeDigits)) return std::nullopt;
  std::string out = number->negative ? "-" : "";
  const std::size_t size = number->digits.size();
  if (number->point <= 0) {
    out += '0';
    if (size > 0) out.append(".").append(static_cast<std::size_t>(-number->point), '0').append(number->digits);
    return out;
  }
  const auto point = static_cast<std::size_t>(number->point);
  if (size <= point) return out.append(number->digits).append(point - size, '0');
  return out.append(number->digits, 0, point).append(".").append(number->digits, point);
}

}  // namespace workspace
