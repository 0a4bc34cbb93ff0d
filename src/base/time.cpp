// SPDX-License-Identifier: Apache-2.0
#include "base/time.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>
#include <optional>

namespace base {

namespace {

std::optional<int> digits_at(std::string_view text, std::size_t at, std::size_t count) {
  int value = 0;
  if (at + count > text.size()) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data() + at, text.data() + at + count, value);
  const bool all_digits = error == std::errc() && end == text.data() + at + count && text[at] != '-';
  return all_digits ? std::optional(value) : std::nullopt;
}

// "Z", "+02:00", "-0700" → minutes east of UTC.
std::optional<int> parse_offset(std::string_view text) {
  if (text.empty() || text == "Z" || text == "z") return 0;
  if (text[0] != '+' && text[0] != '-') return std::nullopt;
  const auto hours = digits_at(text, 1, 2);
  const auto minutes = digits_at(text, text.size() > 3 && text[3] == ':' ? 4 : 3, 2);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  return (text[0] == '-' ? -1 : 1) * (*hours * 60 + *minutes);
}

std::optional<std::chrono::seconds> parse_clock(std::string_view text) {
  const auto hour = digits_at(text, 0, 2);
  const auto minute = digits_at(text, 3, 2);
  const auto second = digits_at(text, 6, 2);
  if (!hour || !minute || !second || text[2] != ':' || text[5] != ':') return std::nullopt;
  if (*hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  text.remove_prefix(8);
  if (!text.empty() && text[0] == '.') {
    const auto end = text.find_first_not_of("0123456789", 1);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end);
  }
  const auto offset = parse_offset(text);
  if (!offset) return std::nullopt;
  return std::chrono::hours(*hour) + std::chrono::minutes(*minute - *offset) + std::chrono::seconds(*second);
}

}  // namespace

Result<Seconds> parse_time(std::string_view text) {
  const auto bad = [&] { return fail(Kind::invalid_input, fmt::format("'{}' is not a date such as 2026-11-21 or 2026-11-21T19:46:45Z", text)); };
  const auto year = digits_at(text, 0, 4);
  const auto month = digits_at(text, 5, 2);
  const auto day = digits_at(text, 8, 2);
  if (!year || !month || !day || text[4] != '-' || text[7] != '-') return bad();
  const auto date = std::chrono::year(*year) / *month / *day;
  if (!date.ok()) return bad();
  Seconds time = std::chrono::sys_days(date);
  if (text.size() == 10) return time;
  if (text[10] != 'T' && text[10] != 't' && text[10] != ' ') return bad();
  const auto clock = parse_clock(text.substr(11));
  if (!clock) return bad();
  return time + *clock;
}

std::string format_date(Seconds time) {
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(time));
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

std::string format_time(Seconds time) {
  const std::chrono::hh_mm_ss clock(time - std::chrono::floor<std::chrono::days>(time));
  return fmt::format("{}T{:02}:{:02}:{:02}Z", format_date(time), clock.hours().count(), clock.minutes().count(),
                     clock.seconds().count());
}

Seconds system_now() {
  if (const char* fixed = std::getenv("SOURCE_DATE_EPOCH")) return Seconds(std::chrono::seconds(std::atoll(fixed)));
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

}  // namespace base
