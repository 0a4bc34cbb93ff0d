// SPDX-License-Identifier: Apache-2.0
#include "workspace/query/sql_rows.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "kql/evaluate/scalar.hpp"
#include "kql/functions/aggregate.hpp"
#include "kql/functions/function.hpp"
#include "workspace/clickhouse_error.hpp"
#include "workspace/query/value_rows.hpp"
#include "workspace/table_spec.hpp"

namespace workspace {

namespace {

// What an operator in memory goes on with, where it needs all rows at once, and where it takes them in pieces.
constexpr std::uint64_t kRowsOfWhole = 5'000'000, kBytesOfWhole = std::uint64_t{1} << 30;
constexpr std::uint64_t kBytesOfPiece = std::uint64_t{256} << 20;
// Of the memory that is left: values take a few times the bytes of their answer, and several queries ask at once.
constexpr std::uint64_t kPartOfMemory = 16;
constexpr std::uint64_t kLeastBytes = std::uint64_t{16} << 20;
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

kql::RelationPtr filtered_by(const kql::FilterRows& filter, const Relation& like, const std::vector<kql::ScalarPtr>& conjuncts) {
  kql::RelationPtr out = filter.input;
  for (const kql::ScalarPtr& conjunct : conjuncts)
    out = std::make_shared<const Relation>(Relation{like.schema, kql::FilterRows{out, conjunct}, like.serialized});
  return out;
}

bool is_too_large(const base::Error& error) { return clickhouse_code(error) == ClickHouseCode::too_many_rows_or_bytes; }

base::Error too_large_for_memory(const SqlRowsMost& most) {
  return {base::Kind::too_large, fmt::format("a step of the query is computed in memory, and its rows are more than {} or {} MiB{}; filter by time, take fewer columns, or summarize earlier",
                                             most.rows, most.bytes >> 20, most.bytes < kBytesOfWhole ? ", all that this machine has memory for at the moment" : "")};
}

kql::Rows remaining(kql::Rows rows, const std::vector<kql::ScalarPtr>& conditions) {
  const auto fails = [&](const kql::Row& row) {
    return std::any_of(conditions.begin(), conditions.end(), [&](const kql::ScalarPtr& condition) {
      const kql::Value holds = kql::evaluate(*condition, row);
      return holds.is_null() || !holds.boolean();
    });
  };
  rows.erase(std::remove_if(rows.begin(), rows.end(), fails), rows.end());
  return rows;
}

// The stored table whose rows a relation is made of, one by one, with the filters right above it. Null where it is not so.
const Relation* table_below(const Relation& relation) {
  const Relation* highest_filter = nullptr;
  for (const Relation* at = &relation; at != nullptr; at = kql::input_row_by_row(*at)) {
    if (std::holds_alternative<kql::TableRows>(at->node)) return highest_filter == nullptr ? at : highest_filter;
    if (!std::holds_alternative<kql::FilterRows>(at->node)) highest_filter = nullptr;
    else if (highest_filter == nullptr) highest_filter = at;
  }
  return nullptr;
}

std::optional<std::size_t> time_column(const Relation& rows) {
  for (std::size_t i = 0; i < rows.schema.size(); ++i)
    if (rows.schema[i].name == kTimeColumn && rows.schema[i].type == kql::Type::datetime) return i;
  return std::nullopt;
}

}  // namespace

SqlRows::SqlRows(SqlEngine& engine, SqlRowsOptions options)
    : engine_(engine), options_(std::move(options)), names_{[this](std::string_view table) {
        auto stored = options_.names.table(table);
        if (stored) stored->piece = piece_;
        return stored;
      }} {}

std::uint64_t SqlRows::most_bytes(std::uint64_t wanted) const {
  return options_.memory.memory_left ? std::min(wanted, std::max(options_.memory.memory_left() / kPartOfMemory, kLeastBytes)) : wanted;
}

SqlRowsMost SqlRows::most_of_whole() const { return {kRowsOfWhole, most_bytes(kBytesOfWhole)}; }

SqlRowsMost SqlRows::most_of_piece(const Relation& relation) const {
  return {std::max<std::uint64_t>(options_.piece_cells / std::max<std::size_t>(relation.schema.size(), 1), 1), most_bytes(kBytesOfPiece)};
}

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

base::Result<std::optional<kql::Rows>> SqlRows::written_rows(const Relation& relation, const SqlRowsMost& most) { return written_rows(relation, most, needed_); }

base::Result<std::optional<kql::Rows>> SqlRows::written_rows(const Relation& relation, const SqlRowsMost& most, const kql::NeededColumns& needed) {
  const auto sql = kql::write_sql(relation, names_, needed);
  if (!sql) {
    if (sql.error().kind != base::Kind::unsupported) return base::fail(sql.error());
    return std::nullopt;
  }
  QueryLimits limits = options_.limits;
  limits.result_rows = most.rows;
  limits.result_bytes = most.bytes;
  const auto table = TRY(ask(*sql, limits));
  if (!table) return std::nullopt;
  return rows_of_answer(*table, relation.schema, sql->columns);
}

// The conditions that the engine knows; the others are asked of the rows that are left.
std::optional<SqlRows::PartlyFiltered> SqlRows::partly_filtered(const Relation& relation) {
  const auto* filter = std::get_if<kql::FilterRows>(&relation.node);
  if (filter == nullptr || kql::has_window_call(*filter->predicate)) return std::nullopt;
  std::vector<kql::ScalarPtr> known, others;
  for (const kql::ScalarPtr& conjunct : kql::conjuncts_of(filter->predicate))
    (kql::write_sql(*filtered_by(*filter, relation, {conjunct}), names_, needed_) ? known : others).push_back(conjunct);
  if (known.empty() || others.empty()) return std::nullopt;
  kept_.push_back(filtered_by(*filter, relation, known));
  const auto wanted = needed_.find(filter->input.get());
  if (wanted != needed_.end()) {
    const std::vector<bool> columns = wanted->second;
    for (const Relation* at = kept_.back().get(); at != filter->input.get(); at = std::get<kql::FilterRows>(at->node).input.get()) needed_[at] = columns;
  }
  return PartlyFiltered{kept_.back(), std::move(others)};
}

base::Result<std::optional<kql::Rows>> SqlRows::whole_rows(const Relation& relation) {
  const SqlRowsMost most = most_of_whole();
  auto rows = written_rows(relation, most);
  return !rows && is_too_large(rows.error()) ? base::fail(too_large_for_memory(most)) : std::move(rows);
}

base::Result<std::optional<kql::Rows>> SqlRows::rows(const Relation& relation) {
  if (!is_for_engine(relation)) return std::nullopt;
  if (auto rows = TRY(whole_rows(relation))) return rows;
  const auto filter = partly_filtered(relation);
  if (!filter) return std::nullopt;
  auto left = TRY(whole_rows(*filter->rest));
  return left ? std::optional(remaining(std::move(*left), filter->others)) : std::nullopt;
}

base::Result<bool> SqlRows::pieces(const Relation& relation, const kql::RowSink& sink) {
  if (!is_for_engine(relation)) return false;
  auto rows = written_rows(relation, most_of_piece(relation));
  if (!rows) return is_too_large(rows.error()) ? pieces_by_time(relation, sink) : base::fail(std::move(rows.error()));
  if (*rows) {
    TRY(sink(std::move(**rows)));
    return true;
  }
  const auto filter = partly_filtered(relation);
  if (!filter) return false;
  return pieces(*filter->rest, [&](kql::Rows left) { return sink(remaining(std::move(left), filter->others)); });
}

// Of the rows that the conditions right above the table leave. The query itself may not need their time.
base::Result<std::optional<SqlRows::Bounds>> SqlRows::bounds_of(const Relation& rows, std::size_t time) {
  const auto column = std::make_shared<const kql::Scalar>(kql::Scalar{kql::Type::datetime, kql::ColumnOf{time}, {}});
  const auto call = [&](std::string_view name, std::vector<kql::ScalarPtr> arguments) {
    return kql::AggregateCall{kql::aggregates_named(name)[0], std::move(arguments)};
  };
  const Relation bounds{{{"rows", kql::Type::int64}, {"first", kql::Type::datetime}, {"last", kql::Type::datetime}},
                        kql::AggregateRows{kql::RelationPtr(&rows, [](const Relation*) {}), {}, {call("count", {}), call("min", {column}), call("max", {column})}}};
  const auto row = TRY(written_rows(bounds, most_of_whole(), kql::needed_columns(bounds)));
  if (!row || row->size() != 1) return std::nullopt;
  if ((*row)[0][1].is_null()) return Bounds{};
  return Bounds{(*row)[0][0].integer(), (*row)[0][1].integer(), (*row)[0][2].integer()};
}

base::Result<bool> SqlRows::pieces_by_time(const Relation& relation, const kql::RowSink& sink) {
  const Relation* rows = table_below(relation);
  const auto time = rows == nullptr ? std::nullopt : time_column(*rows);
  if (!time) return false;
  const auto found = TRY(bounds_of(*rows, *time));
  if (!found) return false;
  const Bounds& bounds = *found;
  const std::int64_t count = std::max<std::int64_t>(2 * bounds.rows / static_cast<std::int64_t>(most_of_piece(relation).rows) + 1, 2);
  const std::int64_t length = (bounds.last - bounds.first) / count + 1;
  bool more = true;
  for (std::int64_t begin = bounds.first; more && begin <= bounds.last; begin += length)
    more = TRY(piece_between(relation, begin, begin + length, sink));
  return true;
}

// A piece that is still too large is halved, as far as that goes; one with a value that the engine has no exact answer for is computed in memory.
base::Result<bool> SqlRows::piece_between(const Relation& relation, std::int64_t begin, std::int64_t end, const kql::RowSink& sink) {
  const std::int64_t middle = begin + (end - begin) / 2;
  piece_ = {std::string(kTimeColumn), begin, end};
  const SqlRowsMost most = middle == begin ? most_of_whole() : most_of_piece(relation);
  auto rows = written_rows(relation, most);
  if (rows && !*rows) rows = kql::Evaluator([this](const Relation& part) { return this->rows(part); }, options_.memory).run(relation);
  piece_.reset();
  if (rows) return sink(std::move(**rows));
  if (!is_too_large(rows.error())) return base::fail(std::move(rows.error()));
  if (middle == begin) return base::fail(too_large_for_memory(most));
  return TRY(piece_between(relation, begin, middle, sink)) ? piece_between(relation, middle, end, sink) : base::Result<bool>(false);
}

base::Result<std::optional<model::ValueTable>> SqlRows::answer(const Relation& relation, std::uint64_t rows) {
  if (!is_for_engine(relation)) return std::nullopt;
  const Relation limited{relation.schema, kql::LimitRows{kql::RelationPtr(&relation, [](const Relation*) {}), rows}, relation.serialized};
  const auto sql = kql::write_sql(limited, names_, needed_);
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
