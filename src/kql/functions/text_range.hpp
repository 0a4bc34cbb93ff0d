// SPDX-License-Identifier: Apache-2.0
// The part of a text that indexof() and indexof_regex() look at: (text, match, start?, length?, occurrence?).
#pragma once

#include <optional>

#include "kql/functions/function.hpp"

namespace kql {

struct TextRange {
  std::size_t begin = 0;  // byte
  std::int64_t length = -1;  // code points; -1: as far as the end
  std::int64_t occurrence = 1;

  // Where a search that begins at a byte ends: each further occurrence is looked for in as many code points again.
  std::size_t end_of(std::string_view text, std::size_t from) const;
};

// Nothing where the arguments make no range. A negative start counts from the end where `from_end` says so.
std::optional<TextRange> text_range(std::string_view text, const Arguments& arguments, bool from_end);

}  // namespace kql
