// SPDX-License-Identifier: Apache-2.0
// The result of the …_lookup plugins: the input's columns, then those of the second table.
#pragma once

#include <vector>

#include "kql/functions/plugin.hpp"

namespace kql {

class LookupRows {
 public:
  // `left_out`: columns of the second table that are not taken over.
  LookupRows(const PluginCall& call, const std::vector<std::size_t>& left_out, bool keeps_unmatched);
  // A row for each partner in the second table; without one, none, or one with nothing in those columns.
  base::Result<void> add(const Row& row, const std::vector<std::size_t>& partners);
  Table take() { return std::move(out_); }

 private:
  const Table& second_;
  std::vector<std::size_t> columns_;
  bool keeps_unmatched_;
  Table out_;
};

}  // namespace kql
