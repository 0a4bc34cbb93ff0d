// SPDX-License-Identifier: Apache-2.0
// Comma-separated values as RFC 4180 has them.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace base {

// Calls `take` with the fields of each record, from the first on; it answers whether to go on. A field in quotes may hold
// separators, quotes (doubled) and line ends. Empty lines are skipped. Kind::invalid_input, with the line, where a quoted
// field does not end, or text stands behind its end.
Result<void> read_csv(std::string_view text, char separator, const std::function<bool(const std::vector<std::string>& fields)>& take);

// A field as it stands in a record: in quotes where it needs them.
std::string csv_field(std::string_view text, char separator = ',');

}  // namespace base
