// SPDX-License-Identifier: Apache-2.0
#include "workspace/timespan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <optional>

#include "base/text.hpp"
#include "base/time.hpp"

namespace workspace {

namespace {

constexpr std::int64_t kLongestTicks = 3'155'378'976'000'000'000;  // from the year 1 to the end of 9999
constexpr double kDay = 86'400.0 * model::kTicksPerSecond;

struct Unit {
  char letter;
  bool of_time;  // behind the 'T'
  double ticks;
};
// In the order in which they stand.
constexpr Unit kUnits[] = {
    {'Y', false, 365 * kDay}, {'M', false, 30 * kDay}, {'W', false, 7 * kDay}, {'D', false, kDay},
    {'H', true, kDay / 24},   {'M', true, kDay / 1440}, {'S', true, double{model::kTicksPerSecond}},
};

// A number with up to seven digits behind its point, cut off the front of `text`.
std::optional<double> take_number(std::string_view& text) {
  const std::size_t length = std::min(text.find_first_not_of("0123456789.,"), text.size());
  std::string number(text.substr(0, length));
  std::replace(number.begin(), number.end(), ',', '.');
  double value = 0;
  const auto read = std::from_chars(number.data(), number.data() + number.size(), value, std::chars_format::fixed);
  if (read.ec != std::errc() || read.ptr != number.data() + number.size()) return std::nullopt;
  text.remove_prefix(length);
  return value;
}

std::optional<std::int64_t> parse_duration(std::string_view text) {
  if (text.size() < 3 || (text[0] != 'P' && text[0] != 'p')) return std::nullopt;
  text.remove_prefix(1);
  double ticks = 0;
  bool of_time = false;
  std::size_t next = 0;  // of kUnits: each stands once, in order
  while (!text.empty()) {
    if (!of_time && base::to_lower(text.substr(0, 1)) == "t") {
      of_time = true;
      text.remove_prefix(1);
    }
    const auto number = take_number(text);
    if (!number || text.empty()) return std::nullopt;
    const char letter = text[0] >= 'a' ? static_cast<char>(text[0] - 'a' + 'A') : text[0];
    while (next < std::size(kUnits) && (kUnits[next].letter != letter || kUnits[next].of_time != of_time)) ++next;
    if (next == std::size(kUnits)) return std::nullopt;
    ticks += *number * kUnits[next++].ticks;
    text.remove_prefix(1);
  }
  if (!(ticks <= double{kLongestTicks})) return std::nullopt;
  return std::llround(ticks);
}

tl::unexpected<base::Error> bad_timespan(std::string_view text) {
  return base::fail(base::Kind::invalid_input,
                    fmt::format("The timespan '{}' is none; write a duration such as PT12H or P7D, or start/end such as 2026-11-28T00:00:00Z/2026-11-29T00:00:00Z.",
                                base::printable(text.substr(0, 100))));
}

std::int64_t within_years(std::int64_t ticks) { return std::clamp<std::int64_t>(ticks, 0, kLongestTicks - 1); }

}  // namespace

base::Result<std::int64_t> parse_ticks(std::string_view text) {
  const auto seconds = base::parse_time(text);
  if (!seconds) return bad_timespan(text);
  std::int64_t fraction = 0;
  if (const auto point = text.find_first_of(".,"); point != std::string_view::npos) {
    std::int64_t unit = model::kTicksPerSecond / 10;
    for (std::size_t i = point + 1; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i, unit /= 10) fraction += (text[i] - '0') * unit;
  }
  return within_years(seconds->time_since_epoch().count() * model::kTicksPerSecond + fraction + model::kTicksAtUnixEpoch);
}

base::Result<TimeRange> parse_timespan(std::string_view text, std::int64_t now) {
  const auto [first, second] = base::cut(text, "/");
  const auto first_length = parse_duration(first);
  if (first.size() == text.size()) {
    if (!first_length) return bad_timespan(text);
    return TimeRange{within_years(now - *first_length), now};
  }
  const auto second_length = parse_duration(second);
  if (first_length && second_length) return bad_timespan(text);
  const auto begin = first_length ? base::Result<std::int64_t>(0) : parse_ticks(first);
  const auto end = second_length ? base::Result<std::int64_t>(0) : parse_ticks(second);
  if (!begin || !end) return bad_timespan(text);
  TimeRange range{*begin, *end};
  if (first_length) range.begin = within_years(*end - *first_length);
  if (second_length) range.end = within_years(*begin + *second_length);
  if (range.begin > range.end)
    return base::fail(base::Kind::invalid_input, fmt::format("The timespan '{}' ends before it begins.", base::printable(text.substr(0, 100))));
  return range;
}

std::int64_t now_ticks() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(since).count() / 100 + model::kTicksAtUnixEpoch;
}

}  // namespace workspace
