// SPDX-License-Identifier: Apache-2.0
// Answers in ClickHouse's format RowBinaryWithNamesAndTypes: a varint count of columns, their names, their types, then the
// values, row by row. Of the binary formats it is the one that keeps names and types when there is no row (Native writes
// nothing at all then) and that writes low-cardinality columns like any other; for 500,000 rows of ten columns the engine
// takes as long for it as for Native, within its noise, and a third of what JSON takes.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "model/value_table.hpp"

namespace workspace {

// Kind::corrupt where the bytes end too early; Kind::unsupported for columns of composed types.
base::Result<model::ValueTable> read_row_binary(std::string_view bytes);

}  // namespace workspace
