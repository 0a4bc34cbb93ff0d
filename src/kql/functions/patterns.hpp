// SPDX-License-Identifier: Apache-2.0
// Frequent patterns of a table: values of some of its columns that many rows have together (Zaki 2000, "Scalable
// algorithms for association mining": depth first, with the rows of each pattern).
#pragma once

#include <cstdint>
#include <vector>

#include "kql/value.hpp"

namespace kql {

struct Pattern {
  std::vector<std::pair<std::size_t, Value>> values;  // column and value, by column
  std::vector<std::uint32_t> rows;
};

struct PatternLimits {
  std::vector<std::size_t> columns;  // that may stand in a pattern
  std::vector<double> weights;       // of each row
  double least_weight = 0;
  std::size_t most_columns = 5;
};

// Closed patterns alone: where more values hold for the very same rows, those belong to it. At most some thousands of
// patterns are looked at, those of the most frequent values first.
std::vector<Pattern> find_patterns(const Table& table, const PatternLimits& limits);

double weight_of(const std::vector<std::uint32_t>& rows, const std::vector<double>& weights);

}  // namespace kql
