// SPDX-License-Identifier: Apache-2.0
// The result of the …_lookup plugins: the input's columns, then those of the second table, or the other way round.
#pragma once

#include <vector>

#include "kql/functions/plugin.hpp"

namespace kql {

class LookupRows {
 public:
  enum class Order { input_first, second_first };
  // `left_out`: columns of the second table that are not taken over.
  LookupRows(const PluginCall& call, const std::vector<std::size_t>& left_out, bool keeps_unmatched, Order order = Order::input_first);
  // A row for each partner in the second table; without one, none, or one with nothing in those columns.
  base::Result<void> add(const Row& row, const std::vector<std::size_t>& partners);
  Table take() { return std::move(out_); }

 private:
  void add_columns(const Schema& schema);
  void add_row(const Row& row, const Row& found);

  const Table& second_;
  std::vector<std::size_t> columns_;
  bool keeps_unmatched_;
  Order order_;
  Table out_;
};

}  // namespace kql
