// SPDX-License-Identifier: Apache-2.0
// make-series: the bins of each group side by side.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "kql/evaluate/evaluator.hpp"
#include "kql/evaluate/group.hpp"

namespace kql {

namespace {

constexpr std::uint64_t kMostBins = 1'048'576;  // of one array

// The bins from the first to the last by their numbers.
class Axis {
 public:
  Axis(Type type, const Value& from, const Value& step) : type_(type), from_(from), step_(step) {}

  std::uint64_t bins_until(const Value& end, bool inclusive) const {
    if (type_ == Type::real) {
      const double count = (end.real() - from_.real()) / step_.real();
      if (!(count >= 0)) return 0;
      const double whole = inclusive ? std::floor(count + 1e-9) + 1 : std::ceil(count - 1e-9);
      return whole < 1e15 ? static_cast<std::uint64_t>(whole) : UINT64_MAX;
    }
    __extension__ typedef __int128 Wide;
    const Wide distance = static_cast<Wide>(end.integer()) - from_.integer(), step = step_.integer();
    if (distance < 0) return 0;
    return static_cast<std::uint64_t>(inclusive ? distance / step + 1 : (distance + step - 1) / step);
  }
  std::uint64_t number_of(const Value& bin) const {
    if (type_ == Type::real) return static_cast<std::uint64_t>(std::max(0.0, std::round((bin.real() - from_.real()) / step_.real())));
    return static_cast<std::uint64_t>((bin.integer() - from_.integer()) / step_.integer());
  }
  base::Json at(std::uint64_t number) const {
    if (type_ == Type::real) return to_json(Value::real(from_.real() + static_cast<double>(number) * step_.real()), type_);
    return to_json(Value::integer(from_.integer() + static_cast<std::int64_t>(number) * step_.integer()), type_);
  }

 private:
  Type type_;
  Value from_, step_;
};

base::Json element_of(const Value& otherwise) { return otherwise.is_null() ? base::Json() : otherwise.json(); }

Row key_of(const Row& row, std::size_t keys) { return {row.begin(), row.begin() + static_cast<std::ptrdiff_t>(keys)}; }

}  // namespace

base::Result<Rows> Evaluator::rows_of(const MakeSeriesRows& series, const Schema& schema) {
  const Rows rows = TRY(run(*series.input));
  if (series.step.is_null()) return Rows();
  const Schema& input = series.input->schema;
  const Type type = input[series.keys].type;
  std::vector<Type> key_types;
  for (std::size_t i = 0; i < series.keys; ++i) key_types.push_back(input[i].type);
  Grouping groups(key_types);
  std::vector<std::vector<const Row*>> members;
  for (const Row& row : rows) {
    const std::size_t group = groups.number_of(key_of(row, series.keys));
    if (group == members.size()) members.emplace_back();
    members[group].push_back(&row);
  }
  if (members.empty() && series.nonempty) {
    groups.number_of({});
    members.emplace_back();
  }
  Rows out;
  std::uint64_t elements = 0;
  for (std::size_t group = 0; group < members.size(); ++group) {
    const auto by_bin = [&](const Row* a, const Row* b) { return compare(type, (*a)[series.keys], (*b)[series.keys]) < 0; };
    const auto [first, last] = std::minmax_element(members[group].begin(), members[group].end(), by_bin);
    const bool any = !members[group].empty();
    const Value from = series.from.is_null() && any ? (**first)[series.keys] : series.from;
    const Value to = series.to.is_null() && any ? (**last)[series.keys] : series.to;
    const Axis axis(type, from, series.step);
    const std::uint64_t bins = from.is_null() || to.is_null() ? 0 : axis.bins_until(to, series.inclusive || series.to.is_null());
    if (bins > kMostBins)
      return base::fail(base::Kind::too_large, fmt::format("make-series would make arrays of {} elements; {} is the most: take a larger step", bins, kMostBins));
    elements += bins;
    TRY(check(elements, schema));
    std::vector<base::JsonArray> arrays;
    for (const Value& otherwise : series.otherwise) arrays.emplace_back(bins, element_of(otherwise));
    for (const Row* row : members[group]) {
      const std::uint64_t bin = axis.number_of((*row)[series.keys]);
      for (std::size_t i = 0; bin < bins && i < arrays.size(); ++i)
        arrays[i][bin] = to_json((*row)[series.keys + 1 + i], input[series.keys + 1 + i].type);
    }
    base::JsonArray axis_values;
    for (std::uint64_t bin = 0; bin < bins; ++bin) axis_values.push_back(axis.at(bin));
    Row row = groups.key(group);
    for (base::JsonArray& array : arrays) row.push_back(Value::dynamic(std::move(array)));
    row.push_back(Value::dynamic(std::move(axis_values)));
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace kql
