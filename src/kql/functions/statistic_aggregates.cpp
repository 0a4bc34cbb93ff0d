// SPDX-License-Identifier: Apache-2.0
// stdev, variance, covariance and their twins of a whole population (…p); binary_all_and and its like.
#include <cmath>

#include "kql/functions/conditional_aggregate.hpp"
#include "kql/number.hpp"

namespace kql {

namespace {

double as_real(const Value& value, Type type) {
  if (type == Type::real) return value.real();
  return type == Type::decimal ? decimal_to_real(value.text()) : static_cast<double>(value.integer());
}

// Welford's sums, which do not cancel one another out. Of one value and none it is 0.
template <bool sample, bool root>
class Variance : public Accumulator {
 public:
  explicit Variance(const AggregateArguments& arguments) : type_(arguments.types[0]) {}
  void add(std::span<const Value> arguments) override {
    if (arguments[0].is_null()) return;
    const double value = as_real(arguments[0], type_);
    const double before = value - mean_;
    mean_ += before / ++count_;
    squares_ += before * (value - mean_);
  }
  Value result() override {
    const double of = sample ? count_ - 1 : count_;
    const double variance = of > 0 ? squares_ / of : 0;
    return Value::real(root ? std::sqrt(variance) : variance);
  }

 private:
  Type type_;
  double count_ = 0, mean_ = 0, squares_ = 0;
};

template <bool sample>
class Covariance : public Accumulator {
 public:
  explicit Covariance(const AggregateArguments& arguments) : first_(arguments.types[0]), second_(arguments.types[1]) {}
  void add(std::span<const Value> arguments) override {
    if (arguments[0].is_null() || arguments[1].is_null()) return;
    const double x = as_real(arguments[0], first_), y = as_real(arguments[1], second_);
    const double before = x - mean_x_;
    mean_x_ += before / ++count_;
    mean_y_ += (y - mean_y_) / count_;
    products_ += before * (y - mean_y_);
  }
  Value result() override {
    const double of = sample ? count_ - 1 : count_;
    return Value::real(of > 0 ? products_ / of : 0);
  }

 private:
  Type first_, second_;
  double count_ = 0, mean_x_ = 0, mean_y_ = 0, products_ = 0;
};

template <char operation>
class Bits : public Accumulator {
 public:
  explicit Bits(const AggregateArguments&) {}
  void add(std::span<const Value> arguments) override {
    if (arguments[0].is_null()) return;
    const std::int64_t next = arguments[0].integer();
    if (!any_) bits_ = next;
    else bits_ = operation == '&' ? bits_ & next : operation == '|' ? bits_ | next : bits_ ^ next;
    any_ = true;
  }
  Value result() override { return any_ ? Value::integer(bits_) : Value(); }

 private:
  std::int64_t bits_ = 0;
  bool any_ = false;
};

using SampleVariance = Variance<true, false>;
using PopulationVariance = Variance<false, false>;
using SampleDeviation = Variance<true, true>;
using PopulationDeviation = Variance<false, true>;

constexpr std::string_view kOne = "(summable) real", kOneIf = "(summable, bool) real";
constexpr std::string_view kTwo = "(summable, summable) real", kTwoIf = "(summable, summable, bool) real";

constexpr Aggregate kStatisticAggregates[] = {
    {.name = "stdev", .signature = "(whole) real", .make = make_accumulator_of<SampleDeviation>,
     .sql = "if(count({0}) < 2, 0., ifNull(stddevSampStable({0}), 0.))", .label = "stdev"},
    {.name = "stdev", .signature = "(real) real", .make = make_accumulator_of<SampleDeviation>,
     .sql = "if(count({0}) < 2, 0., ifNull(stddevSampStable({0}), 0.))", .label = "stdev"},
    {.name = "stdev", .signature = kOne, .make = make_accumulator_of<SampleDeviation>, .label = "stdev"},
    {.name = "stdevif", .signature = kOneIf, .make = make_conditional_of<SampleDeviation, 1>, .label = "stdevif"},
    {.name = "stdevp", .signature = kOne, .make = make_accumulator_of<PopulationDeviation>, .label = "stdevp"},
    {.name = "variance", .signature = "(whole) real", .make = make_accumulator_of<SampleVariance>,
     .sql = "if(count({0}) < 2, 0., ifNull(varSampStable({0}), 0.))", .label = "variance"},
    {.name = "variance", .signature = "(real) real", .make = make_accumulator_of<SampleVariance>,
     .sql = "if(count({0}) < 2, 0., ifNull(varSampStable({0}), 0.))", .label = "variance"},
    {.name = "variance", .signature = kOne, .make = make_accumulator_of<SampleVariance>, .label = "variance"},
    {.name = "varianceif", .signature = kOneIf, .make = make_conditional_of<SampleVariance, 1>, .label = "varianceif"},
    {.name = "variancep", .signature = kOne, .make = make_accumulator_of<PopulationVariance>, .label = "variancep"},
    {.name = "variancepif", .signature = kOneIf, .make = make_conditional_of<PopulationVariance, 1>, .label = "variancepif"},
    {.name = "covariance", .signature = kTwo, .make = make_accumulator_of<Covariance<true>>, .label = "covariance", .named_by = 2},
    {.name = "covarianceif", .signature = kTwoIf, .make = make_conditional_of<Covariance<true>, 2>, .label = "covarianceif", .named_by = 2},
    {.name = "covariancep", .signature = kTwo, .make = make_accumulator_of<Covariance<false>>, .label = "covariancep", .named_by = 2},
    {.name = "covariancepif", .signature = kTwoIf, .make = make_conditional_of<Covariance<false>, 2>, .label = "covariancepif", .named_by = 2},
    {.name = "binary_all_and", .signature = "(whole) first", .make = make_accumulator_of<Bits<'&'>>, .sql = "groupBitAnd(toNullable({0}))"},
    {.name = "binary_all_or", .signature = "(whole) first", .make = make_accumulator_of<Bits<'|'>>, .sql = "groupBitOr(toNullable({0}))"},
    {.name = "binary_all_xor", .signature = "(whole) first", .make = make_accumulator_of<Bits<'^'>>, .sql = "groupBitXor(toNullable({0}))"},
};

}  // namespace

std::span<const Aggregate> statistic_aggregates() { return kStatisticAggregates; }

}  // namespace kql
