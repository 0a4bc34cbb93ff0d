// SPDX-License-Identifier: Apache-2.0
// RE2 patterns, compiled once a thread for as long as they are in use.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace re2 {
class RE2;
}

namespace kql {

// Null where the pattern is none; check_regex says why.
const re2::RE2* compiled_regex(std::string_view pattern);
base::Result<void> check_regex(std::string_view pattern);

std::string quote_regex(std::string_view text);  // a pattern that matches this text

}  // namespace kql
