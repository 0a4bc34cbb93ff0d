// SPDX-License-Identifier: Apache-2.0
// Joins by hash: null is equal to null as a key.
#include "kql/evaluate/evaluator.hpp"
#include "kql/evaluate/group.hpp"

namespace kql {

namespace {

// Numbers of the rows of each key.
struct KeyedRows {
  explicit KeyedRows(std::vector<Type> types) : groups(std::move(types)) {}
  Grouping groups;
  std::vector<std::vector<std::size_t>> rows;
  std::vector<std::size_t> group_of;

  void add(Row key, std::size_t row) {
    const std::size_t group = groups.number_of(std::move(key));
    if (group == rows.size()) rows.emplace_back();
    rows[group].push_back(row);
    group_of.push_back(group);
  }
};

std::vector<ScalarPtr> side(const JoinRows& join, bool left) {
  std::vector<ScalarPtr> out;
  for (const auto& [l, r] : join.keys) out.push_back(left ? l : r);
  return out;
}

Row missing_row(const Schema& schema) {
  Row out;
  for (const Column& column : schema) out.push_back(missing(column.type));
  return out;
}

Row joined(const JoinRows& join, const Row& left, const Row& right) {
  Row out = left;
  for (const std::size_t column : join.right_columns) out.push_back(right[column]);
  return out;
}

bool keeps_left_alone(JoinKind kind) { return kind == JoinKind::left_outer || kind == JoinKind::full_outer; }
bool keeps_right_alone(JoinKind kind) { return kind == JoinKind::right_outer || kind == JoinKind::full_outer; }

// The rows of one side that have a partner, or have none.
Rows having_partner(Rows rows, const KeyedRows& own, const KeyedRows& other, bool wanted) {
  Rows out;
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (other.groups.find(own.groups.key(own.group_of[i])).has_value() == wanted) out.push_back(std::move(rows[i]));
  return out;
}

}  // namespace

base::Result<Rows> Evaluator::rows_of(const JoinRows& join, const Schema& schema) {
  Rows left = TRY(run(*join.left));
  Rows right = TRY(run(*join.right));
  const std::vector<ScalarPtr> left_keys = side(join, true), right_keys = side(join, false);
  KeyedRows lefts(types_of(left_keys)), rights(types_of(right_keys));
  for (std::size_t i = 0; i < left.size(); ++i) lefts.add(evaluate_all(left_keys, left[i]), i);
  for (std::size_t i = 0; i < right.size(); ++i) rights.add(evaluate_all(right_keys, right[i]), i);
  switch (join.kind) {
    case JoinKind::left_semi:
    case JoinKind::left_anti: return having_partner(std::move(left), lefts, rights, join.kind == JoinKind::left_semi);
    case JoinKind::right_semi:
    case JoinKind::right_anti: return having_partner(std::move(right), rights, lefts, join.kind == JoinKind::right_semi);
    default: break;
  }
  Rows out;
  for (std::size_t i = 0; i < left.size(); ++i) {
    const std::size_t group = lefts.group_of[i];
    if (join.kind == JoinKind::inner_unique && lefts.rows[group].front() != i) continue;
    const auto partners = rights.groups.find(lefts.groups.key(group));
    if (!partners && keeps_left_alone(join.kind)) out.push_back(joined(join, left[i], missing_row(join.right->schema)));
    if (!partners) continue;
    for (const std::size_t partner : rights.rows[*partners]) {
      TRY(check(out.size(), schema));
      out.push_back(joined(join, left[i], right[partner]));
    }
  }
  if (!keeps_right_alone(join.kind)) return out;
  for (std::size_t i = 0; i < right.size(); ++i)
    if (!lefts.groups.find(rights.groups.key(rights.group_of[i]))) out.push_back(joined(join, missing_row(join.left->schema), right[i]));
  return out;
}

}  // namespace kql
