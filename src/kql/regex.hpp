// SPDX-License-Identifier: Apache-2.0
// Regular expressions as KQL writes them (data-explorer/kusto/query/regex): RE2's, but \d, \w and \s know all of Unicode,
// and a group's name may be written (?<name>…). Compiled once a thread for as long as they are in use.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace re2 {
class RE2;
}

namespace kql {

// The pattern compiled for a text: where it is ASCII alone, with the classes of ASCII, which are quicker. Null where the
// pattern is none; check_regex says why.
const re2::RE2* compiled_regex(std::string_view pattern, std::string_view text);
const re2::RE2* compiled_regex(std::string_view pattern);  // for every text
base::Result<void> check_regex(std::string_view pattern);

// The pattern in RE2's own words.
std::string re2_pattern(std::string_view pattern, bool unicode);

std::string quote_regex(std::string_view text);  // a pattern that matches this text

}  // namespace kql
