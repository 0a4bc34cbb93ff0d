// SPDX-License-Identifier: Apache-2.0
// Between rows of values, on which queries are computed, and columns, in which answers are held.
#pragma once

#include <vector>

#include "kql/value.hpp"
#include "model/value_table.hpp"

namespace workspace {

// Rows of the schema out of an answer of the engine's whose columns are those of these numbers; the others have no value.
kql::Rows rows_of_answer(const model::ValueTable& answer, const kql::Schema& schema, const std::vector<std::size_t>& columns);

// The answer with the names and types of the schema, where its columns are all of the schema's, in order.
model::ValueTable with_schema(model::ValueTable answer, const kql::Schema& schema);

model::ValueTable value_table_of(const kql::Table& table);

// The first rows, as many as fit: `rows` of them, and `bytes` of their values (8 for a number, a text's own).
struct CutTable {
  model::ValueTable table;
  bool all_fit = true;
};
CutTable cut_table(model::ValueTable table, std::uint64_t rows, std::uint64_t bytes);

}  // namespace workspace
