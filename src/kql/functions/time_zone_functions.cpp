// SPDX-License-Identifier: Apache-2.0
// Between UTC and the clocks of time zones.
#include <fmt/format.h>

#include "kql/functions/datetime_value.hpp"
#include "kql/functions/function.hpp"
#include "kql/time_zone.hpp"
#include "model/value_table.hpp"

namespace kql {

namespace {

constexpr std::int64_t kEpochSeconds = model::kTicksAtUnixEpoch / kTicksPerSecond;

Value to_local(const Arguments& a) {
  const TimeZone* zone = TimeZone::named(a.text(1));
  if (zone == nullptr) return {};
  const std::int64_t seconds = a.integer(0) / kTicksPerSecond - kEpochSeconds;
  return datetime_value(a.integer(0) + zone->offset_at(seconds) * kTicksPerSecond);
}

Value to_utc(const Arguments& a) {
  const TimeZone* zone = TimeZone::named(a.text(1));
  if (zone == nullptr) return {};
  const std::int64_t seconds = a.integer(0) / kTicksPerSecond - kEpochSeconds;
  return datetime_value((zone->utc_of(seconds) + kEpochSeconds) * kTicksPerSecond + a.integer(0) % kTicksPerSecond);
}

Value time_zones(const Arguments&) {
  base::JsonArray out;
  for (const std::string& name : TimeZone::names()) out.emplace_back(name);
  return Value::dynamic(std::move(out));
}

base::Result<void> check_zone(const Arguments& constants) {
  if (!constants.has(1) || TimeZone::named(constants.text(1)) != nullptr) return {};
  return base::fail(base::Kind::invalid_input, fmt::format("there is no time zone '{}'; datetime_list_timezones() lists them", constants.text(1)));
}

constexpr Function kFunctions[] = {
    {.name = "datetime_utc_to_local", .signature = "(datetime, string) datetime", .evaluate = to_local, .check = check_zone},
    {.name = "datetime_local_to_utc", .signature = "(datetime, string) datetime", .evaluate = to_utc, .check = check_zone},
    {.name = "datetime_list_timezones", .signature = "() dynamic", .evaluate = time_zones},
};

}  // namespace

std::span<const Function> time_zone_functions() { return kFunctions; }

}  // namespace kql
