// SPDX-License-Identifier: Apache-2.0
#include "workspace/query/sql_rows.hpp"

#include <algorithm>

#include "kql/evaluate/scalar.hpp"
#include "kql/functions/function.hpp"
#include "workspace/clickhouse_error.hpp"
#include "workspace/query/value_rows.hpp"

namespace workspace {

namespace {

// What an operator in memory goes on with.
constexpr std::uint64_t kMostRows = 5'000'000;
constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 30;
// The engine counts the bytes of an answer otherwise than its readers do.
constexpr std::uint64_t kBytesAsCounted = 4;

using kql::Relation;

// The engine takes seconds to read a statement that gives each of many tables the columns of all the others. Beyond this many
// columns of nothing its tables are asked one by one, and get them in memory.
constexpr std::size_t kMostPadding = 5'000, kMostPaddingOfOne = 100;

bool reads_table(const kql::RelationPtr& relation);

// The engine's cost is some milliseconds a statement.
template <typename Node>
bool reads_table_in(const Node& node) {
  if constexpr (std::is_same_v<Node, kql::TableRows>) return true;
  if constexpr (requires { node.left; }) {
    if (reads_table(node.left) || reads_table(node.right)) return true;
  }
  if constexpr (requires { node.inputs; }) {
    if (std::any_of(node.inputs.begin(), node.inputs.end(), [](const kql::RelationPtr& i) { return reads_table(i); })) return true;
  }
  if constexpr (requires { node.input; }) {
    if (reads_table(node.input)) return true;
  }
  return false;
}

bool reads_table(const kql::RelationPtr& relation) {
  return std::visit([](const auto& node) { return reads_table_in(node); }, relation->node);
}

// Failures that are the query's or the engine's state, not the writer's.
bool ends_query(const base::Error& error) {
  switch (clickhouse_code(error)) {
    case ClickHouseCode::none:
    case ClickHouseCode::unknown_table:
    case ClickHouseCode::timeout_exceeded:
    case ClickHouseCode::too_slow:
    case ClickHouseCode::memory_limit_exceeded:
    case ClickHouseCode::not_enough_space:
    case ClickHouseCode::query_was_cancelled:
    case ClickHouseCode::too_many_rows_or_bytes: return true;
    default: return false;
  }
}

void append_conjuncts(const kql::ScalarPtr& scalar, std::vector<kql::ScalarPtr>& out) {
  const auto* call = std::get_if<kql::Call>(&scalar->node);
  if (call == nullptr || call->function->name != "and") return out.push_back(scalar);
  for (const kql::ScalarPtr& argument : call->arguments) append_conjuncts(argument, out);
}

kql::RelationPtr filtered_by(const kql::FilterRows& filter, const Relation& like, const std::vector<kql::ScalarPtr>& conjuncts) {
  kql::RelationPtr out = filter.input;
  for (const kql::ScalarPtr& conjunct : conjuncts)
    out = std::make_shared<const Relation>(Relation{like.schema, kql::FilterRows{out, conjunct}, like.serialized});
  return out;
}

}  // namespace

// Of the columns that somebody looks at.
std::size_t SqlRows::padding_of(const Relation& relation, const kql::ProjectRows& project) const {
  const auto wanted = needed_.find(&relation);
  std::size_t count = 0;
  for (std::size_t i = 0; i < project.columns.size(); ++i)
    if (std::holds_alternative<kql::Literally>(project.columns[i]->node) && (wanted == needed_.end() || wanted->second[i])) ++count;
  return count;
}

std::size_t SqlRows::padding_below(const Relation& relation) const {
  const auto* project = std::get_if<kql::ProjectRows>(&relation.node);
  const std::size_t own = project == nullptr ? 0 : padding_of(relation, *project);
  return own + std::visit([this](const auto& node) -> std::size_t {
    std::size_t count = 0;
    if constexpr (requires { node.left; }) count += padding_below(*node.left) + padding_below(*node.right);
    if constexpr (requires { node.inputs; })
      for (const auto& input : node.inputs) count += padding_below(*input);
    if constexpr (requires { node.input; }) count += padding_below(*node.input);
    return count;
  }, relation.node);
}

bool SqlRows::is_padded(const Relation& relation) const {
  const auto* project = std::get_if<kql::ProjectRows>(&relation.node);
  return (project != nullptr && padding_of(relation, *project) > kMostPaddingOfOne) || padding_below(relation) > kMostPadding;
}

bool SqlRows::is_for_engine(const Relation& relation) const {
  if (options_.always) return true;
  return std::visit([](const auto& node) { return reads_table_in(node); }, relation.node) && (takes_padded_ || !is_padded(relation));
}

base::Result<std::optional<model::ValueTable>> SqlRows::ask(const kql::SqlText& sql, const QueryLimits& limits) {
  TRY(kql::check_sql(sql.text, options_.tables));
  ++counts_.sent;
  auto answer = engine_.query({sql.text, options_.id, limits, kql::sql_settings()});
  if (answer) {
    statistics_.rows_read += answer->statistics.rows_read;
    statistics_.bytes_read += answer->statistics.bytes_read;
    statistics_.elapsed += answer->statistics.elapsed;
    return std::move(answer->table);
  }
  if (ends_query(answer.error())) return base::fail(std::move(answer.error()));
  const bool inexact = answer.error().message.find(kql::kNoExactAnswer) != std::string::npos;
  ++(inexact ? counts_.inexact : counts_.refused);
  if (!inexact) last_refusal_ = answer.error().message + "\n" + sql.text;
  return std::nullopt;
}

base::Result<std::optional<kql::Rows>> SqlRows::written_rows(const Relation& relation) {
  const auto sql = kql::write_sql(relation, options_.names, needed_);
  if (!sql) {
    if (sql.error().kind != base::Kind::unsupported) return base::fail(sql.error());
    return std::nullopt;
  }
  QueryLimits limits = options_.limits;
  limits.result_rows = kMostRows;
  limits.result_bytes = kMostBytes;
  const auto table = TRY(ask(*sql, limits));
  if (!table) return std::nullopt;
  return rows_of_answer(*table, relation.schema, sql->columns);
}

// The conditions that the engine knows; the others are asked of the rows that are left.
base::Result<std::optional<kql::Rows>> SqlRows::partly_filtered(const Relation& relation, const kql::FilterRows& filter) {
  if (kql::has_window_call(*filter.predicate)) return std::nullopt;
  std::vector<kql::ScalarPtr> conjuncts, known, others;
  append_conjuncts(filter.predicate, conjuncts);
  for (const kql::ScalarPtr& conjunct : conjuncts)
    (kql::write_sql(*filtered_by(filter, relation, {conjunct}), options_.names, needed_) ? known : others).push_back(conjunct);
  if (known.empty() || others.empty()) return std::nullopt;
  const kql::RelationPtr rest = filtered_by(filter, relation, known);
  const auto wanted = needed_.find(filter.input.get());
  if (wanted != needed_.end()) {
    const std::vector<bool> columns = wanted->second;
    for (const Relation* at = rest.get(); at != filter.input.get(); at = std::get<kql::FilterRows>(at->node).input.get()) needed_[at] = columns;
  }
  auto rows = written_rows(*rest);
  for (const Relation* at = rest.get(); at != filter.input.get(); at = std::get<kql::FilterRows>(at->node).input.get()) needed_.erase(at);
  if (!rows || !*rows) return rows;
  const auto fails = [&](const kql::Row& row) {
    return std::any_of(others.begin(), others.end(), [&](const kql::ScalarPtr& other) {
      const kql::Value holds = kql::evaluate(*other, row);
      return holds.is_null() || !holds.boolean();
    });
  };
  (*rows)->erase(std::remove_if((*rows)->begin(), (*rows)->end(), fails), (*rows)->end());
  return rows;
}

base::Result<std::optional<kql::Rows>> SqlRows::rows(const Relation& relation) {
  if (!is_for_engine(relation)) return std::nullopt;
  auto rows = written_rows(relation);
  if (!rows || *rows) return rows;
  const auto* filter = std::get_if<kql::FilterRows>(&relation.node);
  return filter == nullptr ? std::nullopt : partly_filtered(relation, *filter);
}

base::Result<std::optional<model::ValueTable>> SqlRows::answer(const Relation& relation, std::uint64_t rows) {
  if (!is_for_engine(relation)) return std::nullopt;
  const Relation limited{relation.schema, kql::LimitRows{kql::RelationPtr(&relation, [](const Relation*) {}), rows}, relation.serialized};
  const auto sql = kql::write_sql(limited, options_.names, needed_);
  if (!sql) {
    if (sql.error().kind != base::Kind::unsupported) return base::fail(sql.error());
    return std::nullopt;
  }
  QueryLimits limits = options_.limits;
  limits.result_rows = rows;
  limits.result_bytes = options_.limits.result_bytes * kBytesAsCounted;
  auto table = TRY(ask(*sql, limits));
  if (!table) return std::nullopt;
  return with_schema(std::move(*table), relation.schema);
}

}  // namespace workspace
