// SPDX-License-Identifier: Apache-2.0
// Points and spans of time as KQL prints them.
#include <fmt/format.h>

#include <chrono>

#include "kql/calendar.hpp"
#include "model/value_table.hpp"

namespace kql {

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
