// SPDX-License-Identifier: Apache-2.0
// The text of a query as tokens (Kql.g4 of the language's own grammar names them).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kql/syntax/source.hpp"
#include "kql/syntax/literal.hpp"

namespace kql {

enum class TokenKind {
  end,
  name,         // identifiers and keywords alike: which it is depends on where it stands
  literal,      // a number, a string, or one with its type in front: datetime(…), dynamic(…)
  symbol        // an operator or punctuation: "==", "!in~", "["; `text` is it
};

struct Token {
  TokenKind kind = TokenKind::end;
  Span span;
  std::string text;  // name, symbol; empty for a literal
  Literal value;       // of a literal
};

constexpr std::size_t kMostTokens = 200'000;  // of a query; of a longer one there are these and `end`

// Never fails: what cannot be read is a diagnostic and left out. The last token is `end`. Comments are skipped.
std::vector<Token> tokenize(std::string_view query, std::vector<Diagnostic>& diagnostics);

}  // namespace kql
