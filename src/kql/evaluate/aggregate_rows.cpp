// SPDX-License-Identifier: Apache-2.0
#include "kql/evaluate/aggregate_rows.hpp"

#include "kql/evaluate/evaluator.hpp"
#include "kql/evaluate/group.hpp"

namespace kql {

namespace {

std::unique_ptr<Accumulator> make_accumulator(const AggregateCall& call, Type result) {
  const std::vector<Type> types = types_of(call.arguments);
  AggregateArguments arguments{types, {}, result};
  for (const ScalarPtr& argument : call.arguments) arguments.constants.push_back(constant_value(*argument).value_or(Value()));
  return call.aggregate->make(arguments);
}

}  // namespace

GroupState::GroupState(const std::vector<AggregateCall>& calls, std::span<const Column> columns) : columns_(columns.begin(), columns.end()) {
  std::size_t column = 0;
  for (const AggregateCall& call : calls) {
    accumulators_.push_back(make_accumulator(call, columns_[column].type));
    column += call.columns;
  }
}

void GroupState::add(const std::vector<AggregateCall>& calls, const Row& row, RowWindow* window) {
  for (std::size_t i = 0; i < calls.size(); ++i) accumulators_[i]->add(evaluate_all(calls[i].arguments, row, window));
}

void GroupState::append_to(Row& row) {
  const std::size_t first = row.size();
  for (const auto& accumulator : accumulators_) accumulator->append_to(row);
  for (std::size_t i = first; i < row.size(); ++i)
    if (row[i].is_null()) row[i] = missing(columns_[i - first].type);
}

base::Result<Rows> Evaluator::rows_of(const AggregateRows& aggregate, const Schema& schema) {
  const std::span<const Column> columns(schema.data() + aggregate.keys.size(), schema.size() - aggregate.keys.size());
  Grouping groups(types_of(aggregate.keys));
  std::vector<GroupState> states;
  TRY(each(*aggregate.input, [&](const Rows& rows) -> base::Result<bool> {
    RowWindow window(rows);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      TRY(check(states.size(), schema));
      window.move_to(i);
      const std::size_t number = groups.number_of(evaluate_all(aggregate.keys, rows[i], &window));
      if (number == states.size()) states.emplace_back(aggregate.calls, columns);
      states[number].add(aggregate.calls, rows[i], &window);
    }
    return true;
  }));
  if (aggregate.keys.empty() && states.empty()) {
    groups.number_of({});
    states.emplace_back(aggregate.calls, columns);
  }
  Rows out;
  for (std::size_t i = 0; i < states.size(); ++i) {
    Row row = groups.key(i);
    states[i].append_to(row);
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace kql
