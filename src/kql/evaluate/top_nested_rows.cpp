// SPDX-License-Identifier: Apache-2.0
// top-nested: the best values of a key, and within each those of the next.
#include <algorithm>

#include "kql/evaluate/aggregate_rows.hpp"
#include "kql/evaluate/evaluator.hpp"
#include "kql/evaluate/group.hpp"

namespace kql {

namespace {

using Members = std::vector<const Row*>;

// The value that orders a group.
Value order_of(const TopNestedRows::Level& level, const Members& members) {
  GroupState state(level.calls, level.made);
  for (const Row* row : members) state.add(level.calls, *row);
  Row made;
  state.append_to(made);
  return evaluate(*level.order, made);
}

struct RankedGroup {
  Value key, order;
  Members members;
};

// The groups of a level, the best first.
std::vector<RankedGroup> ranked_groups(const TopNestedRows::Level& level, const Members& members) {
  Grouping groups({level.key->type});
  std::vector<RankedGroup> out;
  for (const Row* row : members) {
    const std::size_t number = groups.number_of({evaluate(*level.key, *row)});
    if (number == out.size()) out.push_back({groups.key(number)[0], {}, {}});
    out[number].members.push_back(row);
  }
  for (RankedGroup& group : out) group.order = order_of(level, group.members);
  std::stable_sort(out.begin(), out.end(), [&](const RankedGroup& a, const RankedGroup& b) {
    const int order = compare(level.order->type, a.order, b.order);
    return level.ascending ? order < 0 : order > 0;
  });
  return out;
}

// What is left at a level, for each level from there on: the name of the others and what orders them all, or nothing.
void append_others(const TopNestedRows& top, std::size_t from, const Members& left, Row row, Rows& out) {
  const auto begin = top.levels.begin() + static_cast<std::ptrdiff_t>(from);
  if (left.empty() || std::none_of(begin, top.levels.end(), [](const auto& level) { return level.others.has_value(); })) return;
  for (auto level = begin; level != top.levels.end(); ++level) {
    row.push_back(level->others ? *level->others : missing(level->key->type));
    row.push_back(level->others ? order_of(*level, left) : missing(level->order->type));
  }
  out.push_back(std::move(row));
}

// A key of a level and what orders it.
using RankedKeys = std::vector<std::pair<Value, Value>>;

void keep_best(const TopNestedRows::Level& level, RankedKeys& keys) {
  std::stable_sort(keys.begin(), keys.end(), [&](const auto& a, const auto& b) {
    const int order = compare(level.order->type, a.second, b.second);
    return level.ascending ? order < 0 : order > 0;
  });
  if (level.count && keys.size() > *level.count) keys.resize(*level.count);
}

// The rows of the levels above, each with the best keys of the next level behind it.
Rows continued(const Rows& above, const Grouping& prefixes, const std::vector<RankedKeys>& ranked) {
  Rows out;
  for (const Row& row : above) {
    Row prefix;
    for (std::size_t i = 0; i < row.size(); i += 2) prefix.push_back(row[i]);  // the keys, without what orders them
    const auto number = prefixes.find(prefix);
    if (!number) continue;
    for (const auto& [key, order] : ranked[*number]) {
      out.push_back(row);
      out.back().push_back(key);
      out.back().push_back(order);
    }
  }
  return out;
}

Relation groups_of(const TopNestedRows& top, const std::vector<ScalarPtr>& keys, const TopNestedRows::Level& level) {
  Relation out{{}, AggregateRows{top.input, keys, level.calls}};
  for (const ScalarPtr& key : keys) out.schema.push_back({"", key->type});
  out.schema.insert(out.schema.end(), level.made.begin(), level.made.end());
  return out;
}

bool has_no_others(const TopNestedRows& top) {
  return std::none_of(top.levels.begin(), top.levels.end(), [](const auto& level) { return level.others.has_value(); });
}

// Whether each time the same rows of a stored table come.
bool is_of_table(const Relation& relation) {
  const Relation* at = &relation;
  while (const Relation* input = input_row_by_row(*at)) {
    const auto* filter = std::get_if<FilterRows>(&at->node);
    const auto* project = std::get_if<ProjectRows>(&at->node);
    const bool pure = filter != nullptr ? is_pure(*filter->predicate)
                                        : project != nullptr && std::all_of(project->columns.begin(), project->columns.end(), [](const ScalarPtr& c) { return is_pure(*c); });
    if (!pure) return false;
    at = input;
  }
  return std::holds_alternative<TableRows>(at->node);
}

}  // namespace

// Each level is asked for at once, by its key and those of the levels above.
base::Result<Rows> Evaluator::top_of_levels(const TopNestedRows& top) {
  std::vector<ScalarPtr> keys;
  Rows out{Row()};
  for (const TopNestedRows::Level& level : top.levels) {
    Grouping prefixes(types_of(keys));
    keys.push_back(level.key);
    std::vector<RankedKeys> ranked;  // of each prefix
    for (const Row& group : TRY(run(groups_of(top, keys, level)))) {
      const auto key = group.begin() + static_cast<std::ptrdiff_t>(keys.size()) - 1;
      const std::size_t number = prefixes.number_of(Row(group.begin(), key));
      if (number == ranked.size()) ranked.emplace_back();
      ranked[number].emplace_back(*key, evaluate(*level.order, Row(key + 1, group.end())));
    }
    for (RankedKeys& each : ranked) keep_best(level, each);
    out = continued(out, prefixes, ranked);
  }
  return out;
}

base::Result<Rows> Evaluator::rows_of(const TopNestedRows& top, const Schema& schema) {
  if (pieces_ && has_no_others(top) && is_of_table(*top.input)) return top_of_levels(top);
  const Rows rows = TRY(run(*top.input));
  struct Open {
    std::size_t level;
    Row prefix;
    Members members;
    bool others;
  };
  Members all;
  for (const Row& row : rows) all.push_back(&row);
  std::vector<Open> open{{0, {}, std::move(all), false}};  // the next one last
  Rows out;
  while (!open.empty()) {
    TRY(check(out.size(), schema));
    Open next = std::move(open.back());
    open.pop_back();
    if (next.others) {
      append_others(top, next.level, next.members, std::move(next.prefix), out);
      continue;
    }
    if (next.level == top.levels.size()) {
      out.push_back(std::move(next.prefix));
      continue;
    }
    const TopNestedRows::Level& level = top.levels[next.level];
    std::vector<RankedGroup> groups = ranked_groups(level, next.members);
    const std::size_t kept = static_cast<std::size_t>(std::min<std::uint64_t>(groups.size(), level.count.value_or(UINT64_MAX)));
    Open left{next.level, next.prefix, {}, true};
    for (std::size_t i = kept; i < groups.size(); ++i) left.members.insert(left.members.end(), groups[i].members.begin(), groups[i].members.end());
    open.push_back(std::move(left));
    for (std::size_t i = kept; i-- > 0;) {
      Row prefix = next.prefix;
      prefix.push_back(std::move(groups[i].key));
      prefix.push_back(std::move(groups[i].order));
      open.push_back({next.level + 1, std::move(prefix), std::move(groups[i].members), false});
    }
  }
  return out;
}

}  // namespace kql
