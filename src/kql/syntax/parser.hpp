// SPDX-License-Identifier: Apache-2.0
// The syntax tree of a query's text, and everything that is wrong with the text.
#pragma once

#include <string_view>
#include <vector>

#include "kql/syntax/source.hpp"
#include "kql/syntax/syntax.hpp"

namespace kql {

struct Parsed {
  Tree tree;                             // as much as could be read
  std::vector<Diagnostic> diagnostics;   // empty: the text is sound; ordered by place; at most kMostDiagnostics
};

constexpr std::size_t kLongestQuery = 1 << 20;     // bytes
constexpr std::size_t kMostDiagnostics = 50;
constexpr int kDeepestNesting = 200;               // of brackets, calls and subqueries

Parsed parse(std::string_view query);

}  // namespace kql
