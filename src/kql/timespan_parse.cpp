// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/text.hpp"
#include "kql/time_scanner.hpp"

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

std::optional<std::int64_t> signed_ticks(std::int64_t days, std::int64_t time, bool minus) {
  // The shortest timespan has no positive twin.
  const std::int64_t sign = minus ? -1 : 1;
  std::int64_t ticks = 0;
  if (__builtin_mul_overflow(days, sign * kTicksPerDay, &ticks) || __builtin_add_overflow(ticks, sign * time, &ticks)) return std::nullopt;
  return ticks;
}

// "[-][d.]hh:mm[:ss[.f]]" or whole days.
std::optional<std::int64_t> parse_clock(std::string_view text) {
  TimeScanner in(text);
  const bool minus = in.take('-');
  const auto first = in.number(1, 9);
  if (!first) return std::nullopt;
  if (in.at_end()) return signed_ticks(*first, 0, minus);
  if (in.take('.')) {
    const auto time = read_clock(in);
    if (!time || !in.at_end()) return std::nullopt;
    return signed_ticks(*first, *time, minus);
  }
  TimeScanner whole(text.substr(minus ? 1 : 0));
  const auto time = read_clock(whole);
  if (!time || !whole.at_end()) return std::nullopt;
  return signed_ticks(0, *time, minus);
}

}  // namespace

// "05:06", "05:06:07", "05:06:07.123": ticks of the day.
std::optional<std::int64_t> read_clock(TimeScanner& in) {
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

}  // namespace kql
