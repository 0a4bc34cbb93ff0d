// SPDX-License-Identifier: Apache-2.0
// Places in the text of a query, and what is wrong there.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kql {

// Bytes [begin, end) of the query's text.
struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

// Counted from 1; columns in Unicode code points, as editors count.
struct Position {
  int line = 1;
  int column = 1;
};

struct Diagnostic {
  Span span;
  std::string message;     // names what is wrong: "'summarise' is not a query operator"
  std::string suggestion;  // what to write instead; empty where there is no good guess
};

// A message or a suggestion that quotes much of the query, cut in its middle.
std::string shortened(std::string text);

// The name of `names` nearest to a misspelt one; empty where none is near.
std::string nearest_name(std::string_view name, const std::vector<std::string>& names);

Position position_of(std::string_view query, std::uint32_t offset);

// "line 3, column 8: 'summarise' is not a query operator; did you mean 'summarize'?", with the offending text safe to print.
std::string to_text(const Diagnostic& diagnostic, std::string_view query);

}  // namespace kql
