// SPDX-License-Identifier: Apache-2.0
// dcount, count_distinct, hll and tdigest.
#include <unordered_set>

#include "kql/functions/conditional_aggregate.hpp"
#include "kql/functions/digest.hpp"
#include "kql/functions/distinct_sketch.hpp"

namespace kql {

namespace {

struct HashOfValue {
  Type type;
  std::size_t operator()(const Value& value) const { return hash(type, value); }
};
struct EqualValues {
  Type type;
  bool operator()(const Value& left, const Value& right) const { return same(type, left, right); }
};

class CountDistinct : public Accumulator {
 public:
  explicit CountDistinct(const AggregateArguments& arguments) : values_(16, HashOfValue{arguments.types[0]}, EqualValues{arguments.types[0]}) {}
  void add(std::span<const Value> arguments) override {
    if (!arguments[0].is_null()) values_.insert(arguments[0]);
  }
  Value result() override { return Value::integer(static_cast<std::int64_t>(values_.size())); }

 private:
  std::unordered_set<Value, HashOfValue, EqualValues> values_;
};

// The accuracy is the argument of this number, where there is one.
template <bool counts, std::size_t accuracy>
class Distinct : public Accumulator {
 public:
  explicit Distinct(const AggregateArguments& arguments) : type_(arguments.types[0]), sketch_(accuracy_of(arguments)) {}
  void add(std::span<const Value> arguments) override { sketch_.add(type_, arguments[0]); }
  Value result() override {
    if (counts) return Value::integer(sketch_.count());
    return sketch_.count() == 0 ? Value() : Value::dynamic(sketch_.to_json());
  }

 private:
  static std::int64_t accuracy_of(const AggregateArguments& arguments) {
    if (accuracy >= arguments.constants.size()) return 1;
    const Value level = convert(arguments.constants[accuracy], arguments.types[accuracy], Type::int64);
    return level.is_null() ? 1 : level.integer();
  }
  Type type_;
  DistinctSketch sketch_;
};

class MergedDistinct : public Accumulator {
 public:
  explicit MergedDistinct(const AggregateArguments&) {}
  void add(std::span<const Value> arguments) override {
    if (arguments[0].is_null()) return;
    auto next = DistinctSketch::from_json(arguments[0].json());
    if (next && sketch_) sketch_->merge(*next);
    else if (next) sketch_ = std::move(next);
  }
  Value result() override { return sketch_ ? Value::dynamic(sketch_->to_json()) : Value(); }

 private:
  std::optional<DistinctSketch> sketch_;
};

class DigestOf : public Accumulator {
 public:
  explicit DigestOf(const AggregateArguments& arguments) : digest_(arguments.types[0]) {}
  void add(std::span<const Value> arguments) override {
    const bool weighted = arguments.size() > 1;
    if (weighted && arguments[1].is_null()) return;
    digest_.add(arguments[0], weighted ? static_cast<double>(arguments[1].integer()) : 1);
  }
  Value result() override { return digest_.total() > 0 ? Value::dynamic(digest_.to_json()) : Value(); }

 private:
  Digest digest_;
};

class MergedDigest : public Accumulator {
 public:
  explicit MergedDigest(const AggregateArguments&) {}
  void add(std::span<const Value> arguments) override {
    if (arguments[0].is_null()) return;
    if (const auto next = Digest::from_json(arguments[0].json())) digest_.merge(*next);
  }
  Value result() override { return digest_.total() > 0 ? Value::dynamic(digest_.to_json()) : Value(); }

 private:
  Digest digest_;
};

constexpr Aggregate kSketchAggregates[] = {
    {.name = "dcount", .signature = "(plain) long", .make = make_accumulator_of<Distinct<true, 1>>, .label = "dcount"},
    {.name = "dcount", .signature = "(any, const plain?) long", .make = make_accumulator_of<Distinct<true, 1>>, .label = "dcount"},
    {.name = "dcountif", .signature = "(plain, bool) long", .make = make_conditional_of<Distinct<true, 2>, 1>, .label = "dcountif"},
    {.name = "dcountif", .signature = "(any, bool, const plain?) long", .make = make_conditional_of<Distinct<true, 2>, 1>, .label = "dcountif"},
    {.name = "count_distinct", .signature = "(plain) long", .make = make_accumulator_of<CountDistinct>, .label = "count_distinct"},
    {.name = "count_distinctif", .signature = "(plain, bool) long", .make = make_conditional_of<CountDistinct, 1>, .label = "count_distinctif"},
    {.name = "hll", .signature = "(any, const whole?) dynamic", .make = make_accumulator_of<Distinct<false, 1>>, .label = "hll"},
    {.name = "hll_if", .signature = "(any, bool, const whole?) dynamic", .make = make_conditional_of<Distinct<false, 2>, 1>, .label = "hll_if"},
    {.name = "hll_merge", .signature = "(dynamic) dynamic", .make = make_accumulator_of<MergedDistinct>, .label = "hll_merge"},
    {.name = "tdigest", .signature = "(summable, whole?) dynamic", .make = make_accumulator_of<DigestOf>, .label = "tdigest"},
    {.name = "tdigest_merge", .signature = "(dynamic) dynamic", .make = make_accumulator_of<MergedDigest>, .label = "merge_tdigests"},
    {.name = "merge_tdigest", .signature = "(dynamic) dynamic", .make = make_accumulator_of<MergedDigest>, .label = "merge_tdigests"},
};

}  // namespace

std::span<const Aggregate> sketch_aggregates() { return kSketchAggregates; }

}  // namespace kql
