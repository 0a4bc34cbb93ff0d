// SPDX-License-Identifier: Apache-2.0
#include "kql/calendar.hpp"

#include <array>

namespace kql {

namespace {

bool is_leap(std::int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

std::int64_t days_before_year(std::int64_t year) {
  const std::int64_t before = year - 1;
  return before * 365 + before / 4 - before / 100 + before / 400;
}

}  // namespace

std::int64_t days_in_month(std::int64_t year, std::int64_t month) {
  constexpr std::array<std::int64_t, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : kDays.at(static_cast<std::size_t>(month - 1));
}

// The "civil from days" algorithm: eras of 400 years that begin in March.
Date date_of(std::int64_t days) {
  const std::int64_t shifted = days + 306;  // since 0000-03-01
  const std::int64_t era = shifted / 146'097;
  const std::int64_t of_era = shifted % 146'097;
  const std::int64_t year_of_era = (of_era - of_era / 1'460 + of_era / 36'524 - of_era / 146'096) / 365;
  const std::int64_t day_of_era_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted_month = (5 * day_of_era_year + 2) / 153;
  const std::int64_t month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, day_of_era_year - (153 * shifted_month + 2) / 5 + 1};
}

std::optional<std::int64_t> days_of(const Date& date) {
  if (date.year < 1 || date.year > 9999 || date.month < 1 || date.month > 12) return std::nullopt;
  if (date.day < 1 || date.day > days_in_month(date.year, date.month)) return std::nullopt;
  return days_before_year(date.year) + day_of_year(date) - 1;
}

std::int64_t day_of_year(const Date& date) {
  std::int64_t days = date.day;
  for (std::int64_t month = 1; month < date.month; ++month) days += days_in_month(date.year, month);
  return days;
}

}  // namespace kql
