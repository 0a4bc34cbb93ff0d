// SPDX-License-Identifier: Apache-2.0
// Plugins that look at the rows around each row or period: rows_near, rolling_percentile, sliding_window_counts,
// session_count.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "kql/evaluate/group.hpp"
#include "kql/functions/digest.hpp"
#include "kql/functions/timeline.hpp"

namespace kql {

namespace {

base::Result<Table> rows_near(const PluginCall& call) {
  const Table& input = call.input();
  const Value before = call.value("NumRows", Type::int64), after = call.value("RowsAfter", Type::int64);
  const std::int64_t rows_before = before.is_null() ? 0 : before.integer(), rows_after = after.is_null() ? rows_before : after.integer();
  const PluginArgument& condition = *call.all("Condition").front();
  const auto count = static_cast<std::int64_t>(input.rows.size());
  Table out{input.schema, {}};
  std::int64_t next = 0;  // the first row that is not taken
  for (std::int64_t i = 0; i < count; ++i) {
    const Value met = evaluate(*condition.value, input.rows[static_cast<std::size_t>(i)]);
    if (met.is_null() || !met.boolean()) continue;
    const std::int64_t last = std::min(count - 1, i + std::clamp<std::int64_t>(rows_after, 0, count));
    for (std::int64_t k = std::max(next, i - std::clamp<std::int64_t>(rows_before, 0, count)); k <= last; ++k) out.rows.push_back(input.rows[static_cast<std::size_t>(k)]);
    next = std::max(next, last + 1);
  }
  return out;
}

// The columns of a row of the result: the period's begin, the dimensions, then `values`.
Row period_row(const Timeline& line, std::int64_t period, const EventGroup& group, std::initializer_list<Value> values) {
  Row out{line.begin(period)};
  out.insert(out.end(), group.dimensions.begin(), group.dimensions.end());
  out.insert(out.end(), values.begin(), values.end());
  return out;
}

Table table_of(const Timeline& line, std::initializer_list<Column> columns) {
  Table out{{{line.column, line.type}}, {}};
  out.schema.insert(out.schema.end(), line.dimensions.begin(), line.dimensions.end());
  out.schema.insert(out.schema.end(), columns.begin(), columns.end());
  return out;
}

base::Result<Table> sliding_window_counts(const PluginCall& call) {
  const Timeline line = TRY(read_timeline(call, "Bin"));
  const std::int64_t window = std::max<std::int64_t>(1, line.periods.number_of(line.start + length_of(call, "LookbackWindow")));
  Table out = table_of(line, {{"Count", Type::int64}, {"Dcount", Type::int64}});
  for (const EventGroup& group : line.groups) {
    // Events come in at one end of the window and go at the other.
    std::map<std::string, std::int64_t> inside;
    std::size_t in = 0, gone = 0;
    for (std::int64_t period = 0; period <= line.last; ++period) {
      for (; in < group.events.size() && group.events[in].period <= period; ++in) ++inside[group.events[in].id];
      for (; gone < in && group.events[gone].period <= period - window; ++gone)
        if (--inside[group.events[gone].id] == 0) inside.erase(group.events[gone].id);
      if (in > gone)
        out.rows.push_back(period_row(line, period, group, {Value::integer(static_cast<std::int64_t>(in - gone)), Value::integer(static_cast<std::int64_t>(inside.size()))}));
    }
  }
  return out;
}

// A session goes on while its id comes again within the window; it counts in each period that it reaches into.
base::Result<Table> session_count(const PluginCall& call) {
  const Timeline line = TRY(read_timeline(call, "Bin"));
  const double window = length_of(call, "LookBackWindow");
  Table out = table_of(line, {{"count_sessions", Type::int64}});
  for (const EventGroup& group : line.groups) {
    std::map<std::string, std::pair<double, std::int64_t>> latest;  // of an id: when it came, and the period it was counted in
    std::map<std::int64_t, std::int64_t> sessions;
    for (const Event& event : group.events) {
      if (event.at < line.start || event.at > line.end) continue;
      const auto at = latest.find(event.id);
      const bool goes_on = at != latest.end() && event.at - at->second.first <= window;
      const bool is_counted = goes_on && at->second.second == event.period;
      if (!is_counted) ++sessions[event.period];
      latest[event.id] = {event.at, event.period};
    }
    for (const auto& [period, count] : sessions) out.rows.push_back(period_row(line, period, group, {Value::integer(count)}));
  }
  return out;
}

base::Result<Table> rolling_percentile(const PluginCall& call) {
  const Table& input = call.input();
  const std::size_t value = call.column("ValueColumn"), index = call.column("IndexColumn");
  const double percent = call.number("Percentile", 50), step = length_of(call, "BinSize");
  const auto bins = static_cast<std::int64_t>(call.number("BinsPerWindow", 0));
  if (!(step > 0) || bins < 1 || bins > 10'000) return base::fail(base::Kind::invalid_input, "rolling_percentile() takes a size of bins above zero, and 1 to 10000 of them");
  const Schema& schema = input.schema;
  const std::vector<std::size_t> dimensions = call.columns("Dimension");
  std::string name = fmt::format("rolling_{}_percentile_{}_{}", bins, schema[value].name, to_text(call.value("Percentile", Type::string), Type::string));
  std::replace(name.begin(), name.end(), '.', '_');
  std::vector<Type> types;
  Table out{{schema[index]}, {}};
  for (const std::size_t column : dimensions) {
    out.schema.push_back(schema[column]);
    types.push_back(schema[column].type);
  }
  out.schema.push_back({std::move(name), schema[value].type});
  Grouping groups(types);
  std::vector<std::map<std::int64_t, Digest>> digests;
  for (const Row& row : input.rows) {
    const Value at = convert(row[index], schema[index].type == Type::datetime || schema[index].type == Type::timespan ? Type::int64 : schema[index].type, Type::real);
    if (at.is_null()) continue;
    Row key;
    for (const std::size_t column : dimensions) key.push_back(row[column]);
    const std::size_t group = groups.number_of(std::move(key));
    if (group == digests.size()) digests.emplace_back();
    digests[group].try_emplace(static_cast<std::int64_t>(std::floor(at.real() / step)), schema[value].type).first->second.add(row[value]);
  }
  for (std::size_t group = 0; group < digests.size(); ++group)
    for (const auto& [bin, own] : digests[group]) {
      Digest window(schema[value].type);
      for (auto at = digests[group].lower_bound(bin - bins + 1); at != digests[group].end() && at->first <= bin; ++at) window.merge(at->second);
      const double begin = static_cast<double>(bin) * step;
      Row row{is_number(schema[index].type) ? convert(Value::real(begin), Type::real, schema[index].type) : Value::integer(std::llround(begin))};
      row.insert(row.end(), groups.key(group).begin(), groups.key(group).end());
      row.push_back(window.percentile(percent));
      out.rows.push_back(std::move(row));
    }
  return out;
}

constexpr Plugin kWindowPlugins[] = {
    {.name = "rows_near", .parameters = "Condition condition, NumRows long, RowsAfter long?", .run = rows_near},
    {.name = "rolling_percentile",
     .parameters = "ValueColumn column, Percentile constant, IndexColumn column, BinSize constant, BinsPerWindow long, Dimension column...",
     .run = rolling_percentile},
    {.name = "sliding_window_counts",
     .parameters = "IdColumn column, TimelineColumn column, Start constant, End constant, LookbackWindow constant, Bin constant, Dimension column...",
     .run = sliding_window_counts},
    {.name = "session_count",
     .parameters = "IdColumn column, TimelineColumn column, Start constant, End constant, Bin constant, LookBackWindow constant, Dimension column...",
     .run = session_count},
};

}  // namespace

std::span<const Plugin> window_plugins() { return kWindowPlugins; }

}  // namespace kql
