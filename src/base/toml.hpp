// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/json.hpp"

namespace base {

// Parses a TOML 1.0 document. Dates and times become strings as TOML writes them, infinities and NaN null.
// Values are at most 64 levels deep and dotted keys have at most 32 parts (Kind::too_large past either where it is
// told apart, else Kind::invalid_input). `what` names the document in errors, which carry line and column.
Result<Json> parse_toml(std::string_view text, std::string_view what);

}  // namespace base
