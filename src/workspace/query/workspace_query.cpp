// SPDX-License-Identifier: Apache-2.0
#include "workspace/query/workspace_query.hpp"

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <set>

#include "base/memory.hpp"
#include "kql/plan/plan_size.hpp"
#include "kql/run.hpp"
#include "workspace/query/query_tables.hpp"
#include "workspace/query/sql_rows.hpp"
#include "workspace/query/value_rows.hpp"
#include "workspace/running_by_id.hpp"

namespace workspace {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kMostDiagnostics = 50;
constexpr std::uint64_t kMostSteps = 20'000;
constexpr std::uint64_t kMostCells = 20'000'000;  // half a million rows of forty columns: some gigabytes where a query holds two such tables

std::int64_t ticks_of_the_clock() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return model::kTicksAtUnixEpoch + std::chrono::duration_cast<std::chrono::duration<std::int64_t, std::ratio<1, 10'000'000>>>(since).count();
}

TextPosition position_at(std::string_view query, std::uint32_t offset) {
  const kql::Position position = kql::position_of(query, offset);
  return {position.line, position.column};
}

std::vector<QueryDiagnostic> diagnostics_of(const std::vector<kql::Diagnostic>& found, std::string_view query, QueryDiagnostic::Kind kind) {
  std::vector<QueryDiagnostic> out;
  for (const kql::Diagnostic& one : found) {
    if (out.size() == kMostDiagnostics) break;
    const std::string_view token = query.substr(std::min<std::size_t>(one.span.begin, query.size()), one.span.end - one.span.begin);
    out.push_back({kind, position_at(query, one.span.begin), position_at(query, one.span.end), one.message, one.suggestion, std::string(token)});
  }
  return out;
}

void add_table_names(const kql::Relation& relation, std::set<std::string>& names) {
  std::visit([&](const auto& node) {
    if constexpr (requires { node.table; }) names.insert(node.table);
    if constexpr (requires { node.left; }) {
      add_table_names(*node.left, names);
      add_table_names(*node.right, names);
    }
    if constexpr (requires { node.inputs; })
      for (const auto& input : node.inputs) add_table_names(*input, names);
    if constexpr (requires { node.input; }) add_table_names(*node.input, names);
    if constexpr (requires { node.subplan; }) add_table_names(*node.subplan, names);
    if constexpr (requires { node.second; })
      if (node.second != nullptr) add_table_names(*node.second, names);
  }, relation.node);
}

// Whether each query that runs was cancelled.
using CancelFlags = RunningById<std::atomic<bool>>;

// One query from its plan to its rows.
class Run {
 public:
  Run(SqlEngine& engine, const QueryTables& tables, const QueryRequest& request, const std::atomic<bool>& cancelled)
      : request_(request), tables_(tables), cancelled_(cancelled), deadline_(Clock::now() + request.limits.time),
        sql_(engine, {tables.sql_names(), {}, request.id, request.limits, false, kMostCells / 5, run_limits()}), evaluator_(source(), run_limits(), pieces()) {}

  base::Result<kql::Table> rows(const kql::RelationPtr& relation) {
    return evaluated(relation->schema, *TRY(begin(relation)));
  }

  base::Result<model::ValueTable> answer(const kql::RelationPtr& relation, std::optional<base::Error>& partial) {
    const kql::RelationPtr plan = TRY(begin(relation));
    const QueryLimits& limits = request_.limits;
    auto whole = TRY(sql_.answer(*plan, limits.result_rows + 1));
    const kql::Relation first{relation->schema, kql::LimitRows{plan, limits.result_rows + 1}, plan->serialized};
    auto rows = whole ? kql::Table() : evaluated(relation->schema, first);
    if (!rows && rows.error().kind == base::Kind::too_large && sql_.is_padded(*plan)) {  // more than fits in memory here
      sql_.take_padded();
      whole = TRY(sql_.answer(*plan, limits.result_rows + 1));
    }
    model::ValueTable table = whole ? std::move(*whole) : value_table_of(TRY(std::move(rows)));
    CutTable cut = cut_table(std::move(table), limits.result_rows, limits.result_bytes);
    if (!cut.all_fit)
      partial = base::Error{base::Kind::too_large, fmt::format("the answer has more than {} rows or {} MiB; the rows behind those are not shown: summarize, or take fewer",
                                                               limits.result_rows, limits.result_bytes >> 20)};
    return std::move(cut.table);
  }

  // Why it failed, in the words of its caller: what a deadline ended is no matter of size.
  base::Error failure(base::Error error) const {
    if (cancelled_.load()) return {base::Kind::cancelled, "the query was cancelled"};
    if (Clock::now() >= deadline_)
      return {base::Kind::unavailable, fmt::format("the query took longer than {} s; filter by time or summarize earlier", request_.limits.time.count() / 1000)};
    return error;
  }
  const QueryStatistics& statistics() const { return sql_.statistics(); }
  std::vector<QueryOutcome::Source> sources() const { return tables_.sources(named_); }

 private:
  base::Result<kql::Table> evaluated(const kql::Schema& schema, const kql::Relation& plan) {
    auto rows = TRY(evaluator_.run(plan));
    return kql::Table{schema, std::move(rows)};
  }
  kql::RowSource source() {
    return [this](const kql::Relation& relation) -> base::Result<std::optional<kql::Rows>> {
      if (cancelled_.load()) return base::fail(base::Kind::cancelled, "the query was cancelled");
      return sql_.rows(relation);
    };
  }
  kql::PieceSource pieces() {
    return [this](const kql::Relation& relation, const kql::RowSink& sink) -> base::Result<bool> {
      if (cancelled_.load()) return base::fail(base::Kind::cancelled, "the query was cancelled");
      return sql_.pieces(relation, sink);
    };
  }
  kql::RunLimits run_limits() const {
    kql::RunLimits out;
    out.cells = kMostCells;
    out.deadline = deadline_;
    out.cancelled = &cancelled_;
    out.memory_left = [] { return base::memory_left(); };
    return out;
  }
  base::Result<kql::RelationPtr> begin(const kql::RelationPtr& relation) {
    if (kql::written_out_size(*relation) > kMostSteps)
      return base::fail(base::Kind::too_large, fmt::format("the query has more than {} steps where its let statements are written out; what is used often can be put into materialize()", kMostSteps));
    plans_.push_back(kql::push_down(relation));
    add_table_names(*relation, named_);
    sql_.begin(*plans_.back());
    sql_.allow(tables_.allowed());  // again: a table of another workspace is known once it is bound
    return plans_.back();
  }

  const QueryRequest& request_;
  const QueryTables& tables_;
  const std::atomic<bool>& cancelled_;
  const Clock::time_point deadline_;
  SqlRows sql_;
  kql::Evaluator evaluator_;
  std::set<std::string> named_;
  std::vector<kql::RelationPtr> plans_;  // what the evaluator keeps of one, it keeps by its address
};

class WorkspaceQuery final : public QueryService {
 public:
  WorkspaceQuery(SqlEngine& engine, WorkspaceQueryOptions options) : engine_(engine), options_(std::move(options)) {}

  tl::expected<QueryOutcome, QueryFailure> run(const QueryRequest& request) override;
  base::Result<std::vector<QueryDiagnostic>> check(const QueryRequest& request) override;
  base::Result<void> cancel(std::string_view query_id) override {
    running_.each(query_id, [](std::atomic<bool>& cancelled) { cancelled = true; });
    return engine_.cancel(query_id);
  }
  base::Result<std::vector<model::TableSchema>> schema(const WorkspaceRef& workspace) override {
    std::vector<model::TableSchema> out;
    for (const auto& table : options_.tables(workspace.id)) out.push_back(table->schema);
    std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    return out;
  }

 private:
  kql::BindOptions bind_options(const QueryRequest& request, QueryTables& tables) const;
  base::Result<QueryOutcome> answered(const kql::BoundQuery& query, Run& run) const;

  SqlEngine& engine_;
  const WorkspaceQueryOptions options_;
  CancelFlags running_;
};

kql::BindOptions WorkspaceQuery::bind_options(const QueryRequest& request, QueryTables& tables) const {
  kql::BindOptions out;
  out.names = tables.names();
  out.now = options_.now ? options_.now() : ticks_of_the_clock();
  out.time_column = std::string(kTimeColumn);
  if (request.timespan) out.time_range = kql::TimeRange{request.timespan->begin, request.timespan->end + 1};
  return out;
}

QueryFailure failure_of(std::vector<QueryDiagnostic> diagnostics, const std::vector<kql::Diagnostic>& found, std::string_view query) {
  return {{base::Kind::invalid_input, kql::to_text(found, query)}, std::move(diagnostics)};
}

base::Result<QueryOutcome> WorkspaceQuery::answered(const kql::BoundQuery& query, Run& run) const {
  QueryOutcome out;
  for (const kql::BoundQuery::Answer& answer : query.answers) {
    auto table = TRY(run.answer(answer.rows, out.partial));
    out.tables.push_back({answer.name, std::move(table)});
  }
  if (query.visualization) {
    out.render = Render{query.visualization->kind, {}};
    for (const auto& [name, value] : query.visualization->properties) out.render->properties[name] = value;
  }
  out.statistics = run.statistics();
  out.sources = run.sources();
  return out;
}

tl::expected<QueryOutcome, QueryFailure> WorkspaceQuery::run(const QueryRequest& request) {
  const Clock::time_point start = Clock::now();
  QueryTables tables(request, options_);
  const CancelFlags::Entry entry(running_, request.id, false);
  const kql::Parsed parsed = kql::parse(request.text);
  if (!parsed.diagnostics.empty())
    return tl::unexpected(failure_of(diagnostics_of(parsed.diagnostics, request.text, QueryDiagnostic::Kind::syntax), parsed.diagnostics, request.text));
  Run run(engine_, tables, request, entry.value());
  kql::BindOptions options = bind_options(request, tables);
  options.run = [&](const kql::RelationPtr& relation) { return run.rows(relation); };
  const kql::Bound bound = kql::bind(parsed.tree, request.text, options);
  if (bound.failure) return tl::unexpected(QueryFailure{run.failure(*bound.failure), {}});
  if (!bound.diagnostics.empty())
    return tl::unexpected(failure_of(diagnostics_of(bound.diagnostics, request.text, QueryDiagnostic::Kind::semantic), bound.diagnostics, request.text));
  auto outcome = answered(bound.query, run);
  if (!outcome) return tl::unexpected(QueryFailure{run.failure(std::move(outcome.error())), {}});
  outcome->statistics.elapsed = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start);
  return std::move(*outcome);
}

base::Result<std::vector<QueryDiagnostic>> WorkspaceQuery::check(const QueryRequest& request) {
  QueryTables tables(request, options_);
  const kql::Parsed parsed = kql::parse(request.text);
  if (!parsed.diagnostics.empty()) return diagnostics_of(parsed.diagnostics, request.text, QueryDiagnostic::Kind::syntax);
  const kql::Bound bound = kql::bind(parsed.tree, request.text, bind_options(request, tables));
  return diagnostics_of(bound.diagnostics, request.text, QueryDiagnostic::Kind::semantic);
}

}  // namespace

std::unique_ptr<QueryService> make_query_service(SqlEngine& engine, WorkspaceQueryOptions options) {
  return std::make_unique<WorkspaceQuery>(engine, std::move(options));
}

}  // namespace workspace
