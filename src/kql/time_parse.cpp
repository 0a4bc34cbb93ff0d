// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "kql/calendar.hpp"
#include "kql/time_scanner.hpp"

namespace kql {

namespace {

// "Z", "GMT", "+02:00", "-0800", "+02" or nothing: ticks to take off.
std::optional<std::int64_t> read_zone(TimeScanner& in) {
  if (in.at_end()) return 0;
  const bool minus = in.peek() == '-';
  if (!in.take('+') && !in.take('-')) {
    const std::string word = base::to_lower(in.word());
    if (word == "z" || word == "gmt" || word == "utc") return 0;
    return std::nullopt;
  }
  const auto hours = in.number(2, 2);
  const bool colon = in.take(':');
  const auto minutes = colon || !in.at_end() ? in.number(2, 2) : std::optional<std::int64_t>(0);
  if (!hours || !minutes || *hours > 14 || *minutes > 59) return std::nullopt;
  const std::int64_t ticks = (*hours * 60 + *minutes) * 60 * kTicksPerSecond;
  return minus ? -ticks : ticks;
}

// "AM" and "PM" behind a time of the clock's twelve hours.
std::optional<std::int64_t> read_half_day(TimeScanner& in, std::int64_t time) {
  constexpr std::int64_t kHalf = kTicksPerDay / 2;
  constexpr std::int64_t kHour = kTicksPerDay / 24;
  TimeScanner ahead = in;
  ahead.skip_blanks();
  const std::string word = base::to_lower(ahead.word());
  if (word != "am" && word != "pm") return time;
  in = ahead;
  if (time < kHour || time >= kHalf + kHour) return std::nullopt;
  return time % kHalf + (word == "pm" ? kHalf : 0);
}

// What stands behind a date: a time or nothing, a zone or nothing, and the end.
std::optional<std::int64_t> read_rest(TimeScanner& in, const Date& date) {
  const auto days = days_of(date);
  if (!days || is_decimal_digit(in.peek())) return std::nullopt;
  std::int64_t time = 0;
  const bool marked = in.take('T') || in.take('t');
  in.skip_blanks();
  if (marked || is_decimal_digit(in.peek())) {
    const auto clock = read_clock(in);
    const auto read = clock ? read_half_day(in, *clock) : std::nullopt;
    if (!read) return std::nullopt;
    time = *read;
  }
  in.skip_blanks();
  const auto zone = read_zone(in);
  if (!zone || !in.at_end()) return std::nullopt;
  const std::int64_t ticks = *days * kTicksPerDay + time - *zone;
  return is_datetime(ticks) ? std::optional(ticks) : std::nullopt;
}

char separator_of(TimeScanner in) {
  in.skip_blanks();
  const char next = in.peek();
  return next == '/' || next == '.' || next == ',' ? next : '-';
}

// Blanks may stand on both sides of it: "2014 - 05 - 25"; and behind a comma.
bool take_separator(TimeScanner& in, char separator) {
  if (in.take(separator)) {
    if (separator == ',') in.skip_blanks();
    return true;
  }
  TimeScanner ahead = in;
  ahead.skip_blanks();
  if (!ahead.take(separator) || ahead.peek() != ' ') return false;
  ahead.skip_blanks();
  in = ahead;
  return true;
}

// "2014-05-25", "2014/5/25", "2014.05.25", "2014, 5, 25", "2014-05", "2014".
std::optional<std::int64_t> parse_year_first(std::string_view text) {
  TimeScanner in(text);
  const auto year = in.number(4, 4);
  if (!year || is_decimal_digit(in.peek())) return std::nullopt;
  Date date{*year, 1, 1};
  const char separator = separator_of(in);
  if (take_separator(in, separator)) {
    date.month = in.number(1, 2).value_or(0);
    if (take_separator(in, separator)) date.day = in.number(1, 2).value_or(0);
  }
  return read_rest(in, date);
}

// "5/25/2014", "05-25-2014".
std::optional<std::int64_t> parse_month_first(std::string_view text) {
  TimeScanner in(text);
  const auto month = in.number(1, 2);
  const char separator = separator_of(in);
  if (!month || !in.take(separator)) return std::nullopt;
  const auto day = in.number(1, 2);
  if (!day || !in.take(separator)) return std::nullopt;
  const auto year = in.number(4, 4);
  return year ? read_rest(in, {*year, *month, *day}) : std::nullopt;
}

std::int64_t month_named(std::string_view word) {
  constexpr std::array<std::string_view, 12> kMonths{"january", "february", "march",     "april",   "may",      "june",
                                                     "july",    "august",   "september", "october", "november", "december"};
  const std::string name = base::to_lower(word);
  if (name.size() < 3) return 0;
  const auto at = std::find_if(kMonths.begin(), kMonths.end(), [&](std::string_view month) { return month == name || month.substr(0, 3) == name; });
  return at == kMonths.end() ? 0 : at - kMonths.begin() + 1;
}

// RFC 822 and RFC 850, "Sat, 8 Nov 14 15:05:02 GMT", "Saturday, 08-Nov-14 15:05 UTC"; also "Nov 8, 2014 15:05".
std::optional<std::int64_t> parse_month_name(std::string_view text) {
  TimeScanner in(text);
  Date date{0, 0, 0};
  if (!is_decimal_digit(in.peek())) {
    date.month = month_named(in.word());
    in.take(',');
    in.skip_blanks();
  }
  date.day = in.number(1, 2).value_or(0);
  if (date.month == 0) {
    if (!in.take('-')) in.skip_blanks();
    date.month = month_named(in.word());
    if (!in.take('-')) in.skip_blanks();
  } else {
    in.take(',');
    in.skip_blanks();
  }
  auto year = in.number(2, 4);
  if (date.month == 0 || !year) return std::nullopt;
  date.year = *year >= 100 ? *year : *year + (*year < 50 ? 2000 : 1900);
  return read_rest(in, date);
}

}  // namespace

std::optional<std::int64_t> parse_datetime(std::string_view text) {
  text = base::trim(text);
  if (const auto ticks = parse_year_first(text)) return ticks;
  if (const auto ticks = parse_month_first(text)) return ticks;
  return parse_month_name(text);
}

}  // namespace kql
