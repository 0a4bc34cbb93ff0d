// SPDX-License-Identifier: Apache-2.0
#include "workspace/query/workspace_query.hpp"

#include <fmt/format.h>

#include "kql/bind/binder.hpp"
#include "kql/evaluate/evaluator.hpp"
#include "kql/time.hpp"
#include "workspace/query/query_tables.hpp"
#include "workspace/query/sql_rows.hpp"
#include "workspace/query/value_rows.hpp"

namespace workspace {

namespace {

QueryDiagnostic diagnostic_of(const kql::Diagnostic& found, std::string_view query, QueryDiagnostic::Kind kind) {
  const auto place = [&](std::uint32_t offset) {
    const kql::Position position = kql::position_of(query, offset);
    return TextPosition{position.line, position.column};
  };
  return {kind, place(found.span.begin), place(found.span.end), found.message, found.suggestion,
          std::string(query.substr(found.span.begin, found.span.end - found.span.begin))};
}

struct ReadQuery {
  kql::Parsed parsed;
  std::vector<QueryDiagnostic> diagnostics;
};

ReadQuery read(const std::string& text) {
  ReadQuery out{kql::parse(text), {}};
  for (const kql::Diagnostic& found : out.parsed.diagnostics) out.diagnostics.push_back(diagnostic_of(found, text, QueryDiagnostic::Kind::syntax));
  return out;
}

std::vector<QueryDiagnostic> semantic_faults(const kql::Bound& bound, const std::string& text) {
  std::vector<QueryDiagnostic> out;
  for (const kql::Diagnostic& found : bound.diagnostics) out.push_back(diagnostic_of(found, text, QueryDiagnostic::Kind::semantic));
  return out;
}

tl::unexpected<QueryFailure> refused(std::vector<QueryDiagnostic> diagnostics) {
  std::string message = diagnostics.front().message;
  return tl::make_unexpected(QueryFailure{{base::Kind::invalid_input, std::move(message)}, std::move(diagnostics)});
}

kql::BindOptions bind_options(const QueryRequest& request, const QueryTables& tables) {
  kql::BindOptions out;
  out.names = tables.names(request);
  out.now = kql::ticks_now();
  if (request.timespan) out.time_range = kql::TimeRange{request.timespan->begin, request.timespan->end + 1};
  return out;
}

std::optional<Render> render_of(const kql::BoundQuery& query) {
  if (!query.visualization) return std::nullopt;
  Render out{query.visualization->kind, {}};
  for (const auto& [name, value] : query.visualization->properties) out.properties[name] = value;
  return out;
}

// One query's rows: of the engine where it has them.
class Execution {
 public:
  Execution(SqlEngine& engine, const QueryRequest& request, const QueryTables& tables, const std::atomic<bool>& cancelled)
      : limits_(request.limits),
        rows_(engine, {tables.sql_names(), tables.readable(), request.id, request.limits, false}),
        evaluator_([this](const kql::Relation& relation) { return rows_.rows(relation); },
                   {kql::RunLimits().cells, std::chrono::steady_clock::now() + request.limits.time, &cancelled}) {}

  base::Result<kql::Table> table(const kql::RelationPtr& relation) {
    const kql::RelationPtr root = kql::push_down(relation);
    keep(root);
    return kql::Table{relation->schema, TRY(evaluator_.run(*root))};
  }

  base::Result<model::ValueTable> answer(const kql::RelationPtr& relation) {
    const kql::RelationPtr root = kql::push_down(relation);
    keep(root);
    if (auto whole = TRY(rows_.answer(*root, limits_.result_rows + 1))) return std::move(*whole);
    return value_table_of({relation->schema, TRY(evaluator_.run(*root))});
  }

  const QueryStatistics& statistics() const { return rows_.statistics(); }

 private:
  // What is remembered of relations is remembered by their addresses.
  void keep(const kql::RelationPtr& root) {
    kept_.push_back(root);
    rows_.begin(*root);
  }

  const QueryLimits limits_;
  SqlRows rows_;
  kql::Evaluator evaluator_;
  std::vector<kql::RelationPtr> kept_;
};

base::Error too_much(const QueryLimits& limits) {
  return {base::Kind::too_large, fmt::format("The answer is cut off: it has more than {} rows or {} bytes. Take fewer columns, summarize, or ask of less time.",
                                             limits.result_rows, limits.result_bytes)};
}

}  // namespace

class WorkspaceQuery::Running {
 public:
  Running(WorkspaceQuery& queries, const std::string& id) : queries_(queries), flag_(std::make_shared<std::atomic<bool>>(false)) {
    const std::lock_guard lock(queries_.mutex_);
    at_ = queries_.running_.emplace(id, flag_);
  }
  ~Running() {
    const std::lock_guard lock(queries_.mutex_);
    queries_.running_.erase(at_);
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  const std::atomic<bool>& cancelled() const { return *flag_; }

 private:
  WorkspaceQuery& queries_;
  std::shared_ptr<std::atomic<bool>> flag_;
  decltype(WorkspaceQuery::running_)::iterator at_;
};

tl::expected<QueryOutcome, QueryFailure> WorkspaceQuery::run(const QueryRequest& request) {
  const auto begin = std::chrono::steady_clock::now();
  const Running running(*this, request.id);
  ReadQuery query = read(request.text);
  if (!query.diagnostics.empty()) return refused(std::move(query.diagnostics));
  const QueryTables tables(request, catalog_);
  Execution execution(engine_, request, tables, running.cancelled());
  kql::BindOptions options = bind_options(request, tables);
  options.run = [&](const kql::RelationPtr& relation) { return execution.table(relation); };
  const kql::Bound bound = kql::bind(query.parsed.tree, request.text, options);
  if (!bound.diagnostics.empty()) return refused(semantic_faults(bound, request.text));
  if (bound.failure) return tl::make_unexpected(QueryFailure{*bound.failure, {}});
  QueryOutcome out;
  out.render = render_of(bound.query);
  for (const kql::BoundQuery::Answer& answer : bound.query.answers) {
    auto rows = execution.answer(answer.rows);
    if (!rows) return tl::make_unexpected(QueryFailure{std::move(rows.error()), {}});
    CutTable cut = cut_table(std::move(*rows), request.limits.result_rows, request.limits.result_bytes);
    if (!cut.all_fit) out.partial = too_much(request.limits);
    out.tables.push_back({answer.name, std::move(cut.table)});
  }
  out.statistics = execution.statistics();
  out.statistics.elapsed = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin);
  return out;
}

base::Result<std::vector<QueryDiagnostic>> WorkspaceQuery::check(const QueryRequest& request) {
  ReadQuery query = read(request.text);
  if (!query.diagnostics.empty()) return std::move(query.diagnostics);
  const QueryTables tables(request, catalog_);
  return semantic_faults(kql::bind(query.parsed.tree, request.text, bind_options(request, tables)), request.text);
}

base::Result<void> WorkspaceQuery::cancel(std::string_view query_id) {
  {
    const std::lock_guard lock(mutex_);
    const auto [first, last] = running_.equal_range(query_id);
    for (auto at = first; at != last; ++at) at->second->store(true);
  }
  return engine_.cancel(query_id);
}

base::Result<std::vector<model::TableSchema>> WorkspaceQuery::schema(const WorkspaceRef& workspace) {
  std::vector<model::TableSchema> out;
  for (const TableCatalog::Table& table : catalog_.all(workspace.id)) out.push_back(table->schema);
  return out;
}

}  // namespace workspace
