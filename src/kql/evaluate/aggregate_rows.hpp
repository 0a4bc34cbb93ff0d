// SPDX-License-Identifier: Apache-2.0
// The aggregates of one group.
#pragma once

#include <memory>
#include <vector>

#include "kql/evaluate/scalar.hpp"
#include "kql/functions/aggregate.hpp"
#include "kql/plan/plan.hpp"

namespace kql {

class GroupState {
 public:
  // `types`: of the columns that the calls make, one behind the other.
  GroupState(const std::vector<AggregateCall>& calls, std::span<const Column> columns);
  void add(const std::vector<AggregateCall>& calls, const Row& row, RowWindow* window = nullptr);
  void append_to(Row& row);

 private:
  std::vector<std::unique_ptr<Accumulator>> accumulators_;
  std::vector<Column> columns_;
};

}  // namespace kql
