// SPDX-License-Identifier: Apache-2.0
#include "kql/time.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <charconv>

#include "base/text.hpp"

namespace kql {

namespace {

struct Unit {
  std::string_view name;
  std::int64_t ticks;
};

constexpr std::array kUnits{
    Unit{"d", kTicksPerDay},          Unit{"day", kTicksPerDay},          Unit{"days", kTicksPerDay},
    Unit{"h", 36'000'000'000},        Unit{"hr", 36'000'000'000},         Unit{"hrs", 36'000'000'000},
    Unit{"hour", 36'000'000'000},     Unit{"hours", 36'000'000'000},      Unit{"m", 600'000'000},
    Unit{"min", 600'000'000},         Unit{"minute", 600'000'000},        Unit{"minutes", 600'000'000},
    Unit{"s", kTicksPerSecond},       Unit{"sec", kTicksPerSecond},       Unit{"second", kTicksPerSecond},
    Unit{"seconds", kTicksPerSecond}, Unit{"ms", 10'000},                 Unit{"milli", 10'000},
    Unit{"millis", 10'000},           Unit{"millisec", 10'000},           Unit{"millisecond", 10'000},
    Unit{"milliseconds", 10'000},     Unit{"micro", 10},                  Unit{"micros", 10},
    Unit{"microsec", 10},             Unit{"microsecond", 10},            Unit{"microseconds", 10},
    Unit{"tick", 1},                  Unit{"ticks", 1}};

bool is_decimal_digit(char c) { return c >= '0' && c <= '9'; }

// Reads text from left to right.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}
  bool at_end() const { return text_.empty(); }
  char peek() const { return text_.empty() ? '\0' : text_.front(); }
  bool take(char c) {
    if (peek() != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  // At least `least` and at most `most` digits.
  std::optional<std::int64_t> number(int least, int most) {
    int count = 0;
    std::int64_t value = 0;
    while (count < most && is_decimal_digit(peek())) {
      value = value * 10 + (peek() - '0');
      text_.remove_prefix(1);
      ++count;
    }
    if (count < least) return std::nullopt;
    return value;
  }
  // The digits behind a decimal point as ticks; those behind the seventh are rounded away.
  std::optional<std::int64_t> fraction() {
    std::int64_t ticks = 0;
    std::int64_t unit = kTicksPerSecond;
    int count = 0;
    bool round_up = false;
    for (; is_decimal_digit(peek()); ++count, text_.remove_prefix(1)) {
      if (count == 7) round_up = peek() >= '5';
      if (count >= 7) continue;
      unit /= 10;
      ticks += (peek() - '0') * unit;
    }
    if (count == 0) return std::nullopt;
    return ticks + (round_up ? 1 : 0);
  }
  std::string_view word() {
    std::size_t size = 0;
    while (size < text_.size() && std::isalpha(static_cast<unsigned char>(text_[size])) != 0) ++size;
    const std::string_view word = text_.substr(0, size);
    text_.remove_prefix(size);
    return word;
  }
  void skip_blanks() {
    while (peek() == ' ' || peek() == '\t') text_.remove_prefix(1);
  }

 private:
  std::string_view text_;
};

bool is_leap(std::int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

std::int64_t days_in(std::int64_t year, std::int64_t month) {
  constexpr std::array<std::int64_t, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : kDays.at(static_cast<std::size_t>(month - 1));
}

// Days since 0001-01-01 of the proleptic Gregorian calendar.
std::optional<std::int64_t> days_of(std::int64_t year, std::int64_t month, std::int64_t day) {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > days_in(year, month)) return std::nullopt;
  const std::int64_t before = year - 1;
  std::int64_t days = before * 365 + before / 4 - before / 100 + before / 400 + day - 1;
  for (std::int64_t m = 1; m < month; ++m) days += days_in(year, m);
  return days;
}

// "05:06", "05:06:07", "05:06:07.123": ticks of the day.
std::optional<std::int64_t> read_time(Scanner& in) {
  const auto hour = in.number(1, 2);
  if (!hour || *hour > 23 || !in.take(':')) return std::nullopt;
  const auto minute = in.number(1, 2);
  if (!minute || *minute > 59) return std::nullopt;
  std::int64_t ticks = (*hour * 60 + *minute) * 60 * kTicksPerSecond;
  if (!in.take(':')) return ticks;
  const auto second = in.number(1, 2);
  if (!second || *second > 59) return std::nullopt;
  ticks += *second * kTicksPerSecond;
  if (!in.take('.')) return ticks;
  const auto fraction = in.fraction();
  if (!fraction) return std::nullopt;
  return ticks + *fraction;
}

// "Z", "GMT", "+02:00", "-0800" or nothing: ticks to take off.
std::optional<std::int64_t> read_zone(Scanner& in) {
  if (in.at_end()) return 0;
  const bool minus = in.peek() == '-';
  if (!in.take('+') && !in.take('-')) {
    const std::string word = base::to_lower(in.word());
    if (word == "z" || word == "gmt" || word == "utc") return 0;
    return std::nullopt;
  }
  const auto hours = in.number(2, 2);
  in.take(':');
  const auto minutes = in.number(2, 2);
  if (!hours || !minutes || *hours > 14 || *minutes > 59) return std::nullopt;
  const std::int64_t ticks = (*hours * 60 + *minutes) * 60 * kTicksPerSecond;
  return minus ? -ticks : ticks;
}

std::optional<std::int64_t> in_range(std::int64_t days, std::int64_t time, std::int64_t zone) {
  const std::int64_t ticks = days * kTicksPerDay + time - zone;
  constexpr std::int64_t kEnd = 3'652'059 * kTicksPerDay;  // 10000-01-01
  if (ticks < 0 || ticks >= kEnd) return std::nullopt;
  return ticks;
}

std::optional<std::int64_t> parse_iso(std::string_view text) {
  Scanner in(text);
  const auto year = in.number(4, 4);
  if (!year) return std::nullopt;
  std::int64_t month = 1;
  std::int64_t day = 1;
  const char separator = in.peek() == '/' ? '/' : '-';
  if (in.take(separator)) {
    month = in.number(1, 2).value_or(0);
    if (in.take(separator)) day = in.number(1, 2).value_or(0);
  }
  const auto days = days_of(*year, month, day);
  if (!days) return std::nullopt;
  std::int64_t time = 0;
  if (in.take('T') || in.take('t') || in.peek() == ' ') {
    in.skip_blanks();
    const auto read = read_time(in);
    if (!read) return std::nullopt;
    time = *read;
  }
  in.skip_blanks();
  const auto zone = read_zone(in);
  if (!zone || !in.at_end()) return std::nullopt;
  return in_range(*days, time, *zone);
}

std::int64_t month_of(std::string_view word) {
  constexpr std::array<std::string_view, 12> kMonths{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
  const auto at = std::find(kMonths.begin(), kMonths.end(), base::to_lower(word).substr(0, 3));
  return at == kMonths.end() ? 0 : at - kMonths.begin() + 1;
}

// RFC 822 and RFC 850: "Sat, 8 Nov 14 15:05:02 GMT", "Saturday, 08-Nov-14 15:05 UTC".
std::optional<std::int64_t> parse_rfc822(std::string_view text) {
  Scanner in(text);
  if (!is_decimal_digit(in.peek())) {
    in.word();
    in.take(',');
    in.skip_blanks();
  }
  const auto day = in.number(1, 2);
  if (!in.take('-')) in.skip_blanks();
  const std::int64_t month = month_of(in.word());
  if (!in.take('-')) in.skip_blanks();
  auto year = in.number(2, 4);
  if (!day || month == 0 || !year) return std::nullopt;
  if (*year < 100) *year += *year < 50 ? 2000 : 1900;
  const auto days = days_of(*year, month, *day);
  if (!days) return std::nullopt;
  in.skip_blanks();
  std::int64_t time = 0;
  if (is_decimal_digit(in.peek())) {
    const auto read = read_time(in);
    if (!read) return std::nullopt;
    time = *read;
  }
  in.skip_blanks();
  const auto zone = read_zone(in);
  if (!zone || !in.at_end()) return std::nullopt;
  return in_range(*days, time, *zone);
}

std::optional<std::int64_t> signed_ticks(std::int64_t days, std::int64_t time, bool minus) {
  if (days > INT64_MAX / kTicksPerDay - 1) return std::nullopt;
  const std::int64_t ticks = days * kTicksPerDay + time;
  return minus ? -ticks : ticks;
}

// "[-][d.]hh:mm[:ss[.f]]" or whole days.
std::optional<std::int64_t> parse_clock(std::string_view text) {
  Scanner in(text);
  const bool minus = in.take('-');
  const auto first = in.number(1, 9);
  if (!first) return std::nullopt;
  if (in.at_end()) return signed_ticks(*first, 0, minus);
  if (in.take('.')) {
    const auto time = read_time(in);
    if (!time || !in.at_end()) return std::nullopt;
    return signed_ticks(*first, *time, minus);
  }
  Scanner whole(text.substr(minus ? 1 : 0));
  const auto time = read_time(whole);
  if (!time || !whole.at_end()) return std::nullopt;
  return signed_ticks(0, *time, minus);
}

}  // namespace

std::optional<std::int64_t> parse_datetime(std::string_view text) {
  text = base::trim(text);
  if (const auto ticks = parse_iso(text)) return ticks;
  return parse_rfc822(text);
}

std::optional<std::int64_t> parse_duration(std::string_view number, std::string_view unit) {
  const auto at = std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& known) { return known.name == unit; });
  if (at == kUnits.end() || number.empty()) return std::nullopt;
  std::int64_t whole = 0;
  const auto read = std::from_chars(number.data(), number.data() + number.size(), whole);
  std::int64_t product = 0;
  if (read.ec == std::errc() && read.ptr == number.data() + number.size()) {
    if (__builtin_mul_overflow(whole, at->ticks, &product)) return std::nullopt;
    return product;
  }
  double fractional = 0;
  const auto read_real = std::from_chars(number.data(), number.data() + number.size(), fractional);
  if (read_real.ec != std::errc() || read_real.ptr != number.data() + number.size()) return std::nullopt;
  const double ticks = std::round(fractional * static_cast<double>(at->ticks));
  if (!(std::abs(ticks) < 9.2e18)) return std::nullopt;
  return static_cast<std::int64_t>(ticks);
}

std::optional<std::int64_t> parse_timespan(std::string_view text) {
  text = base::trim(text);
  if (const auto ticks = parse_clock(text)) return ticks;
  const std::size_t end = text.find_first_not_of("-0123456789.");
  if (end == std::string_view::npos || end == 0) return std::nullopt;
  return parse_duration(base::trim(text.substr(0, end)), base::trim(text.substr(end)));
}

std::optional<std::string> parse_guid(std::string_view text) {
  text = base::trim(text);
  if (text.size() >= 2 && ((text.front() == '{' && text.back() == '}') || (text.front() == '(' && text.back() == ')')))
    text = text.substr(1, text.size() - 2);
  const bool hyphens = text.size() == 36;
  if (!hyphens && text.size() != 32) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool at_hyphen = hyphens && (i == 8 || i == 13 || i == 18 || i == 23);
    if (at_hyphen ? text[i] != '-' : std::isxdigit(static_cast<unsigned char>(text[i])) == 0) return std::nullopt;
    if (!hyphens && (i == 8 || i == 12 || i == 16 || i == 20)) out += '-';
    out += text[i];
  }
  return base::to_lower(out);
}

}  // namespace kql
