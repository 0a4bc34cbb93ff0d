// SPDX-License-Identifier: Apache-2.0
// What makes an aggregate's …if twin.
#pragma once

#include <memory>
#include <utility>

#include "kql/functions/aggregate.hpp"

namespace kql {

// Adds the rows alone whose argument of this number is true.
class ConditionalAccumulator : public Accumulator {
 public:
  ConditionalAccumulator(std::unique_ptr<Accumulator> inner, std::size_t condition) : inner_(std::move(inner)), condition_(condition) {}
  void add(std::span<const Value> arguments) override {
    const Value& condition = arguments[condition_];
    if (!condition.is_null() && condition.boolean()) inner_->add(arguments);
  }
  Value result() override { return inner_->result(); }

 private:
  std::unique_ptr<Accumulator> inner_;
  std::size_t condition_;
};

template <typename Inner>
std::unique_ptr<Accumulator> make_accumulator_of(const AggregateArguments& arguments) {
  return std::make_unique<Inner>(arguments);
}
template <typename Inner, std::size_t condition>
std::unique_ptr<Accumulator> make_conditional_of(const AggregateArguments& arguments) {
  return std::make_unique<ConditionalAccumulator>(std::make_unique<Inner>(arguments), condition);
}

}  // namespace kql
