// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/json.hpp"

namespace base {

// Parses a TOML 1.0 document (toml.io/en/v1.0.0). Dates and times become strings as they are written, infinities and
// NaN null. Written for reading, not for checking: tables that are defined twice are joined, line feeds and a last comma
// are allowed in inline tables (as TOML 1.1 does), the fields of dates are not checked. At most 64 levels deep, dotted
// keys counted (Kind::too_large). `what` names the document in errors, which carry the line.
Result<Json> parse_toml(std::string_view text, std::string_view what);

}  // namespace base
