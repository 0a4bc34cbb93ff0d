// SPDX-License-Identifier: Apache-2.0
#include "kql/run.hpp"

namespace kql {

std::string to_text(const std::vector<Diagnostic>& diagnostics, std::string_view query) {
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics) out += (out.empty() ? "" : "\n") + to_text(diagnostic, query);
  return out;
}

base::Result<QueryRows> run_query(std::string_view query, BindOptions options, const RowSource& source, const RunLimits& limits) {
  Evaluator evaluator(source, limits);
  options.run = [&](const RelationPtr& relation) -> base::Result<Table> {
    auto rows = TRY(evaluator.run(*relation));
    return Table{relation->schema, std::move(rows)};
  };
  const Bound bound = bind_text(query, options);
  if (!bound.diagnostics.empty()) return base::fail(base::Kind::invalid_input, to_text(bound.diagnostics, query));
  if (bound.failure) return base::fail(*bound.failure);
  QueryRows out;
  out.visualization = bound.query.visualization;
  for (const BoundQuery::Answer& answer : bound.query.answers) {
    auto rows = TRY(evaluator.run(*answer.rows));
    out.answers.push_back({answer.name, {answer.rows->schema, std::move(rows)}});
  }
  return out;
}

}  // namespace kql
