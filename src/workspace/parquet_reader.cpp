// SPDX-License-Identifier: Apache-2.0
#include "workspace/parquet_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <numeric>

#include "base/text.hpp"
#include "kql/sql/sql_literals.hpp"
#include "workspace/chdb_engine.hpp"
#include "workspace/clickhouse_type.hpp"
#include "workspace/query/value_rows.hpp"
#include "workspace/sql_text.hpp"

namespace workspace {

namespace {

using model::ColumnType;

constexpr std::uint64_t kMemory = std::uint64_t{8} << 30;  // the rows are held as a whole

struct TypeBeginning {
  std::string_view beginning;
  ColumnType type;
};
constexpr TypeBeginning kBeginnings[] = {  // the first that fits counts
    {"Bool", ColumnType::boolean},    {"Int8", ColumnType::int32},      {"Int16", ColumnType::int32},   {"Int32", ColumnType::int32},
    {"Int64", ColumnType::int64},     {"UInt8", ColumnType::int32},     {"UInt16", ColumnType::int32},  {"UInt32", ColumnType::int64},
    {"UInt64", ColumnType::decimal},  {"Float", ColumnType::real},      {"Decimal", ColumnType::decimal}, {"Date", ColumnType::datetime},
    {"UUID", ColumnType::guid},       {"Array", ColumnType::dynamic},   {"Tuple", ColumnType::dynamic}, {"Map", ColumnType::dynamic},
    {"Nested", ColumnType::dynamic},  {"JSON", ColumnType::dynamic},    {"Object", ColumnType::dynamic}, {"Variant", ColumnType::dynamic},
    {"Dynamic", ColumnType::dynamic},
};

bool begins_with(std::string_view text, std::string_view beginning) { return text.substr(0, beginning.size()) == beginning; }

ColumnType type_of(std::string_view name) {
  for (const std::string_view around : {"LowCardinality(", "Nullable("})
    if (begins_with(name, around)) name.remove_prefix(around.size());
  const auto found = std::find_if(std::begin(kBeginnings), std::end(kBeginnings), [&](const TypeBeginning& one) { return begins_with(name, one.beginning); });
  return found == std::end(kBeginnings) ? ColumnType::string : found->type;
}

std::string value_sql(const kql::Column& column) {
  const std::string name = kql::quote_sql_name(column.name);
  switch (column.type) {
    case ColumnType::string: return fmt::format("ifNull(toString({}), '')", name);
    case ColumnType::dynamic: return fmt::format("toJSONString({})", name);
    default: return fmt::format("CAST({} AS {})", name, clickhouse_type_of(column.type, false, false));
  }
}

base::Result<kql::Schema> read_schema(SqlEngine& engine, const std::string& table) {
  SqlQuery query;
  query.sql = fmt::format("SELECT name, type FROM system.columns WHERE database = 'files' AND table = {} ORDER BY position", kql::quote_sql_text(table));
  const QueryAnswer answer = TRY(engine.query(query));
  kql::Schema out;
  for (std::size_t row = 0; row < answer.table.rows(); ++row)
    out.push_back({std::string(answer.table.columns[0].text(row)), type_of(answer.table.columns[1].text(row))});
  return out;
}

base::Result<kql::Table> read_rows(SqlEngine& engine, const std::string& table) {
  kql::Table out;
  out.schema = TRY(read_schema(engine, table));
  std::vector<std::string> values;
  for (const kql::Column& column : out.schema) values.push_back(value_sql(column));
  SqlQuery query;
  query.sql = fmt::format("SELECT {} FROM files.{}", base::join(values, ", "), kql::quote_sql_name(table));
  query.limits.memory_bytes = kMemory;
  query.limits.result_rows = 0;
  query.limits.result_bytes = 0;
  const QueryAnswer answer = TRY(engine.query(query));
  std::vector<std::size_t> columns(out.schema.size());
  std::iota(columns.begin(), columns.end(), std::size_t{0});
  out.rows = rows_of_answer(answer.table, out.schema, columns);
  return out;
}

}  // namespace

base::Result<std::unique_ptr<ParquetReader>> ParquetReader::open() {
  std::unique_ptr<ParquetReader> reader(new ParquetReader(TRY(base::TempDir::create("bulwark-parquet"))));
  ChdbOptions options;
  options.folder = reader->folder_.path() / "engine";
  options.memory_bytes = kMemory;
  reader->engine_ = TRY_CONTEXT(open_chdb(options), "Parquet files are read by the workspace's engine");
  TRY(reader->engine_->execute("CREATE DATABASE files"));
  return reader;
}

base::Result<kql::Table> ParquetReader::read(const std::filesystem::path& file) {
  std::error_code error;
  const std::filesystem::path whole = std::filesystem::canonical(file, error);
  if (error) return base::fail(base::errno_error(error.value(), "cannot read", file));
  // Under a name of ours: in others the engine would look for wildcards, and for how they are packed.
  const std::string table = fmt::format("file{}", ++files_);
  const std::filesystem::path link = folder_.path() / (table + ".parquet");
  std::filesystem::create_symlink(whole, link, error);
  if (error) return base::fail(base::errno_error(error.value(), "cannot make", link));
  const std::string sql = fmt::format("CREATE TABLE files.{} ENGINE = File(Parquet, {})", kql::quote_sql_name(table), kql::quote_sql_text(link.string()));
  TRY_CONTEXT(engine_->execute(sql), file.string());
  return TRY_CONTEXT(read_rows(*engine_, table), file.string());
}

}  // namespace workspace
