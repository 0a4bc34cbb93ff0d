// SPDX-License-Identifier: Apache-2.0
#include "kql/functions/timeline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "kql/evaluate/group.hpp"
#include "kql/time.hpp"

namespace kql {

namespace {

constexpr std::int64_t kMostPeriods = 100'000;
constexpr int kDaysToUnixEpoch = 719'162;  // from 0001-01-01

std::chrono::year_month_day date_at(double ticks) {
  const auto days = static_cast<int>(std::floor(ticks / static_cast<double>(kTicksPerDay)));
  return std::chrono::year_month_day(std::chrono::sys_days(std::chrono::days(days - kDaysToUnixEpoch)));
}

double ticks_of(int year, unsigned month) {
  const std::chrono::sys_days day = std::chrono::year_month_day(std::chrono::year(year), std::chrono::month(month), std::chrono::day(1));
  return static_cast<double>(day.time_since_epoch().count() + kDaysToUnixEpoch) * static_cast<double>(kTicksPerDay);
}

std::int64_t month_number(double at) {
  const auto date = date_at(at);
  return static_cast<std::int64_t>(static_cast<int>(date.year())) * 12 + static_cast<unsigned>(date.month()) - 1;
}

std::optional<double> line_value(const Value& value, Type type) {
  if (value.is_null()) return std::nullopt;
  if (type == Type::datetime || type == Type::timespan) return static_cast<double>(value.integer());
  const Value real = convert(value, type, Type::real);
  return real.is_null() ? std::nullopt : std::optional(real.real());
}

std::optional<double> constant_on_line(const PluginCall& call, std::string_view parameter) {
  const auto given = call.all(parameter);
  if (given.empty()) return std::nullopt;
  const Type type = given.front()->value->type;
  return line_value(call.value(parameter, type), type);
}

}  // namespace

double length_of(const PluginCall& call, std::string_view parameter) { return constant_on_line(call, parameter).value_or(0); }
double length_on_line(const Value& length, Type type) { return line_value(length, type).value_or(0); }

base::Result<Periods> Periods::make(Type line, const Value& start, const PluginCall& call, std::string_view step_parameter) {
  Periods out;
  out.start_ = line_value(start, line).value_or(0);
  const auto given = call.all(step_parameter);
  if (!given.empty() && given.front()->value->type == Type::string) {
    static const std::map<std::string, Unit> kUnits{{"week", Unit::week}, {"month", Unit::month}, {"year", Unit::year}};
    const auto unit = kUnits.find(call.text(step_parameter));
    if (unit == kUnits.end() || line != Type::datetime)
      return base::fail(base::Kind::invalid_input, fmt::format("'{}' is a length, or 'week', 'month' or 'year' of a datetime", step_parameter));
    out.unit_ = unit->second;
    // Day 0 of the line, 0001-01-01, is a Monday; weeks begin on Sundays.
    out.step_ = 7.0 * static_cast<double>(kTicksPerDay);
    if (out.unit_ == Unit::week) out.start_ = std::floor((out.start_ + static_cast<double>(kTicksPerDay)) / out.step_) * out.step_ - static_cast<double>(kTicksPerDay);
    return out;
  }
  out.step_ = length_of(call, step_parameter);
  if (!(out.step_ > 0)) return base::fail(base::Kind::invalid_input, fmt::format("'{}' has to be above zero", step_parameter));
  return out;
}

std::int64_t Periods::number_of(double at) const {
  if (unit_ == Unit::month) return month_number(at) - month_number(start_);
  if (unit_ == Unit::year) return static_cast<int>(date_at(at).year()) - static_cast<int>(date_at(start_).year());
  return static_cast<std::int64_t>(std::floor((at - start_) / step_));
}

double Periods::begin_of(std::int64_t number) const {
  if (unit_ == Unit::year) return ticks_of(static_cast<int>(date_at(start_).year()) + static_cast<int>(number), 1);
  if (unit_ != Unit::month) return start_ + static_cast<double>(number) * step_;
  const std::int64_t month = month_number(start_) + number;
  return ticks_of(static_cast<int>(month / 12), static_cast<unsigned>(month % 12) + 1);
}

Value Timeline::value(double at) const {
  if (type == Type::real) return Value::real(at);
  if (type == Type::decimal) return convert(Value::real(at), Type::real, Type::decimal);
  return Value::integer(static_cast<std::int64_t>(std::llround(at)));
}

base::Result<Timeline> read_timeline(const PluginCall& call, std::string_view step) {
  const Table& input = call.input();
  const std::size_t id = call.column("IdColumn"), line = call.column("TimelineColumn");
  const std::vector<std::size_t> dimensions = call.columns("Dimension");
  Timeline out;
  out.type = input.schema[line].type;
  out.column = input.schema[line].name;
  double least = INFINITY, most = -INFINITY;
  for (const Row& row : input.rows)
    if (const auto at = line_value(row[line], out.type)) least = std::min(least, *at), most = std::max(most, *at);
  out.start = constant_on_line(call, "Start").value_or(std::isfinite(least) ? least : 0);
  out.end = constant_on_line(call, "End").value_or(std::isfinite(most) ? most : 0);
  out.periods = TRY(Periods::make(out.type, out.value(out.start), call, step));
  out.last = out.periods.number_of(out.end);
  if (out.last > kMostPeriods) return base::fail(base::Kind::too_large, fmt::format("from the start to the end there are more than {} periods", kMostPeriods));
  std::vector<Type> types;
  for (const std::size_t column : dimensions) {
    out.dimensions.push_back(input.schema[column]);
    types.push_back(input.schema[column].type);
  }
  Grouping groups(types);
  for (std::size_t i = 0; i < input.rows.size(); ++i) {
    const Row& row = input.rows[i];
    const auto at = line_value(row[line], out.type);
    if (!at) continue;
    Row key;
    for (const std::size_t column : dimensions) key.push_back(row[column]);
    const std::size_t number = groups.number_of(key);
    if (number == out.groups.size()) out.groups.push_back({std::move(key), {}});
    out.groups[number].events.push_back({*at, to_text(row[id], input.schema[id].type), out.periods.number_of(*at), i});
  }
  for (EventGroup& group : out.groups)
    std::stable_sort(group.events.begin(), group.events.end(), [](const Event& a, const Event& b) { return a.at < b.at; });
  return out;
}

std::set<std::string> ids_between(const EventGroup& group, std::int64_t first, std::int64_t last) {
  std::set<std::string> out;
  for (const Event& event : group.events)
    if (event.period >= first && event.period <= last) out.insert(event.id);
  return out;
}

}  // namespace kql
