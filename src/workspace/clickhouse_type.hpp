// SPDX-License-Identifier: Apache-2.0
// ClickHouse's type names as they stand in the head of an answer: "LowCardinality(Nullable(String))".
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "model/table_schema.hpp"

namespace workspace {

// How one value lies in RowBinary; numbers are little-endian.
enum class WireForm {
  boolean, int8, int16, int32, int64, uint8, uint16, uint32, uint64, float32, float64,
  string,        // a varint length and bytes
  fixed_string,  // `width` bytes
  date,          // days since 1970, 16 bits
  date32,        // days since 1970, 32 bits
  datetime,      // seconds since 1970, 32 bits
  datetime64,    // 10^-scale seconds since 1970, 64 bits
  uuid,          // two halves of 64 bits, the first ones first
  decimal32, decimal64, decimal128,  // times 10^scale
  nothing,       // no bytes; always null
};

struct WireType {
  WireForm form = WireForm::string;
  bool nullable = false;  // a byte stands in front: 1 is null, and no value follows
  unsigned scale = 0;     // of datetime64 and decimals
  unsigned width = 0;     // of fixed_string
  model::ColumnType column = model::ColumnType::string;
};

// Kind::unsupported for composed types (Array, Tuple, Map, JSON …), which the SQL has to turn into text.
base::Result<WireType> parse_clickhouse_type(std::string_view name);

// The type that a column of a table has: "Nullable(Int64)", "String", "DateTime64(7, 'UTC')" …
// `required`: no Nullable. Strings are never null in KQL, and a dynamic without a value is the empty text.
std::string_view clickhouse_type_of(model::ColumnType type, bool required, bool low_cardinality);

}  // namespace workspace
