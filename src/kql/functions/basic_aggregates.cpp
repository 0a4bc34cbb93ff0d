// SPDX-License-Identifier: Apache-2.0
// count, sum, avg, min, max, arg_max and their …if twins.
#include <cmath>
#include <limits>

#include "kql/functions/conditional_aggregate.hpp"
#include "kql/number.hpp"

namespace kql {

namespace {

class Count : public Accumulator {
 public:
  explicit Count(const AggregateArguments&) {}
  void add(std::span<const Value>) override { ++count_; }
  Value result() override { return Value::integer(count_); }

 private:
  std::int64_t count_ = 0;
};

class Sum : public Accumulator {
 public:
  explicit Sum(const AggregateArguments& arguments) : type_(arguments.result) {}
  void add(std::span<const Value> arguments) override {
    if (arguments[0].is_null()) return;
    ++count_;
    switch (type_) {
      case Type::real: real_ += arguments[0].real(); break;
      case Type::decimal: decimal_ = decimal_arithmetic('+', decimal_, arguments[0].text()).value_or(decimal_); break;
      default: whole_ += static_cast<std::uint64_t>(arguments[0].integer());
    }
  }
  Value result() override {
    if (type_ == Type::real) return Value::real(real_);
    return type_ == Type::decimal ? Value::text(decimal_) : Value::integer(static_cast<std::int64_t>(whole_));
  }

 private:
  Type type_;
  std::uint64_t whole_ = 0;
  double real_ = 0;
  std::string decimal_ = "0";
  std::int64_t count_ = 0;
};

class Average : public Accumulator {
 public:
  explicit Average(const AggregateArguments& arguments) : from_(arguments.types[0]), to_(arguments.result) {}
  void add(std::span<const Value> arguments) override {
    if (arguments[0].is_null()) return;
    ++count_;
    if (to_ == Type::decimal) decimal_ = decimal_arithmetic('+', decimal_, arguments[0].text()).value_or(decimal_);
    else if (from_ == Type::real) real_ += arguments[0].real();
    else if (to_ == Type::real) wrapping_ += static_cast<std::uint64_t>(arguments[0].integer());
    else whole_ += arguments[0].integer();
  }
  Value result() override {
    if (count_ == 0) return to_ == Type::real ? Value::real(std::numeric_limits<double>::quiet_NaN()) : Value();
    if (to_ == Type::decimal) return Value::text(decimal_arithmetic('/', decimal_, std::to_string(count_)).value_or("0"));
    if (from_ == Type::real) return Value::real(real_ / static_cast<double>(count_));
    if (to_ == Type::real) return Value::real(static_cast<double>(static_cast<std::int64_t>(wrapping_)) / static_cast<double>(count_));
    return Value::integer(static_cast<std::int64_t>(whole_ / count_));
  }

 private:
  Type from_, to_;
  __extension__ __int128 whole_ = 0;  // of times
  std::uint64_t wrapping_ = 0;        // of whole numbers: their sum wraps
  double real_ = 0;
  std::string decimal_ = "0";
  std::int64_t count_ = 0;
};

bool is_nan(Type type, const Value& value) { return type == Type::real && !value.is_null() && std::isnan(value.real()); }

// Of two values that are not null; NaN is the largest and the smallest of all.
template <bool largest>
bool is_more_extreme(Type type, const Value& value, const Value& than) {
  if (is_nan(type, value) || is_nan(type, than)) return !is_nan(type, than);
  return largest ? compare(type, value, than) > 0 : compare(type, value, than) < 0;
}

template <bool largest>
class Extreme : public Accumulator {
 public:
  explicit Extreme(const AggregateArguments& arguments) : type_(arguments.types[0]) {}
  void add(std::span<const Value> arguments) override {
    if (arguments[0].is_null()) return;
    if (!any_ || is_more_extreme<largest>(type_, arguments[0], best_)) best_ = arguments[0];
    any_ = true;
  }
  Value result() override { return best_; }

 private:
  Type type_;
  Value best_;
  bool any_ = false;
};

// The first of the rows whose first argument is largest; where all are null, the first row.
template <bool largest>
class ArgExtreme : public Accumulator {
 public:
  explicit ArgExtreme(const AggregateArguments& arguments) : type_(arguments.types[0]), columns_(arguments.types.size()) {}
  void add(std::span<const Value> arguments) override {
    const bool better = best_.empty() || (!arguments[0].is_null() && (best_[0].is_null() || is_more_extreme<largest>(type_, arguments[0], best_[0])));
    if (better) best_.assign(arguments.begin(), arguments.end());
  }
  Value result() override { return best_.empty() ? Value() : best_[0]; }
  void append_to(Row& row) override {
    best_.resize(columns_);
    row.insert(row.end(), best_.begin(), best_.end());
  }

 private:
  Type type_;
  std::size_t columns_;
  Row best_;
};

// Any row; of one column, any value that is not empty where there is one.
class Any : public Accumulator {
 public:
  explicit Any(const AggregateArguments& arguments) : columns_(arguments.types.size()) {}
  void add(std::span<const Value> arguments) override {
    if (any_.empty() || (columns_ == 1 && is_empty(any_[0]))) any_.assign(arguments.begin(), arguments.end());
  }
  Value result() override { return any_.empty() ? Value() : any_[0]; }
  void append_to(Row& row) override {
    any_.resize(columns_);
    row.insert(row.end(), any_.begin(), any_.end());
  }

 private:
  static bool is_empty(const Value& value) { return value.is_null(); }
  std::size_t columns_;
  Row any_;
};

using Columns = Aggregate::Columns;

constexpr Aggregate kBasicAggregates[] = {
    {.name = "count", .signature = "() long", .make = make_accumulator_of<Count>, .sql = "toInt64(count())", .label = "count"},
    {.name = "count", .signature = "(bool) long", .make = make_conditional_of<Count, 0>, .sql = "toInt64(countIf(ifNull({0}, false)))", .label = "count"},
    {.name = "count", .signature = "(any) long", .make = make_accumulator_of<Count>, .sql = "toInt64(count())", .label = "count"},
    {.name = "cnt", .signature = "() long", .make = make_accumulator_of<Count>, .sql = "toInt64(count())", .label = "cnt"},
    {.name = "countif", .signature = "(bool) long", .make = make_conditional_of<Count, 0>, .sql = "toInt64(countIf(ifNull({0}, false)))", .label = "countif"},
    {.name = "sum", .signature = "(whole) long", .make = make_accumulator_of<Sum>, .label = "sum"},
    {.name = "sum", .signature = "(summable) first", .make = make_accumulator_of<Sum>, .label = "sum"},
    {.name = "sumif", .signature = "(whole, bool) long", .make = make_conditional_of<Sum, 1>, .label = "sumif"},
    {.name = "sumif", .signature = "(summable, bool) first", .make = make_conditional_of<Sum, 1>, .label = "sumif"},
    {.name = "avg", .signature = "(whole) real", .make = make_accumulator_of<Average>, .sql = "ifNull(toFloat64(sum(toInt64({0}))) / count({0}), nan)", .label = "avg"},
    {.name = "avg", .signature = "(real) real", .make = make_accumulator_of<Average>, .sql = "ifNull(avg({0}), nan)", .label = "avg"},
    {.name = "avg", .signature = "(summable) first", .make = make_accumulator_of<Average>, .label = "avg"},
    {.name = "avgif", .signature = "(whole, bool) real", .make = make_conditional_of<Average, 1>,
     .sql = "ifNull(toFloat64(sumIf(toInt64({0}), ifNull({1}, false))) / countIf(isNotNull({0}) AND ifNull({1}, false)), nan)", .label = "avgif"},
    {.name = "avgif", .signature = "(real, bool) real", .make = make_conditional_of<Average, 1>, .sql = "ifNull(avgIf({0}, ifNull({1}, false)), nan)", .label = "avgif"},
    {.name = "avgif", .signature = "(summable, bool) first", .make = make_conditional_of<Average, 1>, .label = "avgif"},
    {.name = "min", .signature = "(real) real", .make = make_accumulator_of<Extreme<false>>, .label = "min"},
    {.name = "max", .signature = "(real) real", .make = make_accumulator_of<Extreme<true>>, .label = "max"},
    {.name = "min", .signature = "(orderable) first", .make = make_accumulator_of<Extreme<false>>, .label = "min"},
    {.name = "max", .signature = "(orderable) first", .make = make_accumulator_of<Extreme<true>>, .label = "max"},
    {.name = "minif", .signature = "(orderable, bool) first", .make = make_conditional_of<Extreme<false>, 1>, .label = "minif"},
    {.name = "maxif", .signature = "(orderable, bool) first", .make = make_conditional_of<Extreme<true>, 1>, .label = "maxif"},
    {.name = "arg_max", .signature = "(orderable, any...) first", .make = make_accumulator_of<ArgExtreme<true>>, .label = "max", .columns = Columns::of_arguments},
    {.name = "arg_max", .signature = "(orderable) first", .make = make_accumulator_of<ArgExtreme<true>>, .label = "max", .columns = Columns::of_arguments},
    {.name = "arg_min", .signature = "(orderable, any...) first", .make = make_accumulator_of<ArgExtreme<false>>, .label = "min", .columns = Columns::of_arguments},
    {.name = "arg_min", .signature = "(orderable) first", .make = make_accumulator_of<ArgExtreme<false>>, .label = "min", .columns = Columns::of_arguments},
    {.name = "argmax", .signature = "(orderable, any...) first", .make = make_accumulator_of<ArgExtreme<true>>, .label = "max", .columns = Columns::of_arguments},
    {.name = "argmax", .signature = "(orderable) first", .make = make_accumulator_of<ArgExtreme<true>>, .label = "max", .columns = Columns::of_arguments},
    {.name = "argmin", .signature = "(orderable, any...) first", .make = make_accumulator_of<ArgExtreme<false>>, .label = "min", .columns = Columns::of_arguments},
    {.name = "argmin", .signature = "(orderable) first", .make = make_accumulator_of<ArgExtreme<false>>, .label = "min", .columns = Columns::of_arguments},
    {.name = "take_any", .signature = "(any...) first", .make = make_accumulator_of<Any>, .columns = Columns::of_arguments},
    {.name = "any", .signature = "(any...) first", .make = make_accumulator_of<Any>, .label = "any", .columns = Columns::of_arguments},
    {.name = "take_anyif", .signature = "(any, bool) first", .make = make_conditional_of<Any, 1>},
    {.name = "anyif", .signature = "(any, bool) first", .make = make_conditional_of<Any, 1>, .label = "anyif"},
};

}  // namespace

std::span<const Aggregate> basic_aggregates() { return kBasicAggregates; }

}  // namespace kql
