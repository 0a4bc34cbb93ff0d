// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.hpp"

namespace workspace {

// Numbers of ClickHouse's errors that are told apart (src/Common/ErrorCodes.cpp of ClickHouse).
enum class ClickHouseCode : int {
  none = 0,  // no error of ClickHouse's
  unknown_table = 60,
  timeout_exceeded = 159,
  too_slow = 160,
  readonly = 164,
  memory_limit_exceeded = 241,
  not_enough_space = 243,
  query_was_cancelled = 394,
  too_many_rows_or_bytes = 396,
};

// From what the engine writes: "Code: 60. DB::Exception: Unknown table … (UNKNOWN_TABLE)".
base::Error clickhouse_error(std::string_view text);

// The number of an error made by clickhouse_error, whatever stands in front of it.
ClickHouseCode clickhouse_code(const base::Error& error);

}  // namespace workspace
