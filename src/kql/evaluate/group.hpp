// SPDX-License-Identifier: Apache-2.0
// Rows by the values of their keys.
#pragma once

#include <unordered_map>
#include <vector>

#include "kql/evaluate/scalar.hpp"

namespace kql {

struct RowHash {
  const std::vector<Type>* types;
  std::size_t operator()(const Row& row) const {
    std::size_t out = 0;
    for (std::size_t i = 0; i < row.size(); ++i) out = out * 1'000'003 ^ hash((*types)[i], row[i]);
    return out;
  }
};
struct RowEqual {
  const std::vector<Type>* types;
  bool operator()(const Row& left, const Row& right) const {
    for (std::size_t i = 0; i < left.size(); ++i)
      if (!same((*types)[i], left[i], right[i])) return false;
    return true;
  }
};

// Numbers of the groups of rows, in the order in which their first rows come.
class Grouping {
 public:
  explicit Grouping(std::vector<Type> types) : types_(std::move(types)), numbers_(16, RowHash{&types_}, RowEqual{&types_}) {}
  Grouping(const Grouping&) = delete;
  Grouping& operator=(const Grouping&) = delete;

  std::size_t number_of(Row key) {
    const auto [at, added] = numbers_.emplace(std::move(key), keys_.size());
    if (added) keys_.push_back(&at->first);
    return at->second;
  }
  std::optional<std::size_t> find(const Row& key) const {
    const auto at = numbers_.find(key);
    return at == numbers_.end() ? std::nullopt : std::optional(at->second);
  }
  std::size_t size() const { return keys_.size(); }
  const Row& key(std::size_t number) const { return *keys_[number]; }

 private:
  std::vector<Type> types_;
  std::unordered_map<Row, std::size_t, RowHash, RowEqual> numbers_;
  std::vector<const Row*> keys_;
};

inline Row evaluate_all(const std::vector<ScalarPtr>& scalars, const Row& row, RowWindow* window = nullptr) {
  Row out;
  out.reserve(scalars.size());
  for (const ScalarPtr& scalar : scalars) out.push_back(evaluate(*scalar, row, window));
  return out;
}

inline std::vector<Type> types_of(const std::vector<ScalarPtr>& scalars) {
  std::vector<Type> out;
  for (const ScalarPtr& scalar : scalars) out.push_back(scalar->type);
  return out;
}

}  // namespace kql
