// SPDX-License-Identifier: Apache-2.0
// Whatever the text: an answer, with places inside the text, in their order.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "kql/syntax/parser.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view query(reinterpret_cast<const char*>(data), size);
  const kql::Parsed parsed = kql::parse(query);
  std::uint32_t last = 0;
  for (const auto& diagnostic : parsed.diagnostics) {
    require(diagnostic.span.begin >= last && diagnostic.span.begin <= size && diagnostic.span.end <= size);
    require(!kql::to_text(diagnostic, query).empty());
    last = diagnostic.span.begin;
  }
  for (const auto& expression : parsed.tree.expressions) require(expression.span.begin <= expression.span.end && expression.span.end <= size);
  return 0;
}
