// SPDX-License-Identifier: Apache-2.0
// Between UTC and the clocks of time zones.
#include "kql/functions/datetime_value.hpp"
#include "kql/functions/function.hpp"
#include "kql/time_zone.hpp"

namespace kql {

namespace {

constexpr std::int64_t kEpochSeconds = 719'162 * (kTicksPerDay / kTicksPerSecond);  // of 1970-01-01

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

std::string check_zone(std::span<const Value* const> arguments) {
  if (arguments[1] == nullptr || TimeZone::named(arguments[1]->text()) != nullptr) return {};
  return "there is no time zone '" + arguments[1]->text().substr(0, 64) + "'; datetime_list_timezones() lists them";
}

constexpr Function kFunctions[] = {
    {.name = "datetime_utc_to_local", .signature = "(datetime, string) datetime", .evaluate = to_local, .check = check_zone},
    {.name = "datetime_local_to_utc", .signature = "(datetime, string) datetime", .evaluate = to_utc, .check = check_zone},
    {.name = "datetime_list_timezones", .signature = "() dynamic", .evaluate = time_zones},
};

}  // namespace

std::span<const Function> time_zone_functions() { return kFunctions; }

}  // namespace kql
