// SPDX-License-Identifier: Apache-2.0
#include "kql/functions/text_range.hpp"

#include <algorithm>

#include "kql/text_terms.hpp"

namespace kql {

std::size_t TextRange::end_of(std::string_view text, std::size_t from) const {
  if (length < 0 || from >= text.size()) return text.size();
  return from + byte_of_code_point(text.substr(from), static_cast<std::size_t>(length));
}

std::optional<TextRange> text_range(std::string_view text, const Arguments& arguments, bool from_end) {
  std::int64_t start = arguments.size() > 2 ? arguments.integer(2) : 0;
  TextRange range;
  if (arguments.size() > 3) range.length = arguments.integer(3);
  if (arguments.size() > 4) range.occurrence = arguments.integer(4);
  if (range.length < -1 || range.occurrence < 0 || (start < 0 && !from_end)) return std::nullopt;
  if (start < 0) start = std::max<std::int64_t>(0, start + static_cast<std::int64_t>(count_code_points(text)));
  range.begin = byte_of_code_point(text, static_cast<std::size_t>(start));
  return range;
}

}  // namespace kql
