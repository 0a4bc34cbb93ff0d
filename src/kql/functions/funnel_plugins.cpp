// SPDX-License-Identifier: Apache-2.0
// Who went through a sequence of states: funnel_sequence and funnel_sequence_completion
// (data-explorer/kusto/query/funnel-sequence-plugin and its kin).
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "kql/evaluate/group.hpp"
#include "kql/functions/timeline.hpp"

namespace kql {

namespace {

constexpr std::size_t kMostSteps = 64, kMostPeriods = 64, kMostSamples = 128;

// One event of an id: when, and the number of the state it came to.
struct Visit {
  double at;
  std::size_t state;
};

struct Visitor {
  Value id;
  std::vector<Visit> visits;  // by time; of one time, as the rows stand
};

struct Funnel {
  Timeline line;
  std::size_t id_column = 0, state_column = 0;
  std::vector<Value> sequence;
  std::vector<std::size_t> steps;  // the states of the sequence, by number
  Rows states;                     // by number
  std::map<std::int64_t, std::vector<Visitor>> windows;
};

base::Result<std::vector<Value>> array_argument(const PluginCall& call, std::string_view parameter, Type type, std::size_t most) {
  const Value given = call.value(parameter, Type::dynamic);
  if (given.is_null() || !given.json().is_array() || given.json().get_array().empty() || given.json().get_array().size() > most)
    return base::fail(base::Kind::invalid_input, fmt::format("'{}' has to be an array of 1 to {} values, such as dynamic(['a', 'b'])", parameter, most));
  std::vector<Value> out;
  for (const base::Json& element : given.json().get_array()) {
    out.push_back(from_json(element, type));
    if (out.back().is_null())
      return base::fail(base::Kind::invalid_input, fmt::format("'{}' has an element that is no {}: {}", parameter, type_name(type), dynamic_text(element)));
  }
  return out;
}

void add_visits(Funnel& funnel, const Table& input, Grouping& states) {
  std::map<std::int64_t, std::map<std::string, std::size_t>> visitors;
  for (const EventGroup& group : funnel.line.groups)
    for (const Event& event : group.events) {
      if (event.at < funnel.line.start || event.at > funnel.line.end) continue;
      std::vector<Visitor>& window = funnel.windows[event.period];
      const auto [known, is_new] = visitors[event.period].emplace(event.id, window.size());
      if (is_new) window.push_back({input.rows[event.row][funnel.id_column], {}});
      window[known->second].visits.push_back({event.at, states.number_of({input.rows[event.row][funnel.state_column]})});
    }
}

base::Result<Funnel> read_funnel(const PluginCall& call, std::string_view step) {
  const Table& input = call.input();
  Funnel out;
  out.line = TRY(read_timeline(call, step));
  out.id_column = call.column("IdColumn");
  out.state_column = call.column("StateColumn");
  const Type type = input.schema[out.state_column].type;
  out.sequence = TRY(array_argument(call, "Sequence", type, kMostSteps));
  Grouping states({type});
  for (const Value& state : out.sequence) out.steps.push_back(states.number_of({state}));
  add_visits(out, input, states);
  for (std::size_t i = 0; i < states.size(); ++i) out.states.push_back(states.key(i));
  return out;
}

// --- funnel_sequence ---

// The first and the last visit of each time that the sequence was gone through, with other states between them or not. They
// do not overlap, and each begins as late as it can.
std::vector<std::pair<std::size_t, std::size_t>> passages(const std::vector<Visit>& visits, const std::vector<std::size_t>& steps, double longest_step) {
  struct Chain {
    std::size_t first = 0, last = 0;
    bool has_begun = false;
  };
  std::vector<std::pair<std::size_t, std::size_t>> out;
  std::vector<Chain> chains(steps.size());  // by the step that they have come to
  for (std::size_t i = 0; i < visits.size(); ++i) {
    for (std::size_t step = steps.size(); step-- > 0;) {
      if (visits[i].state != steps[step]) continue;
      if (step == 0) chains[0] = {i, i, true};
      else if (const Chain& before = chains[step - 1]; before.has_begun && visits[i].at - visits[before.last].at <= longest_step)
        chains[step] = {before.first, i, true};
    }
    if (!chains.back().has_begun) continue;
    out.emplace_back(chains.back().first, i);
    chains.assign(steps.size(), {});
  }
  return out;
}

// For each visit the nearest one before it (or behind it) that came to another state.
using Neighbours = std::vector<std::optional<std::size_t>>;

Neighbours others_before(const std::vector<Visit>& visits) {
  Neighbours out(visits.size());
  for (std::size_t i = 1; i < visits.size(); ++i) out[i] = visits[i - 1].state != visits[i].state ? std::optional(i - 1) : out[i - 1];
  return out;
}

Neighbours others_behind(const std::vector<Visit>& visits) {
  Neighbours out(visits.size());
  for (std::size_t i = visits.size(); i-- > 1;) out[i - 1] = visits[i].state != visits[i - 1].state ? std::optional(i) : out[i];
  return out;
}

// What the rows of one of the three tables tell apart.
struct Shown {
  bool previous, next;
};

struct Crowd {
  std::int64_t count = 0;
  std::size_t latest = 0;  // who was counted last, by number from 1: nobody is counted twice
  base::JsonArray samples;
};

void add_window(Table& out, const Funnel& funnel, std::int64_t window, double longest_step, Shown shown, Type id_type, Type state_type) {
  const std::vector<Visitor>& visitors = funnel.windows.at(window);
  const auto state_at = [&](const Visitor& visitor, std::optional<std::size_t> visit) {
    return visit ? funnel.states[visitor.visits[*visit].state][0] : missing(state_type);
  };
  Grouping keys(std::vector<Type>(std::size_t{shown.previous} + std::size_t{shown.next}, state_type));
  std::vector<Crowd> crowds;
  for (std::size_t who = 0; who < visitors.size(); ++who) {
    const Visitor& visitor = visitors[who];
    const Neighbours before = others_before(visitor.visits), behind = others_behind(visitor.visits);
    for (const auto& [first, last] : passages(visitor.visits, funnel.steps, longest_step)) {
      Row key;
      if (shown.previous) key.push_back(state_at(visitor, before[first]));
      if (shown.next) key.push_back(state_at(visitor, behind[last]));
      const std::size_t number = keys.number_of(std::move(key));
      if (number == crowds.size()) crowds.emplace_back();
      Crowd& crowd = crowds[number];
      if (crowd.latest == who + 1) continue;
      crowd.latest = who + 1;
      if (static_cast<std::size_t>(crowd.count++) < kMostSamples) crowd.samples.push_back(to_json(visitor.id, id_type));
    }
  }
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < crowds.size(); ++i) order.push_back(i);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return crowds[a].count > crowds[b].count; });
  for (const std::size_t i : order) {
    Row row{funnel.line.begin(window)};
    row.insert(row.end(), keys.key(i).begin(), keys.key(i).end());
    row.push_back(Value::integer(crowds[i].count));
    row.push_back(Value::dynamic(std::move(crowds[i].samples)));
    out.rows.push_back(std::move(row));
  }
}

base::Result<Table> funnel_table(const PluginCall& call, Shown shown) {
  const Funnel funnel = TRY(read_funnel(call, "Step"));
  const double longest_step = length_of(call, "MaxSequenceStepWindow");
  if (!(longest_step >= 0)) return base::fail(base::Kind::invalid_input, "'MaxSequenceStepWindow' has to be zero or above");
  const Schema& schema = call.input().schema;
  const Type id_type = schema[funnel.id_column].type, state_type = schema[funnel.state_column].type;
  Table out{{{funnel.line.column, funnel.line.type}}, {}};
  if (shown.previous) out.schema.push_back({"prev", state_type});
  if (shown.next) out.schema.push_back({"next", state_type});
  out.schema.push_back({"dcount", Type::int64});
  out.schema.push_back({"samples", Type::dynamic});
  for (const auto& [window, visitors] : funnel.windows) add_window(out, funnel, window, longest_step, shown, id_type, state_type);
  return out;
}

base::Result<Table> funnel_sequence(const PluginCall& call) { return funnel_table(call, {true, true}); }
base::Result<Table> funnel_sequence_previous(const PluginCall& call) { return funnel_table(call, {true, false}); }
base::Result<Table> funnel_sequence_next(const PluginCall& call) { return funnel_table(call, {false, true}); }

// --- funnel_sequence_completion ---

// How many steps of the sequence a visitor has done within `longest` of the first of them.
std::size_t steps_done(const std::vector<Visit>& visits, const std::vector<std::size_t>& steps, double longest) {
  std::vector<std::optional<double>> begun(steps.size());  // the latest beginning of those that have come to each step
  std::size_t done = 0;
  for (const Visit& visit : visits)
    for (std::size_t step = steps.size(); step-- > 0;) {
      if (visit.state != steps[step]) continue;
      if (step > 0 && !(begun[step - 1] && visit.at - *begun[step - 1] <= longest)) continue;
      begun[step] = step == 0 ? visit.at : *begun[step - 1];
      done = std::max(done, step + 1);
    }
  return done;
}

base::Result<Table> funnel_sequence_completion(const PluginCall& call) {
  const Funnel funnel = TRY(read_funnel(call, "BinSize"));
  const Type period_type = funnel.line.type == Type::datetime ? Type::timespan : funnel.line.type;
  const std::vector<Value> periods = TRY(array_argument(call, "MaxSequenceStepWindows", period_type, kMostPeriods));
  const Column& state = call.input().schema[funnel.state_column];
  // States are texts here, whatever they are in the column, as the official parser has it.
  Table out{{{funnel.line.column, funnel.line.type}, {state.name, Type::string}, {"Period", period_type}, {"dcount", Type::int64}}, {}};
  for (const auto& [window, visitors] : funnel.windows)
    for (const Value& period : periods) {
      const double longest = length_on_line(period, period_type);
      std::vector<std::int64_t> counts(funnel.steps.size());
      for (const Visitor& visitor : visitors) {
        const std::size_t done = steps_done(visitor.visits, funnel.steps, longest);
        for (std::size_t step = 0; step < done; ++step) ++counts[step];
      }
      for (std::size_t step = 0; step < counts.size(); ++step)
        out.rows.push_back({funnel.line.begin(window), Value::text(to_text(funnel.sequence[step], state.type)), period, Value::integer(counts[step])});
    }
  return out;
}

constexpr std::string_view kSequenceParameters = "IdColumn column, TimelineColumn column, Start constant, End constant, MaxSequenceStepWindow constant, "
                                                 "Step constant, StateColumn column, Sequence dynamic";

std::span<const Plugin> further_tables() {
  static constexpr Plugin kFurther[] = {
      {.name = "funnel_sequence_previous", .parameters = kSequenceParameters, .run = funnel_sequence_previous},
      {.name = "funnel_sequence_next", .parameters = kSequenceParameters, .run = funnel_sequence_next},
  };
  return kFurther;
}

constexpr Plugin kFunnelPlugins[] = {
    {.name = "funnel_sequence", .parameters = kSequenceParameters, .run = funnel_sequence, .further = further_tables},
    {.name = "funnel_sequence_completion",
     .parameters = "IdColumn column, TimelineColumn column, Start constant, End constant, BinSize constant, StateColumn column, Sequence dynamic, "
                   "MaxSequenceStepWindows dynamic",
     .run = funnel_sequence_completion},
};

}  // namespace

std::span<const Plugin> funnel_plugins() { return kFunnelPlugins; }

}  // namespace kql
