// SPDX-License-Identifier: Apache-2.0
// Tokens of the part of ClickHouse's SQL that is written here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace kql {

struct SqlToken {
  enum class Kind { word, number, text, quoted_name, sign, end } kind = Kind::end;
  std::string_view text;  // as it stands there; of a sign one of ( ) [ ] , . + - * / < <= > >= = != <=> ->
  std::size_t at = 0;     // byte
};

// Kind::internal for everything that is none of them: comments, ';', bytes of 0x80 and above outside of quotes …
base::Result<std::vector<SqlToken>> sql_tokens(std::string_view sql);

// The name between back quotes.
std::string unquoted_name(std::string_view token);

}  // namespace kql
