// SPDX-License-Identifier: Apache-2.0
#include "kql/functions/patterns.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "kql/evaluate/group.hpp"

namespace kql {

namespace {

constexpr std::size_t kMostLookedAt = 20'000, kMostItems = 500;

struct Item {
  std::size_t column;
  Value value;
  std::vector<std::uint32_t> rows;
  double weight;
};

// The values that are frequent enough on their own, the most frequent first.
std::vector<Item> frequent_items(const Table& table, const PatternLimits& limits) {
  std::vector<Item> out;
  for (const std::size_t column : limits.columns) {
    Grouping values({table.schema[column].type});
    std::vector<std::vector<std::uint32_t>> rows;
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
      if (table.rows[i][column].is_null()) continue;
      const std::size_t number = values.number_of({table.rows[i][column]});
      if (number == rows.size()) rows.emplace_back();
      rows[number].push_back(static_cast<std::uint32_t>(i));
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const double weight = weight_of(rows[i], limits.weights);
      if (weight >= limits.least_weight) out.push_back({column, values.key(i)[0], std::move(rows[i]), weight});
    }
  }
  std::stable_sort(out.begin(), out.end(), [](const Item& a, const Item& b) { return a.weight > b.weight; });
  if (out.size() > kMostItems) out.resize(kMostItems);
  return out;
}

class Miner {
 public:
  Miner(const std::vector<Item>& items, const PatternLimits& limits) : items_(items), limits_(limits) {}
  std::vector<Pattern> run() {
    grow({}, {}, 0);
    return std::move(out_);
  }

 private:
  // NOLINTNEXTLINE(misc-no-recursion): as deep as a pattern has columns
  void grow(std::vector<std::size_t> chosen, const std::vector<std::uint32_t>& rows, std::size_t from) {
    bool is_closed = !chosen.empty();
    for (std::size_t i = 0; i < items_.size() && looked_at_ < kMostLookedAt; ++i) {
      const bool is_chosen = std::find(chosen.begin(), chosen.end(), i) != chosen.end();
      if (is_chosen || chosen.size() >= limits_.most_columns) continue;
      if (std::any_of(chosen.begin(), chosen.end(), [&](std::size_t c) { return items_[c].column == items_[i].column; })) continue;
      ++looked_at_;
      std::vector<std::uint32_t> both;
      if (chosen.empty()) both = items_[i].rows;
      else std::set_intersection(rows.begin(), rows.end(), items_[i].rows.begin(), items_[i].rows.end(), std::back_inserter(both));
      if (!chosen.empty() && both.size() == rows.size()) is_closed = false;
      if (i < from || weight_of(both, limits_.weights) < limits_.least_weight) continue;
      std::vector<std::size_t> next = chosen;
      next.push_back(i);
      grow(std::move(next), both, i + 1);
    }
    if (!is_closed) return;
    Pattern pattern{{}, rows};
    for (const std::size_t i : chosen) pattern.values.emplace_back(items_[i].column, items_[i].value);
    std::sort(pattern.values.begin(), pattern.values.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    out_.push_back(std::move(pattern));
  }

  const std::vector<Item>& items_;
  const PatternLimits& limits_;
  std::vector<Pattern> out_;
  std::size_t looked_at_ = 0;
};

}  // namespace

double weight_of(const std::vector<std::uint32_t>& rows, const std::vector<double>& weights) {
  double out = 0;
  for (const std::uint32_t row : rows) out += weights[row];
  return out;
}

std::vector<Pattern> find_patterns(const Table& table, const PatternLimits& limits) {
  const std::vector<Item> items = frequent_items(table, limits);
  return Miner(items, limits).run();
}

}  // namespace kql
