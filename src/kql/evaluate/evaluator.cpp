// SPDX-License-Identifier: Apache-2.0
#include "kql/evaluate/evaluator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "kql/evaluate/scalar.hpp"

namespace kql {

namespace {

constexpr std::uint64_t kStepsBetweenChecks = 64;  // few: each may make texts of nearly a MB
constexpr std::uint64_t kCellsOfAnybody = 1'000'000;  // so many are never too many: some tens of MB, where no text is long
constexpr std::uint64_t kBytesOfAnybody = std::uint64_t{64} << 20;
constexpr std::size_t kLongText = std::size_t{1} << 20;
constexpr std::chrono::milliseconds kBetweenLooksAtMemory{10};

bool is_true(const Value& value) { return !value.is_null() && value.boolean(); }

// Nulls stand at one end, NaN beside them.
int special_rank(const Value& value, Type type) { return value.is_null() ? 2 : type == Type::real && std::isnan(value.real()) ? 1 : 0; }

int compare_keys(const std::vector<SortBy>& keys, const Row& left, const Row& right) {
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const SortBy& by = keys[i];
    const int special_left = special_rank(left[i], by.key->type), special_right = special_rank(right[i], by.key->type);
    if (special_left != special_right) return (special_left > special_right) == by.nulls_first ? -1 : 1;
    if (special_left > 0) continue;
    const int order = compare(by.key->type, left[i], right[i]);
    if (order != 0) return by.ascending ? order : -order;
  }
  return 0;
}

void append(Rows rows, Rows& out) {
  if (out.empty()) out = std::move(rows);
  else std::move(rows.begin(), rows.end(), std::back_inserter(out));
}

bool looks_around(const std::vector<ScalarPtr>& scalars) {
  return std::any_of(scalars.begin(), scalars.end(), [](const ScalarPtr& s) { return has_window_call(*s); });
}

}  // namespace

const Relation* input_row_by_row(const Relation& relation) {
  if (const auto* filter = std::get_if<FilterRows>(&relation.node)) return has_window_call(*filter->predicate) ? nullptr : filter->input.get();
  if (const auto* project = std::get_if<ProjectRows>(&relation.node)) return looks_around(project->columns) ? nullptr : project->input.get();
  if (const auto* expand = std::get_if<ExpandRows>(&relation.node)) return expand->input.get();
  if (const auto* apply = std::get_if<ApplyRows>(&relation.node)) return apply->input.get();
  if (const auto* parse = std::get_if<ParseRows>(&relation.node)) return parse->input.get();
  if (const auto* parse = std::get_if<ParseKvRows>(&relation.node)) return parse->input.get();
  return nullptr;
}

base::Result<Rows> Evaluator::made_of(const Relation& relation, const Relation& input, Rows rows) {
  given_[&input] = std::move(rows);
  return std::visit([&](const auto& node) { return rows_of(node, relation.schema); }, relation.node);
}

base::Result<void> Evaluator::each(const Relation& relation, const RowSink& sink) {
  if (pieces_ && !relation.serialized) {
    if (TRY(pieces_(relation, sink))) return {};
    if (const auto* all = std::get_if<UnionRows>(&relation.node)) {
      bool more = true;
      for (auto input = all->inputs.begin(); more && input != all->inputs.end(); ++input)
        TRY(each(**input, [&](Rows rows) -> base::Result<bool> { return more = TRY(sink(std::move(rows))); }));
      return {};
    }
    if (const Relation* input = input_row_by_row(relation))
      return each(*input, [&](Rows rows) -> base::Result<bool> { return sink(TRY(made_of(relation, *input, std::move(rows)))); });
  }
  TRY(sink(TRY(run(relation))));
  return {};
}

base::Result<Rows> Evaluator::run(const Relation& relation) {
  if (const auto given = given_.extract(&relation)) return std::move(given.mapped());
  if (auto rows = TRY(source_(relation))) return std::move(*rows);
  return std::visit([&](const auto& node) { return rows_of(node, relation.schema); }, relation.node);
}

base::Result<void> Evaluator::check_memory(std::uint64_t cells, std::chrono::steady_clock::time_point now) {
  if (!limits_.memory_left || now < next_look_at_memory_) return {};
  next_look_at_memory_ = now + kBetweenLooksAtMemory;
  const std::uint64_t left = limits_.memory_left();
  if (!left_at_first_) left_at_first_ = left;
  const bool is_large = cells >= kCellsOfAnybody || *left_at_first_ - std::min(*left_at_first_, left) > kBytesOfAnybody;
  if (!is_large || left > limits_.memory_kept) return {};
  return base::fail(base::Kind::too_large, "the machine has no more memory for what the query and those beside it hold; filter or summarize earlier, or try again later");
}

base::Result<void> Evaluator::check(std::size_t rows, const Schema& schema) {
  const std::uint64_t cells = rows * std::max<std::size_t>(schema.size(), 1);
  if (cells > limits_.cells)
    return base::fail(base::Kind::too_large, fmt::format("the query holds more than {} values in memory at once; filter or summarize earlier", limits_.cells));
  if (++steps_ % kStepsBetweenChecks != 0) return {};
  if (limits_.cancelled != nullptr && limits_.cancelled->load(std::memory_order_relaxed)) return base::fail(base::Kind::cancelled, "the query was cancelled");
  const auto now = std::chrono::steady_clock::now();
  if (now > limits_.deadline) return base::fail(base::Kind::too_large, "the query took longer than it may; filter by time or summarize earlier");
  return check_memory(cells, now);
}

base::Result<Rows> Evaluator::rows_of(const TableRows& table, const Schema&) {
  return base::fail(base::Kind::not_found, fmt::format("there are no rows of table '{}' here", table.table));
}

base::Result<Rows> Evaluator::rows_of(const ValueRows& values, const Schema&) { return *values.rows; }

base::Result<Rows> Evaluator::rows_of(const OuterRows& outer, const Schema&) {
  const auto rows = outer_.find(outer.id);
  ++outer_reads_;
  if (rows != outer_.end()) return *rows->second;
  return base::fail(base::Kind::unsupported, "toscalar() cannot take the rows of mv-apply or partition that it stands in");
}

base::Result<Rows> Evaluator::rows_of(const RangeRows& range, const Schema& schema) {
  Rows out;
  if (range.from.is_null() || range.to.is_null() || range.step.is_null()) return out;
  if (schema[0].type == Type::real) {
    const double from = range.from.real(), to = range.to.real(), step = range.step.real();
    if (step == 0 || !(std::abs(to) < 1e300)) return out;
    if (const double count = (to - from) / step; count > 0) TRY(check(count < 1e18 ? static_cast<std::size_t>(count) : SIZE_MAX, schema));
    for (std::uint64_t i = 0; step > 0 ? from + static_cast<double>(i) * step <= to : from + static_cast<double>(i) * step >= to; ++i) {
      TRY(check(out.size(), schema));
      out.push_back({Value::real(from + static_cast<double>(i) * step)});
    }
    return out;
  }
  const std::int64_t to = range.to.integer(), step = range.step.integer();
  std::int64_t at = range.from.integer();
  // What is too much is told before the first of it is made.
  if (step > 0 && at <= to) TRY(check((static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(at)) / static_cast<std::uint64_t>(step), schema));
  while (step != 0 && (step > 0 ? at <= to : at >= to)) {
    TRY(check(out.size(), schema));
    out.push_back({Value::integer(at)});
    if (__builtin_add_overflow(at, step, &at)) break;
  }
  return out;
}

base::Result<Rows> Evaluator::rows_of(const FilterRows& filter, const Schema& schema) {
  Rows rows = TRY(run(*filter.input));
  RowWindow window(rows);
  const bool needs_window = has_window_call(*filter.predicate);
  std::vector<char> kept(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    TRY(check(rows.size(), schema));
    window.move_to(i);
    kept[i] = is_true(evaluate(*filter.predicate, rows[i], needs_window ? &window : nullptr)) ? 1 : 0;
  }
  std::size_t next = 0;
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (kept[i] != 0 && next++ != i) rows[next - 1] = std::move(rows[i]);
  rows.resize(next);
  return rows;
}

base::Result<Rows> Evaluator::rows_of(const ProjectRows& project, const Schema& schema) {
  const Rows rows = TRY(run(*project.input));
  RowWindow window(rows);
  Rows out;
  out.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    TRY(check(out.size(), schema));
    window.move_to(i);
    Row row;
    row.reserve(project.columns.size());
    for (const ScalarPtr& column : project.columns) {
      row.push_back(evaluate(*column, rows[i], &window));
      if (column->type == Type::string && !row.back().is_null() && row.back().text().size() > kLongText) TRY(check_memory(0, std::chrono::steady_clock::now()));
    }
    out.push_back(std::move(row));
  }
  return out;
}

base::Result<Rows> Evaluator::rows_of(const SortRows& sort, const Schema& schema) { return sorted(sort, TRY(run(*sort.input)), schema); }

base::Result<Rows> Evaluator::sorted(const SortRows& sort, Rows rows, const Schema& schema) {
  Rows keys;
  keys.reserve(rows.size());
  RowWindow window(rows);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    TRY(check(keys.size(), schema));
    window.move_to(i);
    Row key;
    for (const SortBy& by : sort.keys) key.push_back(evaluate(*by.key, rows[i], &window));
    keys.push_back(std::move(key));
  }
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return compare_keys(sort.keys, keys[a], keys[b]) < 0; });
  Rows out;
  out.reserve(rows.size());
  for (const std::size_t i : order) out.push_back(std::move(rows[i]));
  return out;
}

base::Result<Rows> Evaluator::rows_of(const LimitRows& limit, const Schema& schema) {
  if (const auto* sort = std::get_if<SortRows>(&limit.input->node)) return best(*sort, limit.count, schema);
  Rows out;
  TRY(each(*limit.input, [&](Rows rows) -> base::Result<bool> {
    append(std::move(rows), out);
    return out.size() < limit.count;
  }));
  if (out.size() > limit.count) out.resize(limit.count);
  return out;
}

// The first rows of an order. Rows that come later go behind those they are equal to.
base::Result<Rows> Evaluator::best(const SortRows& sort, std::uint64_t count, const Schema& schema) {
  Rows out;
  const auto cut = [&]() -> base::Result<void> {
    out = TRY(sorted(sort, std::move(out), schema));
    if (out.size() > count) out.resize(count);
    return {};
  };
  TRY(each(*sort.input, [&](Rows rows) -> base::Result<bool> {
    append(std::move(rows), out);
    if (out.size() > count) TRY(cut());
    return true;
  }));
  TRY(cut());
  return out;
}

// Reservoir sampling: each row has the same chance to be among them.
base::Result<Rows> Evaluator::rows_of(const SampleRows& sample, const Schema&) {
  static thread_local std::mt19937_64 random{std::random_device{}()};
  Rows out;
  std::uint64_t seen = 0;
  TRY(each(*sample.input, [&](Rows rows) -> base::Result<bool> {
    for (Row& row : rows) {
      ++seen;
      if (out.size() < sample.count) {
        out.push_back(std::move(row));
        continue;
      }
      const std::uint64_t place = std::uniform_int_distribution<std::uint64_t>(0, seen - 1)(random);
      if (place < sample.count) out[place] = std::move(row);
    }
    return sample.count > 0;
  }));
  return out;
}

base::Result<Rows> Evaluator::rows_of(const UnionRows& all, const Schema& schema) {
  Rows out;
  for (const RelationPtr& input : all.inputs) {
    Rows rows = TRY(run(*input));
    TRY(check(out.size() + rows.size(), schema));
    std::move(rows.begin(), rows.end(), std::back_inserter(out));
  }
  return out;
}

base::Result<Rows> Evaluator::rows_of(const SharedRows& shared, const Schema&) {
  const Relation* const key = shared.input.get();
  if (of_outer_.count(key) > 0) ++outer_reads_;
  const auto known = shared_.find(key);
  if (known != shared_.end()) return *known->second;
  const std::uint64_t reads = outer_reads_;
  auto rows = std::make_shared<const Rows>(TRY(run(*shared.input)));
  if (outer_reads_ != reads) of_outer_.insert(key);
  return *(shared_[key] = std::move(rows));
}

void Evaluator::set_outer(int id, const Rows& rows) {
  outer_[id] = &rows;
  for (const Relation* key : of_outer_) {
    shared_.erase(key);
    graphs_.erase(key);
  }
  of_outer_.clear();
}

}  // namespace kql
