// SPDX-License-Identifier: Apache-2.0
#include "kql/time_zone.hpp"

#include <algorithm>

#include "kql/calendar.hpp"

namespace kql {

namespace {

constexpr std::int64_t kSecondsPerDay = 86'400;
constexpr std::int64_t kUnixEpochDay = 719'162;
constexpr std::size_t kMostChanges = 10'000;
constexpr std::size_t kHeaderSize = 44;

std::int64_t big_endian(std::string_view bytes, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  if (size == 4) return static_cast<std::int32_t>(static_cast<std::uint32_t>(value));
  return static_cast<std::int64_t>(value);
}

// The numbers of a header: of a block's lists.
struct BlockSizes {
  std::size_t utc_flags, wall_flags, leap_seconds, changes, types, names;
  std::size_t bytes(std::size_t time_size) const {
    return changes * (time_size + 1) + types * 6 + names + leap_seconds * (time_size + 4) + wall_flags + utc_flags;
  }
};

std::optional<BlockSizes> read_header(std::string_view bytes) {
  if (bytes.size() < kHeaderSize || bytes.substr(0, 4) != "TZif") return std::nullopt;
  std::size_t numbers[6];
  for (std::size_t i = 0; i < 6; ++i) {
    const std::int64_t number = big_endian(bytes.substr(20 + i * 4), 4);
    if (number < 0 || number > static_cast<std::int64_t>(kMostChanges)) return std::nullopt;
    numbers[i] = static_cast<std::size_t>(number);
  }
  return BlockSizes{numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]};
}

std::optional<std::int64_t> take_number(std::string_view& text) {
  std::int64_t value = 0;
  std::size_t size = 0;
  for (; size < text.size() && size < 4 && text[size] >= '0' && text[size] <= '9'; ++size) value = value * 10 + (text[size] - '0');
  if (size == 0) return std::nullopt;
  text.remove_prefix(size);
  return value;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

// "[+-]hh[:mm[:ss]]" in seconds.
std::optional<std::int64_t> take_clock(std::string_view& text) {
  const bool minus = take(text, '-');
  if (!minus) take(text, '+');
  const auto hours = take_number(text);
  if (!hours) return std::nullopt;
  std::int64_t seconds = *hours * 3'600;
  if (take(text, ':')) seconds += take_number(text).value_or(0) * 60;
  if (take(text, ':')) seconds += take_number(text).value_or(0);
  return minus ? -seconds : seconds;
}

// "CET", "<+03>".
bool take_abbreviation(std::string_view& text) {
  const bool quoted = take(text, '<');
  const std::size_t end = quoted ? text.find('>') : text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
  if (end == std::string_view::npos && quoted) return false;
  text.remove_prefix(std::min(text.size(), end + (quoted ? 1 : 0)));
  return true;
}

std::int64_t year_of_seconds(std::int64_t seconds) {
  const std::int64_t day = floor_divide(seconds, kSecondsPerDay) + kUnixEpochDay;
  return date_of(std::clamp<std::int64_t>(day, 0, kEndOfTime / kTicksPerDay - 1)).year;
}

}  // namespace

std::optional<TimeZone::YearlyChange> TimeZone::parse_yearly_change(std::string_view& text) {
  YearlyChange change;
  if (!take(text, ',')) return std::nullopt;
  std::optional<std::int64_t> month, week = 1, day;
  if (take(text, 'M')) {
    month = take_number(text);
    if (!take(text, '.')) return std::nullopt;
    week = take_number(text);
    if (!take(text, '.')) return std::nullopt;
    day = take_number(text);
    if (!month || !week || *month < 1 || *month > 12 || *week < 1 || *week > 5) return std::nullopt;
    change.month = *month;
    change.week = *week;
  } else {
    change.form = take(text, 'J') ? YearlyChange::Form::julian : YearlyChange::Form::zero_based;
    day = take_number(text);
  }
  if (!day || *day > 366) return std::nullopt;
  change.day = *day;
  if (!take(text, '/')) return change;
  const auto time = take_clock(text);
  if (!time) return std::nullopt;
  change.time = *time;
  return change;
}

// "CET-1CEST,M3.5.0,M10.5.0/3": POSIX counts offsets to the west.
std::optional<TimeZone::Rule> TimeZone::parse_rule(std::string_view text) {
  Rule rule;
  if (!take_abbreviation(text)) return std::nullopt;
  const auto standard = take_clock(text);
  if (!standard) return std::nullopt;
  rule.standard = rule.summer = -*standard;
  if (text.empty()) return rule;
  if (!take_abbreviation(text)) return std::nullopt;
  rule.summer = rule.standard + 3'600;
  if (!text.empty() && text.front() != ',') {
    const auto summer = take_clock(text);
    if (!summer) return std::nullopt;
    rule.summer = -*summer;
  }
  rule.begin = parse_yearly_change(text);
  rule.end = parse_yearly_change(text);
  return rule.begin && rule.end ? std::optional(rule) : std::nullopt;
}

std::int64_t TimeZone::moment_of(const YearlyChange& change, std::int64_t year) {
  const std::int64_t first = *days_of({year, 1, 1});
  std::int64_t day = first;
  if (change.form == YearlyChange::Form::month_week_day) {
    const std::int64_t month = *days_of({year, change.month, 1});
    const std::int64_t weekday = (month + 1) % 7;
    day = month + (change.day + 7 - weekday) % 7 + (change.week - 1) * 7;
    while (day >= month + days_in_month(year, change.month)) day -= 7;
  } else {
    // Julian days leave out the 29th of February.
    const bool behind_leap_day = change.form == YearlyChange::Form::julian && change.day >= 60 && days_in_month(year, 2) == 29;
    day += change.day - (change.form == YearlyChange::Form::julian ? 1 : 0) + (behind_leap_day ? 1 : 0);
  }
  return (day - kUnixEpochDay) * kSecondsPerDay + change.time;
}

std::int64_t TimeZone::rule_offset(std::int64_t utc) const {
  if (!rule_.begin || !rule_.end) return rule_.standard;
  const std::int64_t year = year_of_seconds(utc + rule_.standard);
  const std::int64_t begin = moment_of(*rule_.begin, year) - rule_.standard;
  const std::int64_t end = moment_of(*rule_.end, year) - rule_.summer;
  // In the south summer time reaches over the turn of the year.
  const bool summer = begin < end ? utc >= begin && utc < end : utc >= begin || utc < end;
  return summer ? rule_.summer : rule_.standard;
}

std::unique_ptr<TimeZone> TimeZone::read(std::string_view bytes) {
  const auto old_block = read_header(bytes);
  if (!old_block || bytes[4] < '2' || bytes.size() < kHeaderSize + old_block->bytes(4)) return nullptr;
  bytes.remove_prefix(kHeaderSize + old_block->bytes(4));
  const auto sizes = read_header(bytes);
  if (!sizes || sizes->types == 0 || bytes.size() < kHeaderSize + sizes->bytes(8)) return nullptr;
  bytes.remove_prefix(kHeaderSize);
  auto zone = std::make_unique<TimeZone>();
  const std::string_view types = bytes.substr(sizes->changes * 9);
  zone->first_offset_ = big_endian(types, 4);
  for (std::size_t i = 0; i < sizes->changes; ++i) {
    const auto type = static_cast<unsigned char>(bytes[sizes->changes * 8 + i]);
    if (type >= sizes->types) return nullptr;
    zone->changes_.push_back({big_endian(bytes.substr(i * 8), 8), big_endian(types.substr(std::size_t{type} * 6), 4)});
  }
  bytes.remove_prefix(sizes->bytes(8));
  if (bytes.size() > 2 && bytes.front() == '\n') {
    const std::string_view footer = bytes.substr(1, bytes.find('\n', 1) - 1);
    if (const auto rule = parse_rule(footer)) {
      zone->rule_ = *rule;
      zone->has_rule_ = true;
    }
  }
  return zone;
}

std::int64_t TimeZone::offset_at(std::int64_t utc) const {
  const auto after = std::upper_bound(changes_.begin(), changes_.end(), utc, [](std::int64_t moment, const Change& change) { return moment < change.at; });
  if (after == changes_.end() && has_rule_) return rule_offset(utc);
  return after == changes_.begin() ? first_offset_ : std::prev(after)->offset;
}

std::int64_t TimeZone::utc_of(std::int64_t local) const {
  // The offsets a day before and a day after are those around a change.
  const std::int64_t before = offset_at(local - kSecondsPerDay);
  const std::int64_t after = offset_at(local + kSecondsPerDay);
  if (offset_at(local - before) == before) return local - before;
  return local - after;
}

}  // namespace kql
