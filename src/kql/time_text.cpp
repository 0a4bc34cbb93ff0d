// SPDX-License-Identifier: Apache-2.0
// Points and spans of time as KQL prints them.
#include <fmt/format.h>

#include <chrono>

#include "kql/time.hpp"
#include "model/value_table.hpp"

namespace kql {

namespace {

struct Date {
  std::int64_t year, month, day;
};

// Of days since 0001-01-01 (the "civil from days" algorithm: eras of 400 years that begin in March).
Date date_of(std::int64_t days) {
  const std::int64_t shifted = days + 306;  // since 0000-03-01
  const std::int64_t era = shifted / 146'097;
  const std::int64_t of_era = shifted % 146'097;
  const std::int64_t year_of_era = (of_era - of_era / 1'460 + of_era / 36'524 - of_era / 146'096) / 365;
  const std::int64_t day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted_month = (5 * day_of_year + 2) / 153;
  const std::int64_t month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, day_of_year - (153 * shifted_month + 2) / 5 + 1};
}

}  // namespace

std::int64_t ticks_now() {
  using Ticks = std::chrono::duration<std::int64_t, std::ratio<1, kTicksPerSecond>>;
  return std::chrono::duration_cast<Ticks>(std::chrono::system_clock::now().time_since_epoch()).count() + model::kTicksAtUnixEpoch;
}

std::string format_datetime(std::int64_t ticks) {
  const Date date = date_of(ticks / kTicksPerDay);
  const std::int64_t seconds = ticks % kTicksPerDay / kTicksPerSecond;
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:07}Z", date.year, date.month, date.day, seconds / 3600, seconds / 60 % 60,
                     seconds % 60, ticks % kTicksPerSecond);
}

std::string format_timespan(std::int64_t ticks) {
  // Without a sign first: the smallest number has no positive twin.
  const std::uint64_t size = ticks < 0 ? 0 - static_cast<std::uint64_t>(ticks) : static_cast<std::uint64_t>(ticks);
  const std::uint64_t days = size / kTicksPerDay;
  const std::uint64_t seconds = size % kTicksPerDay / kTicksPerSecond;
  const std::uint64_t fraction = size % kTicksPerSecond;
  std::string text = ticks < 0 ? "-" : "";
  if (days > 0) text += fmt::format("{}.", days);
  text += fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
  if (fraction > 0) text += fmt::format(".{:07}", fraction);
  return text;
}

}  // namespace kql
