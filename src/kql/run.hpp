// SPDX-License-Identifier: Apache-2.0
// A query from its text to its rows.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "kql/bind/binder.hpp"
#include "kql/evaluate/evaluator.hpp"

namespace kql {

struct QueryRows {
  struct Answer {
    std::string name;
    Table table;
  };
  std::vector<Answer> answers;  // at least one
  std::optional<Visualization> visualization;
};

// Kind::invalid_input with every diagnostic, a line each, where the query is wrong. `options.run` is set here.
base::Result<QueryRows> run_query(std::string_view query, BindOptions options, const RowSource& source, const RunLimits& limits = {});

// The diagnostics of a query as text, a line each.
std::string to_text(const std::vector<Diagnostic>& diagnostics, std::string_view query);

}  // namespace kql
