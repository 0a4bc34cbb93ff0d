// SPDX-License-Identifier: Apache-2.0
// From the syntax tree to the bound plan: names get their meaning, expressions their types.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "kql/plan/plan.hpp"
#include "kql/syntax/parser.hpp"

namespace kql {

// What a query finds when it begins.
struct Names {
  std::function<const model::TableSchema*(std::string_view name)> table;           // null where there is none
  std::vector<std::string> tables;                                                 // all names, for `union *` and suggestions
  std::function<std::optional<std::string>(std::string_view name)> function;       // "(a:long) { … }", a stored function's text
  // workspace("…").Table: the error says what is not there. Empty: one workspace is all there is.
  std::function<base::Result<const model::TableSchema*>(std::string_view workspace, std::string_view name)> table_elsewhere;
};

struct TimeRange {
  std::int64_t begin = 0, end = 0;  // ticks; begin <= TimeGenerated < end
};

struct BindOptions {
  Names names;
  std::int64_t now = 0;                // ticks: one value for the whole query
  std::optional<TimeRange> time_range;  // of every stored table that has the time column
  std::string time_column = "TimeGenerated";
  std::string principal, database;  // what current_principal() and current_database() give
  std::vector<std::pair<std::string, Literal>> parameters;  // values for `declare query_parameters`
  // Computes a part of the query that the rest of it depends on: toscalar(), pivot. Absent where a query is only checked:
  // then such a part is null, or has the columns that are known.
  std::function<base::Result<Table>(const RelationPtr&)> run;
};

struct Bound {
  BoundQuery query;
  std::vector<Diagnostic> diagnostics;  // errors, ordered by place; with any, the query has no answers
  std::optional<base::Error> failure;   // of `run`
  bool open_schema = false;             // checked without `run`, and columns may come that are not known yet
};

constexpr int kDeepestFunctions = 32;       // of functions that call functions
constexpr std::size_t kMostRelations = 20'000;
constexpr std::size_t kMostColumns = 1'500'000;  // of all steps together: each has those of the one before it
constexpr std::size_t kMostExpressions = 300'000;  // with functions written out, which can double them at each level

Bound bind(const Tree& tree, std::string_view query, const BindOptions& options);

// Parses and binds.
Bound bind_text(std::string_view query, const BindOptions& options);

}  // namespace kql
