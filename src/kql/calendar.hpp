// SPDX-License-Identifier: Apache-2.0
// The proleptic Gregorian calendar of KQL's datetimes: days since 0001-01-01, which was a Monday.
#pragma once

#include <cstdint>
#include <optional>

#include "kql/time.hpp"

namespace kql {

constexpr std::int64_t kEndOfTime = 3'652'059 * kTicksPerDay;  // 10000-01-01: the first moment that is no datetime

constexpr bool is_datetime(std::int64_t ticks) { return ticks >= 0 && ticks < kEndOfTime; }

struct Date {
  std::int64_t year = 1, month = 1, day = 1;
};

Date date_of(std::int64_t days);  // days >= 0

// Nothing for a day that does not exist in the years 1 to 9999.
std::optional<std::int64_t> days_of(const Date& date);

std::int64_t days_in_month(std::int64_t year, std::int64_t month);
std::int64_t day_of_year(const Date& date);  // from 1

// The largest multiple of `size` (> 0) that is not above `value`, divided by `size`.
constexpr std::int64_t floor_divide(std::int64_t value, std::int64_t size) {
  return value / size - (value % size < 0 ? 1 : 0);
}

}  // namespace kql
