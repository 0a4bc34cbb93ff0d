// SPDX-License-Identifier: Apache-2.0
// The value of a bound expression on one row.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "kql/plan/plan.hpp"

namespace kql {

// The rows around the one an expression is computed on, for prev(), next(), row_number() and their like: they are
// computed from the first row to the last, each once.
class RowWindow {
 public:
  explicit RowWindow(const std::vector<Row>& rows) : rows_(rows) {}
  void move_to(std::size_t index) { index_ = index; }
  std::size_t index() const { return index_; }
  const std::vector<Row>& rows() const { return rows_; }
  // What a call keeps from row to row; of its own for each call of the query.
  std::vector<Value>& state(const Scalar& call) { return states_[&call]; }

 private:
  const std::vector<Row>& rows_;
  std::size_t index_ = 0;
  std::map<const Scalar*, std::vector<Value>> states_;
};

Value evaluate(const Scalar& scalar, const Row& row, RowWindow* window = nullptr);

// The value of an expression that needs no row: a literal, or calls of pure functions on literals. Nothing of others.
std::optional<Value> constant_value(const Scalar& scalar);

// The parts of a condition that all have to hold; itself, where it is no `and`.
std::vector<ScalarPtr> conjuncts_of(const ScalarPtr& condition);

bool has_window_call(const Scalar& scalar);
bool is_pure(const Scalar& scalar);  // whether the value comes from the row alone, each time the same

// window.cpp: prev, next, row_number, row_cumsum, row_rank_dense, row_rank_min, row_window_session.
Value evaluate_window(const Scalar& scalar, const Call& call, const Row& row, RowWindow& window);

}  // namespace kql
