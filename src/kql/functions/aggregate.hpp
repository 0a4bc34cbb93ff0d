// SPDX-License-Identifier: Apache-2.0
// The aggregate functions of KQL: one entry each (functions/*_aggregates.cpp).
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "kql/functions/signature.hpp"
#include "kql/value.hpp"

namespace kql {

// The state of one aggregate of one group.
class Accumulator {
 public:
  virtual ~Accumulator() = default;
  virtual void add(std::span<const Value> arguments) = 0;  // nulls among them
  virtual Value result() = 0;  // called once; null (or "") where nothing was added and the function says no other
  // The columns of arg_max and its like; of the others the one result.
  virtual void append_to(Row& row) { row.push_back(result()); }
};

// What is known of a call before its rows.
struct AggregateArguments {
  std::span<const Type> types;
  std::vector<Value> constants;  // of the arguments that are literals; null for the others
  Type result = Type::string;
};

struct Aggregate {
  std::string_view name;
  std::string_view signature;
  std::unique_ptr<Accumulator> (*make)(const AggregateArguments& arguments) = nullptr;
  std::string_view sql = {};     // as Function::sql
  std::string_view label = {};   // the result column: "sum" makes sum_x; empty: the argument's name alone
  // arg_max(x, …) has a column for each argument, take_any(…), too; percentiles(x, p…) one for each p.
  enum class Columns { one, of_arguments, of_percentiles } columns = Columns::one;
  std::size_t named_by = 1;  // how many arguments name the one column: 2 of covariance(x, y), which makes covariance_x_y
};

std::span<const Aggregate* const> aggregates_named(std::string_view name);
std::vector<std::string_view> aggregate_names();  // sorted

std::span<const Aggregate> basic_aggregates();
std::span<const Aggregate> collecting_aggregates();
std::span<const Aggregate> sketch_aggregates();
std::span<const Aggregate> percentile_aggregates();
std::span<const Aggregate> statistic_aggregates();
std::span<const Aggregate> schema_aggregates();

}  // namespace kql
