// SPDX-License-Identifier: Apache-2.0
// One query answered by the evaluator alone and with as much of it as can be by an engine.
#pragma once

#include <map>
#include <string>

#include "kql/run.hpp"
#include "workspace/query/query_tables.hpp"
#include "workspace/query/sql_rows.hpp"
#include "workspace/query/value_rows.hpp"

namespace workspace_test {

// In memory, as `bulwark query --table` has it.
class InMemory {
 public:
  void add(const model::TableSchema& schema, const kql::Rows& rows) { tables_[schema.name] = {schema, &rows}; }

  base::Result<kql::Table> run(std::string_view query, std::int64_t now) const {
    auto rows = TRY(kql::run_query(query, options(now), [this](const kql::Relation& relation) { return rows_of(relation); }));
    return std::move(rows.answers.front().table);
  }
  kql::BindOptions options(std::int64_t now) const {
    kql::BindOptions out;
    out.now = now;
    out.names.table = [this](std::string_view name) -> const model::TableSchema* {
      const auto at = tables_.find(name);
      return at == tables_.end() ? nullptr : &at->second.schema;
    };
    for (const auto& [name, table] : tables_) out.names.tables.push_back(name);
    return out;
  }

 private:
  struct Stored {
    model::TableSchema schema;
    const kql::Rows* rows = nullptr;
  };
  base::Result<std::optional<kql::Rows>> rows_of(const kql::Relation& relation) const {
    const auto* table = std::get_if<kql::TableRows>(&relation.node);
    if (table == nullptr) return std::nullopt;
    return std::optional(*tables_.find(table->table)->second.rows);
  }

  std::map<std::string, Stored, std::less<>> tables_;
};

// On an engine, as a workspace does it, but with literal rows in SQL, too.
class OnEngine {
 public:
  OnEngine(workspace::SqlEngine& engine, std::string database) : engine_(engine), database_(std::move(database)) {}
  void add(const workspace::TableSpec& spec) { specs_.push_back(std::make_shared<const workspace::TableSpec>(spec)); }

  base::Result<kql::Table> run(std::string_view query, std::int64_t now) {
    workspace::QueryRequest request;
    request.workspaces = {{"11111111-2222-3333-4444-555555555555", "", ""}};
    workspace::WorkspaceQueryOptions of;
    of.tables = [this](std::string_view) { return specs_; };
    of.place = [this](std::string_view) { return workspace::TablePlace{database_, ""}; };
    workspace::QueryTables tables(request, of);
    workspace::SqlRows sql(engine_, {tables.sql_names(), tables.allowed(), "", request.limits, true, kCellsOfPiece, {}});
    std::vector<kql::RelationPtr> plans;
    const auto begin = [&](const kql::RelationPtr& relation) {
      plans.push_back(kql::push_down(relation));
      sql.begin(*plans.back());
      return plans.back();
    };
    kql::Evaluator evaluator([&](const kql::Relation& relation) { return sql.rows(relation); }, {},
                             [&](const kql::Relation& relation, const kql::RowSink& sink) { return sql.pieces(relation, sink); });
    kql::BindOptions options;
    options.now = now;
    options.names = tables.names();
    options.run = [&](const kql::RelationPtr& relation) -> base::Result<kql::Table> {
      const kql::RelationPtr plan = begin(relation);
      return kql::Table{relation->schema, TRY(evaluator.run(*plan))};
    };
    const kql::Bound bound = kql::bind_text(query, options);
    if (!bound.diagnostics.empty()) return base::fail(base::Kind::invalid_input, kql::to_text(bound.diagnostics, query));
    if (bound.failure) return base::fail(*bound.failure);
    const kql::Relation& root = *bound.query.answers.front().rows;
    const kql::RelationPtr plan = begin(bound.query.answers.front().rows);
    kql::Table out{root.schema, {}};
    auto whole = sql.answer(*plan, 1'000'000);
    if (!whole) return base::fail(whole.error());
    if (*whole) {
      std::vector<std::size_t> columns;
      for (std::size_t i = 0; i < root.schema.size(); ++i) columns.push_back(i);
      out.rows = workspace::rows_of_answer(**whole, root.schema, columns);
    } else {
      out.rows = TRY(evaluator.run(*plan));
    }
    whole_ += *whole ? 1u : 0u;
    counts_.sent += sql.counts().sent;
    counts_.inexact += sql.counts().inexact;
    counts_.refused += sql.counts().refused;
    if (!sql.last_refusal().empty()) refusals_.push_back(sql.last_refusal());
    return out;
  }

  const workspace::SqlRows::Counts& counts() const { return counts_; }
  std::uint64_t whole() const { return whole_; }  // queries that were one statement
  std::vector<std::string> take_refusals() { return std::exchange(refusals_, {}); }  // statements that the engine did not understand

 private:
  static constexpr std::uint64_t kCellsOfPiece = 60;  // few, so that the tables of tests are more than one piece

  workspace::SqlEngine& engine_;
  std::string database_;
  std::vector<std::shared_ptr<const workspace::TableSpec>> specs_;
  workspace::SqlRows::Counts counts_;
  std::uint64_t whole_ = 0;
  std::vector<std::string> refusals_;
};

}  // namespace workspace_test
