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

}  // namespace

base::Result<Rows> Evaluator::rows_of(const TopNestedRows& top, const Schema& schema) {
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
