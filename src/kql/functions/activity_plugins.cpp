// SPDX-License-Identifier: Apache-2.0
// Plugins that compare who was active in one period with who was in others.
#include <algorithm>
#include <cmath>

#include "kql/functions/timeline.hpp"

namespace kql {

namespace {

Value count_of(const std::set<std::string>& ids) { return Value::integer(static_cast<std::int64_t>(ids.size())); }

std::int64_t common(const std::set<std::string>& left, const std::set<std::string>& right) {
  return std::count_if(left.begin(), left.end(), [&](const std::string& id) { return right.count(id) > 0; });
}

// The ids of each period of the analysis that has any.
std::map<std::int64_t, std::set<std::string>> ids_by_period(const Timeline& line, const EventGroup& group) {
  std::map<std::int64_t, std::set<std::string>> out;
  for (const Event& event : group.events)
    if (event.at >= line.start && event.at <= line.end) out[event.period].insert(event.id);
  return out;
}

Table activity_table(const Timeline& line, std::initializer_list<Column> columns) {
  Table out{{{line.column, line.type}}, {}};
  out.schema.insert(out.schema.end(), line.dimensions.begin(), line.dimensions.end());
  out.schema.insert(out.schema.end(), columns.begin(), columns.end());
  return out;
}

void add_row(Table& table, std::initializer_list<Value> line, const EventGroup& group, std::initializer_list<Value> values) {
  Row row(line);
  row.insert(row.end(), group.dimensions.begin(), group.dimensions.end());
  row.insert(row.end(), values.begin(), values.end());
  table.rows.push_back(std::move(row));
}

double ratio(std::int64_t part, std::size_t whole) { return static_cast<double>(part) / static_cast<double>(whole); }

base::Result<Table> activity_counts_metrics(const PluginCall& call) {
  const Timeline line = TRY(read_timeline(call, "Window"));
  Table out = activity_table(line, {{"count", Type::int64}, {"dcount", Type::int64}, {"new_dcount", Type::int64}, {"aggregated_dcount", Type::int64}});
  for (const EventGroup& group : line.groups) {
    std::set<std::string> before;
    for (const auto& [period, ids] : ids_by_period(line, group)) {
      const std::int64_t in_period = period;
      const auto count = std::count_if(group.events.begin(), group.events.end(),
                                       [&](const Event& e) { return e.period == in_period && e.at >= line.start && e.at <= line.end; });
      const std::int64_t known = common(ids, before);
      before.insert(ids.begin(), ids.end());
      add_row(out, {line.begin(period)}, group,
              {Value::integer(count), count_of(ids), Value::integer(static_cast<std::int64_t>(ids.size()) - known), count_of(before)});
    }
  }
  return out;
}

// Each period against the one before it.
base::Result<Table> activity_metrics(const PluginCall& call) {
  const Timeline line = TRY(read_timeline(call, "Window"));
  Table out = activity_table(line, {{"dcount_values", Type::int64}, {"dcount_newvalues", Type::int64}, {"retention_rate", Type::real}, {"churn_rate", Type::real}});
  for (const EventGroup& group : line.groups) {
    auto periods = ids_by_period(line, group);
    for (const auto& [period, ids] : periods) {
      const auto previous = periods.find(period - 1);
      const std::int64_t kept = previous == periods.end() ? 0 : common(ids, previous->second);
      const double retention = previous == periods.end() ? std::nan("") : ratio(kept, previous->second.size());
      add_row(out, {line.begin(period)}, group,
              {count_of(ids), Value::integer(static_cast<std::int64_t>(ids.size()) - kept), Value::real(retention), Value::real(1 - retention)});
    }
  }
  return out;
}

// The ids of the last inner window of each period against those of the outer window that ends with it.
base::Result<Table> activity_engagement(const PluginCall& call) {
  const Timeline line = TRY(read_timeline(call, "InnerActivityWindow"));
  const std::int64_t outer = std::max<std::int64_t>(1, line.periods.number_of(line.start + length_of(call, "OuterActivityWindow")));
  Table out = activity_table(line, {{"dcount_activities_inner", Type::int64}, {"dcount_activities_outer", Type::int64}, {"activity_ratio", Type::real}});
  for (const EventGroup& group : line.groups)
    for (const auto& [period, ids] : ids_by_period(line, group)) {
      const std::set<std::string> wide = ids_between(group, period - outer + 1, period);
      add_row(out, {line.begin(period)}, group,
              {count_of(ids), count_of(wide), Value::real(ratio(static_cast<std::int64_t>(ids.size()), wide.size()))});
    }
  return out;
}

// Who appeared in at least so many different short periods of the time before, the appearance itself included.
base::Result<Table> active_users_count(const PluginCall& call) {
  const Timeline line = TRY(read_timeline(call, "Bin"));
  const double window = length_of(call, "LookbackWindow"), period = length_of(call, "Period"), least = call.number("ActivePeriodsCount", 1);
  if (!(period > 0)) return base::fail(base::Kind::invalid_input, "'Period' has to be above zero");
  Table out = activity_table(line, {{"dcount", Type::int64}});
  for (const EventGroup& group : line.groups) {
    std::map<std::string, std::vector<double>> seen;
    std::map<std::int64_t, std::set<std::string>> active;
    for (const Event& event : group.events) {
      std::vector<double>& times = seen[event.id];
      times.push_back(event.at);
      if (event.at < line.start || event.at > line.end) continue;
      std::set<double> periods;
      for (auto at = times.rbegin(); at != times.rend() && *at > event.at - window; ++at) periods.insert(std::floor(*at / period));
      if (static_cast<double>(periods.size()) >= least) active[event.period].insert(event.id);
    }
    for (const auto& [at, ids] : active) add_row(out, {line.begin(at)}, group, {count_of(ids)});
  }
  return out;
}

// Those who were first seen in a period, and how many of them came again in each later one.
base::Result<Table> new_activity_metrics(const PluginCall& call) {
  const Timeline line = TRY(read_timeline(call, "Window"));
  Table out{{{"from_" + line.column, line.type}, {"to_" + line.column, line.type}}, {}};
  out.schema.insert(out.schema.end(), line.dimensions.begin(), line.dimensions.end());
  for (const char* name : {"dcount_new_values", "dcount_retained_values", "dcount_churn_values"}) out.schema.push_back({name, Type::int64});
  for (const char* name : {"retention_rate", "churn_rate"}) out.schema.push_back({name, Type::real});
  const bool has_cohort = call.has("Cohort");
  const std::int64_t cohort = has_cohort ? line.periods.number_of(length_of(call, "Cohort")) : 0;
  constexpr std::int64_t kMostPeriodsCompared = 2000;
  if (line.last > kMostPeriodsCompared) return base::fail(base::Kind::too_large, "new_activity_metrics() compares at most 2000 periods; take a longer window");
  for (const EventGroup& group : line.groups) {
    auto periods = ids_by_period(line, group);
    std::set<std::string> known;
    for (std::int64_t from = 0; from <= line.last; ++from) {
      std::set<std::string> fresh;
      for (const std::string& id : periods[from])
        if (known.insert(id).second) fresh.insert(id);
      if (fresh.empty() || (has_cohort && from != cohort)) continue;
      for (std::int64_t to = from; to <= line.last; ++to) {
        const std::set<std::string>& ids = periods[to];
        const std::int64_t kept = common(fresh, ids), all = static_cast<std::int64_t>(fresh.size());
        const std::int64_t fresh_there = to == from ? all : static_cast<std::int64_t>(ids.size()) - common(ids, known);
        add_row(out, {line.begin(from), line.begin(to)}, group,
                {Value::integer(fresh_there), Value::integer(kept), Value::integer(all - kept), Value::real(ratio(kept, fresh.size())),
                 Value::real(ratio(all - kept, fresh.size()))});
      }
    }
  }
  return out;
}

constexpr std::string_view kMetricParameters = "IdColumn column, TimelineColumn column, Start constant?, End constant?, Window constant, Dimension column...";

constexpr Plugin kActivityPlugins[] = {
    {.name = "activity_counts_metrics",
     .parameters = "IdColumn column, TimelineColumn column, Start constant, End constant, Window constant, Dimension column...",
     .run = activity_counts_metrics},
    {.name = "activity_metrics", .parameters = kMetricParameters, .run = activity_metrics},
    {.name = "activity_engagement",
     .parameters = "IdColumn column, TimelineColumn column, Start constant?, End constant?, InnerActivityWindow constant, OuterActivityWindow constant, "
                   "Dimension column...",
     .run = activity_engagement},
    {.name = "active_users_count",
     .parameters = "IdColumn column, TimelineColumn column, Start constant, End constant, LookbackWindow constant, Period constant, "
                   "ActivePeriodsCount constant, Bin constant, Dimension column...",
     .run = active_users_count},
    {.name = "new_activity_metrics",
     .parameters = "IdColumn column, TimelineColumn column, Start constant, End constant, Window constant, Cohort constant?, Dimension column...",
     .run = new_activity_metrics},
};

}  // namespace

std::span<const Plugin> activity_plugins() { return kActivityPlugins; }

}  // namespace kql
