// SPDX-License-Identifier: Apache-2.0
#include "hub/logs/row_transform.hpp"

#include <algorithm>

#include "base/memory.hpp"
#include "kql/run.hpp"
#include "kql/time.hpp"
#include "workspace/ingest/ingest_limits.hpp"
#include "workspace/ingest/json_text.hpp"
#include "workspace/ingest/typed_row.hpp"

namespace hub {

namespace {

constexpr std::string_view kSource = "source";
constexpr std::chrono::seconds kMostTime{20};
constexpr std::uint64_t kMostCells = 10'000'000;  // a body of a few MB may become many rows

// The members of a row that the typer took, as values of the columns; of a member that is there twice, the first counts.
base::Result<kql::Row> read_row(std::span<const model::ColumnSchema> columns, std::string_view row) {
  std::vector<std::optional<kql::Value>> values(columns.size());
  std::string name, room;
  workspace::JsonReader reader(row);
  for (bool more = reader.enter_object(); more; more = reader.next()) {
    workspace::unescape(reader.key(), name);
    const std::string_view member = reader.value();
    const auto column = std::find_if(columns.begin(), columns.end(), [&](const auto& one) { return one.name == name; });
    if (column == columns.end()) continue;
    auto& value = values[static_cast<std::size_t>(column - columns.begin())];
    if (!value) value = kql::from_json(TRY(base::parse_json(workspace::whole_pairs(member, room), "a member of the row")), column->type);
  }
  kql::Row out;
  for (std::size_t i = 0; i < columns.size(); ++i) out.push_back(values[i] ? std::move(*values[i]) : kql::missing(columns[i].type));
  return out;
}

// Those that a table of these columns would take; the others are counted.
base::Result<kql::Rows> read_rows(const model::TableSchema& source, std::span<const std::string_view> rows, BodyRows& refused) {
  workspace::TableSpec table;
  table.schema = source;
  const workspace::RecordBatch batch;
  workspace::RowTyper typer(table, batch, kql::ticks_now());
  kql::Rows out;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (auto reason = typer.type(rows[i])) {
      ++refused.refused;
      if (refused.refusals.size() < workspace::kMostRefusalsTold) refused.refusals.push_back({i, std::move(*reason)});
      continue;
    }
    out.push_back(TRY(read_row(source.columns, rows[i])));
  }
  return out;
}

std::string row_text(const kql::Schema& schema, const kql::Row& row) {
  std::string out = "{";
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i].is_null()) continue;
    if (out.size() > 1) out += ',';
    workspace::append_json_string(schema[i].name, out);
    out += ':';
    out += schema[i].type == kql::Type::dynamic ? kql::dynamic_text(row[i].json()) : base::to_text(kql::to_json(row[i], schema[i].type));
  }
  return out + "}";
}

void add_rows(const kql::Table& table, BodyRows& out) {
  for (const kql::Row& row : table.rows) out.made.push_back(row_text(table.schema, row));
  for (const std::string& row : out.made) out.rows.push_back(row);
}

// A query on the rows of one stream, and on nothing else.
class SourceQuery {
 public:
  explicit SourceQuery(std::span<const model::ColumnSchema> columns) : schema_{std::string(kSource), {}, {columns.begin(), columns.end()}} {}

  const model::TableSchema& schema() const { return schema_; }
  kql::BindOptions options() const {
    kql::BindOptions out;
    out.now = kql::ticks_now();
    out.names.table = [this](std::string_view name) { return name == kSource ? &schema_ : nullptr; };
    out.names.tables = {schema_.name};
    return out;
  }

 private:
  const model::TableSchema schema_;
};

}  // namespace

base::Result<void> check_transform(std::string_view transform, std::span<const model::ColumnSchema> columns) {
  const SourceQuery source(columns);
  const kql::Bound bound = kql::bind_text(transform, source.options());
  if (!bound.diagnostics.empty()) return base::fail(base::Kind::invalid_input, kql::to_text(bound.diagnostics, transform));
  return {};
}

base::Result<BodyRows> transform_rows(std::string_view transform, std::span<const model::ColumnSchema> columns, std::span<const std::string_view> rows) {
  const SourceQuery query(columns);
  BodyRows out;
  const kql::Rows source = TRY(read_rows(query.schema(), rows, out));
  kql::RunLimits limits;
  limits.cells = kMostCells;
  limits.deadline = std::chrono::steady_clock::now() + kMostTime;
  limits.memory_left = [] { return base::memory_left(); };
  const kql::QueryRows answer = TRY(kql::run_query(
      transform, query.options(),
      [&](const kql::Relation& relation) -> base::Result<std::optional<kql::Rows>> {
        if (!std::holds_alternative<kql::TableRows>(relation.node)) return std::nullopt;
        return source;
      },
      limits));
  add_rows(answer.answers.front().table, out);
  return out;
}

}  // namespace hub
