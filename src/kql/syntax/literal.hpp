// SPDX-License-Identifier: Apache-2.0
// A value as it stands in the text of a query.
#pragma once

#include <cstdint>
#include <string>

#include "kql/type.hpp"

namespace kql {

// A string is never null.
struct Literal {
  Type type = Type::int64;
  bool is_null = false;
  std::int64_t integer = 0;  // bool (0, 1), int, long; datetime: ticks of 100 ns since 0001-01-01; timespan: ticks
  double real = 0;
  std::string text;          // string; guid in lower case with hyphens; decimal as written; dynamic as JSON text
};

}  // namespace kql
