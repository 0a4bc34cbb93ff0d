// SPDX-License-Identifier: Apache-2.0
// autocluster, basket and diffpatterns.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "kql/functions/patterns.hpp"
#include "kql/functions/plugin.hpp"

namespace kql {

namespace {

constexpr std::size_t kMostMinedRows = 1'000'000;

// Columns of patterns, and what a row counts for.
base::Result<PatternLimits> read_limits(const PluginCall& call, std::optional<std::size_t> left_out) {
  const Table& input = call.input();
  if (input.rows.size() > kMostMinedRows)
    return base::fail(base::Kind::too_large, fmt::format("patterns are looked for in at most {} rows; write '| sample {}' before", kMostMinedRows, kMostMinedRows));
  PatternLimits out;
  const auto weight = call.optional_column("WeightColumn");
  for (std::size_t i = 0; i < input.schema.size(); ++i)
    if (weight != i && left_out != i) out.columns.push_back(i);
  for (const Row& row : input.rows) {
    const Value of_row = weight ? convert(row[*weight], input.schema[*weight].type, Type::real) : Value::real(1);
    out.weights.push_back(of_row.is_null() || !(of_row.real() > 0) ? 0 : of_row.real());
  }
  return out;
}

double total_of(const std::vector<double>& weights) {
  double out = 0;
  for (const double weight : weights) out += weight;
  return out;
}

// What stands for "any value": nothing, or what the query gives.
Value wildcard(const PluginCall& call, Type type) {
  for (const PluginArgument* argument : call.all("CustomWildcard")) {
    const auto* literal = std::get_if<Literally>(&argument->value->node);
    if (literal != nullptr && argument->value->type == type) return literal->value;
  }
  return missing(type);
}

Row pattern_row(const PluginCall& call, const std::vector<std::size_t>& columns, const Pattern& pattern) {
  Row out;
  for (const std::size_t column : columns) {
    const auto at = std::find_if(pattern.values.begin(), pattern.values.end(), [&](const auto& value) { return value.first == column; });
    out.push_back(at == pattern.values.end() ? wildcard(call, call.input().schema[column].type) : at->second);
  }
  return out;
}

Schema with_pattern_columns(Schema schema, const PluginCall& call, const std::vector<std::size_t>& columns) {
  for (const std::size_t column : columns) schema.push_back(call.input().schema[column]);
  return schema;
}

Value whole(double weight) { return Value::integer(static_cast<std::int64_t>(std::llround(weight))); }

void add_segment(Table& table, const PluginCall& call, const PatternLimits& limits, const Pattern& pattern) {
  const double weight = weight_of(pattern.rows, limits.weights), total = total_of(limits.weights);
  Row row{Value::integer(static_cast<std::int64_t>(table.rows.size())), whole(weight), Value::real(total > 0 ? 100 * weight / total : 0)};
  for (Value& value : pattern_row(call, limits.columns, pattern)) row.push_back(std::move(value));
  table.rows.push_back(std::move(row));
}

Schema segment_schema(const PluginCall& call, const PatternLimits& limits) {
  return with_pattern_columns({{"SegmentId", Type::int64}, {"Count", Type::int64}, {"Percent", Type::real}}, call, limits.columns);
}

base::Result<Table> basket(const PluginCall& call) {
  PatternLimits limits = TRY(read_limits(call, std::nullopt));
  const double threshold = call.number("Threshold", 0.05), columns = call.number("MaxDimensions", 5);
  if (!(threshold > 0 && threshold < 1) || !(columns >= 1 && columns <= 32))
    return base::fail(base::Kind::invalid_input, "basket() takes a threshold between 0 and 1 and 1 to 32 dimensions");
  limits.least_weight = threshold * total_of(limits.weights);
  limits.most_columns = static_cast<std::size_t>(columns);
  std::vector<Pattern> patterns = find_patterns(call.input(), limits);
  const auto rank = [&](const Pattern& p) { return weight_of(p.rows, limits.weights); };
  std::stable_sort(patterns.begin(), patterns.end(), [&](const Pattern& a, const Pattern& b) { return rank(a) > rank(b); });
  Table out{segment_schema(call, limits), {}};
  for (const Pattern& pattern : patterns) add_segment(out, call, limits, pattern);
  return out;
}

// Patterns one after the other: each is the one that tells most of the rows that are left, a balance of how many they are
// and of how much is said about them.
base::Result<Table> autocluster(const PluginCall& call) {
  constexpr std::size_t kMostSegments = 20;
  constexpr double kLeastShare = 0.05;
  PatternLimits limits = TRY(read_limits(call, std::nullopt));
  const double size_weight = call.number("SizeWeight", 0.5);
  if (!(size_weight > 0 && size_weight < 1)) return base::fail(base::Kind::invalid_input, "autocluster() takes a weight of sizes between 0 and 1");
  const double total = total_of(limits.weights);
  limits.least_weight = kLeastShare * total;
  limits.most_columns = std::max<std::size_t>(1, limits.columns.size());
  const std::vector<Pattern> patterns = find_patterns(call.input(), limits);
  std::vector<double> left = limits.weights;
  Table out{segment_schema(call, limits), {}};
  while (out.rows.size() < kMostSegments && total > 0) {
    const Pattern* best = nullptr;
    double best_score = 0;
    for (const Pattern& pattern : patterns) {
      const double share = weight_of(pattern.rows, left) / total;
      if (share < kLeastShare) continue;
      const double said = static_cast<double>(pattern.values.size()) / static_cast<double>(limits.columns.size());
      const double score = std::pow(share, size_weight) * std::pow(said, 1 - size_weight);
      if (score > best_score) best_score = score, best = &pattern;
    }
    if (best == nullptr) break;
    add_segment(out, call, limits, *best);
    for (const std::uint32_t row : best->rows) left[row] = 0;
  }
  return out;
}

struct Difference {
  const Pattern* pattern;
  double in_a, in_b;
};

base::Result<Table> diffpatterns(const PluginCall& call) {
  constexpr std::size_t kMostDifferences = 100;
  const Table& input = call.input();
  const std::size_t split = call.column("SplitColumn");
  PatternLimits limits = TRY(read_limits(call, std::nullopt));
  limits.columns.erase(std::remove(limits.columns.begin(), limits.columns.end(), split), limits.columns.end());
  const double threshold = call.number("Threshold", 0.05), columns = call.number("MaxDimensions", 5);
  const std::string a = call.text("SplitValueA"), b = call.text("SplitValueB");
  std::vector<double> of_a(limits.weights.size()), of_b(limits.weights.size());
  for (std::size_t i = 0; i < input.rows.size(); ++i) {
    const std::string side = to_text(input.rows[i][split], input.schema[split].type);
    if (side == a) of_a[i] = limits.weights[i];
    else if (side == b) of_b[i] = limits.weights[i];
    else limits.weights[i] = 0;
  }
  const double all_a = total_of(of_a), all_b = total_of(of_b);
  limits.least_weight = threshold * std::min(all_a, all_b);
  limits.most_columns = static_cast<std::size_t>(std::clamp(columns, 1.0, 32.0));
  const std::vector<Pattern> patterns = all_a > 0 && all_b > 0 ? find_patterns(input, limits) : std::vector<Pattern>();
  std::vector<Difference> differences;
  for (const Pattern& pattern : patterns) {
    const Difference next{&pattern, weight_of(pattern.rows, of_a), weight_of(pattern.rows, of_b)};
    if (std::abs(next.in_a / all_a - next.in_b / all_b) >= threshold) differences.push_back(next);
  }
  const auto size = [&](const Difference& d) { return std::abs(d.in_a / all_a - d.in_b / all_b); };
  std::stable_sort(differences.begin(), differences.end(), [&](const Difference& l, const Difference& r) { return size(l) > size(r); });
  if (differences.size() > kMostDifferences) differences.resize(kMostDifferences);
  // The split column stays among the columns, as in the input, and says nothing.
  std::vector<std::size_t> shown = limits.columns;
  shown.insert(std::upper_bound(shown.begin(), shown.end(), split), split);
  Table out{with_pattern_columns({{"SegmentId", Type::int64}, {"CountA", Type::int64}, {"CountB", Type::int64}, {"PercentA", Type::real},
                                  {"PercentB", Type::real}, {"PercentDiffAB", Type::real}}, call, shown), {}};
  for (const Difference& d : differences) {
    Row row{Value::integer(static_cast<std::int64_t>(out.rows.size())), whole(d.in_a), whole(d.in_b), Value::real(100 * d.in_a / all_a),
            Value::real(100 * d.in_b / all_b), Value::real(100 * size(d))};
    for (Value& value : pattern_row(call, shown, *d.pattern)) row.push_back(std::move(value));
    out.rows.push_back(std::move(row));
  }
  return out;
}

constexpr Plugin kPatternPlugins[] = {
    {.name = "autocluster", .parameters = "SizeWeight real?, WeightColumn column?, NumSeeds long?, CustomWildcard constant...", .run = autocluster},
    {.name = "basket", .parameters = "Threshold real?, WeightColumn column?, MaxDimensions long?, CustomWildcard constant...", .run = basket},
    {.name = "diffpatterns",
     .parameters = "SplitColumn column, SplitValueA string, SplitValueB string, WeightColumn column?, Threshold real?, MaxDimensions long?, "
                   "CustomWildcard constant...",
     .run = diffpatterns},
};

}  // namespace

std::span<const Plugin> pattern_plugins() { return kPatternPlugins; }

}  // namespace kql
