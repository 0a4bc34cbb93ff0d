// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>

#include "model/table_schema.hpp"

inline void require(bool holds) {
  if (!holds) std::abort();
}

// The table T that queries may ask: a column of each type.
inline const model::TableSchema& schema() {
  using Type = model::ColumnType;
  static const model::TableSchema kSchema{"T", "", {{"TimeGenerated", Type::datetime, ""}, {"s", Type::string, ""}, {"m", Type::string, ""}, {"l", Type::int64, ""}, {"i", Type::int32, ""},
                                                    {"r", Type::real, ""}, {"b", Type::boolean, ""}, {"p", Type::timespan, ""}, {"g", Type::guid, ""}, {"d", Type::dynamic, ""}}};
  return kSchema;
}
