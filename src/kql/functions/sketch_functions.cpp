// SPDX-License-Identifier: Apache-2.0
// What is read out of the sketches that hll() and tdigest() make.
#include "kql/functions/digest.hpp"
#include "kql/functions/distinct_sketch.hpp"
#include "kql/functions/function.hpp"

namespace kql {

namespace {

using Nulls = Function::Nulls;

Value distinct_count(const Arguments& a) {
  const auto sketch = DistinctSketch::from_json(a.json(0));
  return sketch ? Value::integer(sketch->count()) : Value();
}

Value merged_distinct(const Arguments& a) {
  std::optional<DistinctSketch> out;
  for (std::size_t i = 0; i < a.size(); ++i) {
    auto next = a.has(i) ? DistinctSketch::from_json(a.json(i)) : std::nullopt;
    if (next && out) out->merge(*next);
    else if (next) out = std::move(next);
  }
  return out ? Value::dynamic(out->to_json()) : Value();
}

Value merged_digest(const Arguments& a) {
  std::optional<Digest> out;
  for (std::size_t i = 0; i < a.size(); ++i) {
    auto next = a.has(i) ? Digest::from_json(a.json(i)) : std::nullopt;
    if (next && out) out->merge(*next);
    else if (next) out = std::move(next);
  }
  return out ? Value::dynamic(out->to_json()) : Value();
}

Value percentile_of_digest(const Arguments& a) {
  auto digest = Digest::from_json(a.json(0));
  return digest ? Value::dynamic(to_json(digest->percentile(a.number(1)), digest->type())) : Value();
}

Value percentiles_of_digest(const Arguments& a) {
  auto digest = Digest::from_json(a.json(0));
  if (!digest) return {};
  base::JsonArray out;
  const auto add = [&](double percent) { out.push_back(to_json(digest->percentile(percent), digest->type())); };
  const auto* list = a.types[1] == Type::dynamic ? a.json(1).if_array() : nullptr;
  if (list != nullptr)
    for (const base::Json& percent : *list) add(percent.is_number() ? percent.to_number<double>() : 0);
  else
    for (std::size_t i = 1; i < a.size(); ++i) add(a.number(i));
  return Value::dynamic(std::move(out));
}

std::optional<double> weight_up_to(Digest& digest, const Arguments& a) {
  const Value value = convert(a[1], a.types[1], digest.type());
  if (value.is_null()) return std::nullopt;
  return digest.weight_up_to(value);
}

Value rank_in_digest(const Arguments& a) {
  auto digest = Digest::from_json(a.json(0));
  const auto rank = digest ? weight_up_to(*digest, a) : std::nullopt;
  return rank ? Value::real(*rank) : Value();
}

Value percent_rank_in_digest(const Arguments& a) {
  auto digest = Digest::from_json(a.json(0));
  const auto rank = digest ? weight_up_to(*digest, a) : std::nullopt;
  return rank && digest->total() > 0 ? Value::real(*rank / digest->total() * 100) : Value();
}

constexpr auto kNamed = Naming::name_and_argument;

constexpr Function kSketchFunctions[] = {
    {.name = "dcount_hll", .signature = "(dynamic) long", .evaluate = distinct_count, .naming = kNamed},
    {.name = "hll_merge", .signature = "(dynamic, dynamic...) dynamic", .evaluate = merged_distinct, .naming = Naming::result_name,
     .result_name = "hll_merged_result", .nulls = Nulls::handled},
    {.name = "tdigest_merge", .signature = "(dynamic, dynamic...) dynamic", .evaluate = merged_digest, .naming = Naming::result_name,
     .result_name = "tdigests_merge_result", .nulls = Nulls::handled},
    {.name = "merge_tdigest", .signature = "(dynamic, dynamic...) dynamic", .evaluate = merged_digest, .naming = Naming::result_name,
     .result_name = "tdigests_merge_result", .nulls = Nulls::handled},
    {.name = "percentile_tdigest", .signature = "(dynamic, real) dynamic", .evaluate = percentile_of_digest, .naming = kNamed},
    {.name = "percentiles_array_tdigest", .signature = "(dynamic, real...) dynamic", .evaluate = percentiles_of_digest, .naming = kNamed,
     .result_name = "percentile_tdigest"},
    {.name = "percentiles_array_tdigest", .signature = "(dynamic, dynamic) dynamic", .evaluate = percentiles_of_digest, .naming = kNamed,
     .result_name = "percentile_tdigest"},
    {.name = "percentrank_tdigest", .signature = "(dynamic, any) real", .evaluate = percent_rank_in_digest},
    {.name = "rank_tdigest", .signature = "(dynamic, any) real", .evaluate = rank_in_digest},
};

}  // namespace

std::span<const Function> sketch_functions() { return kSketchFunctions; }

}  // namespace kql
