// SPDX-License-Identifier: Apache-2.0
// sequence_detect: events of several kinds that come one after the other in time.
#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "kql/evaluate/group.hpp"
#include "kql/evaluate/scalar.hpp"
#include "kql/functions/plugin.hpp"

namespace kql {

namespace {

constexpr std::size_t kMostSequences = 1'000'000;

// The times of each step's events within one group, in order and each once.
struct StepTimes {
  std::vector<std::vector<std::int64_t>> of_steps;
};

struct SequenceSearch {
  std::int64_t step_window, span;
  const StepTimes& times;
  const std::function<bool(const std::vector<std::int64_t>&)>& found;  // false: no more are taken
  std::vector<std::int64_t> taken = {};

  // NOLINTNEXTLINE(misc-no-recursion): as deep as there are steps
  bool go_on() {
    if (taken.size() == times.of_steps.size()) return found(taken);
    const std::vector<std::int64_t>& next = times.of_steps[taken.size()];
    auto at = taken.empty() ? next.begin() : std::upper_bound(next.begin(), next.end(), taken.back());
    for (; at != next.end() && (taken.empty() || (*at - taken.back() <= step_window && *at - taken.front() <= span)); ++at) {
      taken.push_back(*at);
      const bool more = go_on();
      taken.pop_back();
      if (!more) return false;
    }
    return true;
  }
};

struct SequenceArguments {
  std::size_t timeline = 0;
  Type type = Type::datetime, length = Type::timespan;
  std::int64_t step_window = 0, span = 0;
  std::vector<const PluginArgument*> steps, dimensions;  // conditions are steps; columns and all else, dimensions
};

base::Result<SequenceArguments> read_arguments(const PluginCall& call) {
  SequenceArguments out;
  out.timeline = call.column("TimelineColumn");
  out.type = call.input().schema[out.timeline].type;
  out.length = out.type == Type::datetime ? Type::timespan : out.type;
  if (out.type != Type::datetime && out.type != Type::timespan && !is_whole(out.type))
    return base::fail(base::Kind::invalid_input, "sequence_detect() takes a timeline of datetimes, timespans or whole numbers");
  const Value step_window = call.value("MaxSequenceStepWindow", out.length), span = call.value("MaxSequenceSpan", out.length);
  if (step_window.is_null() || span.is_null())
    return base::fail(base::Kind::invalid_input, "sequence_detect() takes the longest step and the longest sequence as constants of the timeline's kind");
  out.step_window = step_window.integer();
  out.span = span.integer();
  for (const PluginArgument* argument : call.all("Expr")) {
    const bool is_step = argument->value->type == Type::boolean && !std::holds_alternative<ColumnOf>(argument->value->node);
    (is_step ? out.steps : out.dimensions).push_back(argument);
  }
  if (out.steps.empty()) return base::fail(base::Kind::invalid_input, "sequence_detect() takes a condition for each step");
  return out;
}

Schema schema_of(const SequenceArguments& arguments, const Schema& input) {
  Schema out;
  for (const PluginArgument* dimension : arguments.dimensions) {
    const auto* column = std::get_if<ColumnOf>(&dimension->value->node);
    const std::string plain = column != nullptr ? input[column->index].name : fmt::format("Dim{}", out.size() + 1);
    out.push_back({dimension->name.empty() ? plain : dimension->name, dimension->value->type});
  }
  for (std::size_t i = 0; i < arguments.steps.size(); ++i) {
    const std::string& name = arguments.steps[i]->name;
    out.push_back({fmt::format("{}_{}", name.empty() ? fmt::format("Expr{}", i + 1) : name, input[arguments.timeline].name), arguments.type});
  }
  out.push_back({"Duration", arguments.length});
  return out;
}

// The times of the steps in each group of the dimensions.
std::vector<StepTimes> read_times(const Table& input, const SequenceArguments& arguments, Grouping& groups) {
  std::vector<StepTimes> out;
  for (const Row& row : input.rows) {
    if (row[arguments.timeline].is_null()) continue;
    Row key;
    for (const PluginArgument* dimension : arguments.dimensions) key.push_back(evaluate(*dimension->value, row));
    const std::size_t group = groups.number_of(std::move(key));
    if (group == out.size()) out.push_back({std::vector<std::vector<std::int64_t>>(arguments.steps.size())});
    for (std::size_t i = 0; i < arguments.steps.size(); ++i)
      if (const Value met = evaluate(*arguments.steps[i]->value, row); !met.is_null() && met.boolean())
        out[group].of_steps[i].push_back(row[arguments.timeline].integer());
  }
  for (StepTimes& times : out)
    for (std::vector<std::int64_t>& of_step : times.of_steps) {
      std::sort(of_step.begin(), of_step.end());
      of_step.erase(std::unique(of_step.begin(), of_step.end()), of_step.end());
    }
  return out;
}

base::Result<Table> sequence_detect(const PluginCall& call) {
  const SequenceArguments arguments = TRY(read_arguments(call));
  std::vector<Type> types;
  for (const PluginArgument* dimension : arguments.dimensions) types.push_back(dimension->value->type);
  Grouping groups(std::move(types));
  const std::vector<StepTimes> times = read_times(call.input(), arguments, groups);
  Table out{schema_of(arguments, call.input().schema), {}};
  for (std::size_t group = 0; group < times.size(); ++group) {
    const std::function<bool(const std::vector<std::int64_t>&)> add = [&](const std::vector<std::int64_t>& taken) {
      Row row = groups.key(group);
      for (const std::int64_t time : taken) row.push_back(Value::integer(time));
      row.push_back(Value::integer(taken.back() - taken.front()));
      out.rows.push_back(std::move(row));
      return out.rows.size() <= kMostSequences;
    };
    if (!SequenceSearch{arguments.step_window, arguments.span, times[group], add}.go_on())
      return base::fail(base::Kind::too_large, fmt::format("sequence_detect() finds more than {} sequences; filter the rows or shorten the windows", kMostSequences));
  }
  return out;
}

constexpr Plugin kSequencePlugins[] = {{.name = "sequence_detect",
                                        .parameters = "TimelineColumn column, MaxSequenceStepWindow constant, MaxSequenceSpan constant, Expr value, Expr value...",
                                        .run = sequence_detect}};

}  // namespace

std::span<const Plugin> sequence_plugins() { return kSequencePlugins; }

}  // namespace kql
