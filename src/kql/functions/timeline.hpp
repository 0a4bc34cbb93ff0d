// SPDX-License-Identifier: Apache-2.0
// The rows of a table along a line of time or of numbers, in periods: what plugins of user activity work on.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "kql/functions/plugin.hpp"

namespace kql {

// Periods of one length that begin at `start`, or weeks, months or years of the calendar.
class Periods {
 public:
  // Of a step argument and a start: numbers, times, or "week", "month", "year".
  static base::Result<Periods> make(Type line, const Value& start, const PluginCall& call, std::string_view step_parameter);

  std::int64_t number_of(double at) const;  // 0 is the one that `start` lies in
  double begin_of(std::int64_t number) const;

 private:
  enum class Unit { fixed, week, month, year } unit_ = Unit::fixed;
  double start_ = 0, step_ = 1;
};

struct Event {
  double at = 0;
  std::string id;
  std::int64_t period = 0;
  std::size_t row = 0;  // of the input, by number
};

// The events of each combination of dimensions.
struct EventGroup {
  Row dimensions;
  std::vector<Event> events;  // by time
};

struct Timeline {
  Type type = Type::datetime;  // of the timeline's column
  std::string column;
  Periods periods;
  double start = 0, end = 0;
  std::int64_t first = 0, last = 0;  // periods of the analysis
  Schema dimensions;
  std::vector<EventGroup> groups;

  Value value(double at) const;
  Value begin(std::int64_t period) const { return value(periods.begin_of(period)); }
};

// The parameters are IdColumn, TimelineColumn, Start, End, `step` and Dimension. Rows before Start and behind End are kept:
// their periods tell them apart.
base::Result<Timeline> read_timeline(const PluginCall& call, std::string_view step);

// A length along the line, as an argument gives it: a timespan or a number.
double length_of(const PluginCall& call, std::string_view parameter);
double length_on_line(const Value& length, Type type);  // 0 of null

std::set<std::string> ids_between(const EventGroup& group, std::int64_t first, std::int64_t last);

}  // namespace kql
