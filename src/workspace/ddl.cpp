// SPDX-License-Identifier: Apache-2.0
#include "workspace/ddl.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "kql/sql/sql_writer.hpp"
#include "workspace/clickhouse_type.hpp"
#include "workspace/sql_text.hpp"

namespace workspace {

namespace {

// Tokens of this many inserts are remembered, each counted once for every day it has rows of.
constexpr int kDeduplicationWindow = 10'000;

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string_view column_type_sql(const TableSpec& table, const model::ColumnSchema& column) {
  return clickhouse_type_of(column.type, column.name == kTimeColumn, contains(table.low_cardinality, column.name));
}

std::string column_sql(const TableSpec& table, const model::ColumnSchema& column) {
  std::string out = fmt::format("{} {}", quote_name(column.name), column_type_sql(table, column));
  if (column.name == "Type") out += fmt::format(" DEFAULT {}", quote_text(table.schema.name));
  return out + (column.name == kTimeColumn ? " CODEC(Delta, ZSTD(1))" : " CODEC(ZSTD(1))");
}

// KQL's `has`: whole terms without regard to case. It stands over what the SQL of queries asks, else it would not be used.
std::string index_sql(const TableSpec& table, std::string_view column) {
  const model::ColumnSchema* schema = table.schema.find(column);
  const std::string text = kql::term_index_sql(quote_name(column), schema == nullptr ? model::ColumnType::string : schema->type);
  return fmt::format("{} {} TYPE text(tokenizer = 'splitByNonAlpha')", quote_name(fmt::format("terms_{}", column)), text);
}

std::string ttl_sql(const TableSpec& table) {
  return fmt::format("toDateTime({}, 'UTC') + INTERVAL {} DAY", quote_name(kTimeColumn), table.retention_days);
}

std::string on_cluster(const TablePlace& place) {
  return place.cluster.empty() ? "" : fmt::format(" ON CLUSTER {}", quote_name(place.cluster));
}

std::string body_sql(const TableSpec& table, const TablePlace& place) {
  std::vector<std::string> lines, keys;
  for (const model::ColumnSchema& column : table.schema.columns) lines.push_back("  " + column_sql(table, column));
  for (const std::string& column : table.text_index) lines.push_back("  INDEX " + index_sql(table, column));
  for (const std::string& column : table.sort_key) keys.push_back(quote_name(column));
  const bool cluster = !place.cluster.empty();
  const std::string_view engine = cluster ? "ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')" : "MergeTree";
  return fmt::format("(\n{}\n) ENGINE = {}\nPARTITION BY toDate({})\nORDER BY ({})\nTTL {}\nSETTINGS {} = {}, ttl_only_drop_parts = 1, "
                     "fsync_after_insert = 1, fsync_part_directory = 1",
                     base::join(lines, ",\n"), engine, quote_name(kTimeColumn), base::join(keys, ", "), ttl_sql(table),
                     cluster ? "replicated_deduplication_window" : "non_replicated_deduplication_window", kDeduplicationWindow);
}

// The shard of a row comes from the row alone, so that a batch sent again meets its tokens on the same servers.
std::string distributed_sql(const TableSpec& table, const TablePlace& place) {
  std::vector<std::string> keys;
  for (const std::string& column : table.sort_key) keys.push_back(quote_name(column));
  return fmt::format("CREATE TABLE IF NOT EXISTS {}{} AS {} ENGINE = Distributed({}, {}, {}, sipHash64({}))",
                     table_name_sql(table.schema.name, place), on_cluster(place), table_name_sql(stored_table_name(table.schema.name, place), place),
                     quote_text(place.cluster), quote_text(place.database), quote_text(stored_table_name(table.schema.name, place)),
                     base::join(keys, ", "));
}

std::string alter_sql(const std::string& table, const TablePlace& place, const std::vector<std::string>& actions) {
  return fmt::format("ALTER TABLE {}{} {}", table_name_sql(table, place), on_cluster(place), base::join(actions, ", "));
}

using ExistingTables = std::map<std::string, ExistingTable, std::less<>>;

// All tables of a place, or only the one of that name; what is not there is not in the answer.
base::Result<ExistingTables> existing_tables(SqlEngine& engine, const TablePlace& place, std::string_view only = {}) {
  const std::string database = quote_text(place.database);
  const std::string name = only.empty() ? std::string() : fmt::format(" AND table = {}", quote_text(only));
  SqlQuery query;
  query.limits.result_rows = 0;
  query.limits.result_bytes = 0;
  query.sql = fmt::format("SELECT c.table, c.name, c.type, toInt32OrZero(extract(t.engine_full, 'toIntervalDay.(\\d+)')) AS days FROM "
                          "(SELECT table, name, type, position FROM system.columns WHERE database = {}{}) AS c INNER JOIN "
                          "(SELECT name, engine_full FROM system.tables WHERE database = {}) AS t ON c.table = t.name ORDER BY c.table, c.position",
                          database, name, database);
  const QueryAnswer answer = TRY(engine.query(query));
  const std::vector<model::Column>& columns = answer.table.columns;
  ExistingTables out;
  for (std::size_t row = 0; row < answer.table.rows(); ++row) {
    ExistingTable& table = out[std::string(columns[0].text(row))];
    table.columns.emplace_back(columns[1].text(row), columns[2].text(row));
    table.retention_days = static_cast<int>(columns[3].integer(row));
  }
  return out;
}

base::Result<std::vector<const model::ColumnSchema*>> missing_columns(const TableSpec& table, const ExistingTable& existing) {
  std::vector<const model::ColumnSchema*> out;
  for (const model::ColumnSchema& column : table.schema.columns) {
    const auto there = std::find_if(existing.columns.begin(), existing.columns.end(), [&](const auto& e) { return e.first == column.name; });
    if (there == existing.columns.end())
      out.push_back(&column);
    else if (there->second != column_type_sql(table, column))
      return base::fail(base::Kind::conflict,
                        fmt::format("column {} of table {} is {} there and {} in its specification; a column keeps its type: give the new one "
                                    "another name",
                                    column.name, table.schema.name, there->second, column_type_sql(table, column)));
  }
  return out;
}

}  // namespace

std::string table_name_sql(std::string_view table, const TablePlace& place) {
  return quote_name(place.database) + "." + quote_name(table);
}

std::string stored_table_name(std::string_view table, const TablePlace& place) {
  return place.cluster.empty() ? std::string(table) : fmt::format("{}_local", table);
}

std::string create_database_sql(const TablePlace& place) {
  return fmt::format("CREATE DATABASE IF NOT EXISTS {}{}", quote_name(place.database), on_cluster(place));
}

std::vector<std::string> create_table_sql(const TableSpec& table, const TablePlace& place) {
  std::vector<std::string> out;
  out.push_back(fmt::format("CREATE TABLE IF NOT EXISTS {}{} {}", table_name_sql(stored_table_name(table.schema.name, place), place),
                            on_cluster(place), body_sql(table, place)));
  if (!place.cluster.empty()) out.push_back(distributed_sql(table, place));
  return out;
}

std::vector<std::string> drop_table_sql(std::string_view table, const TablePlace& place) {
  std::vector<std::string> out;
  const auto drop = [&](std::string_view name) { out.push_back(fmt::format("DROP TABLE IF EXISTS {}{}", table_name_sql(name, place), on_cluster(place))); };
  drop(table);
  if (!place.cluster.empty()) drop(stored_table_name(table, place));
  return out;
}

std::string drop_database_sql(const TablePlace& place) {
  return fmt::format("DROP DATABASE IF EXISTS {}{}", quote_name(place.database), on_cluster(place));
}

std::string delete_rows_sql(std::string_view table, const TablePlace& place, std::string_view condition) {
  return alter_sql(stored_table_name(table, place), place, {fmt::format("DELETE WHERE {}", condition)}) + " SETTINGS mutations_sync = 0";
}

base::Result<std::vector<std::string>> update_table_sql(const TableSpec& table, const ExistingTable& existing, const TablePlace& place) {
  std::vector<std::string> columns, indexes, out;
  for (const model::ColumnSchema* column : TRY(missing_columns(table, existing))) {
    columns.push_back("ADD COLUMN IF NOT EXISTS " + column_sql(table, *column));
    if (contains(table.text_index, column->name)) indexes.push_back("ADD INDEX IF NOT EXISTS " + index_sql(table, column->name));
  }
  const std::string stored = stored_table_name(table.schema.name, place);
  if (!columns.empty()) {
    out.push_back(alter_sql(stored, place, columns));
    if (!indexes.empty()) out.push_back(alter_sql(stored, place, indexes));
    if (!place.cluster.empty()) out.push_back(alter_sql(table.schema.name, place, columns));  // names what the others have by now
  }
  if (existing.retention_days != table.retention_days)
    out.push_back(alter_sql(stored, place, {"MODIFY TTL " + ttl_sql(table)}) + " SETTINGS materialize_ttl_after_modify = 0");
  return out;
}

base::Result<void> set_up_table(SqlEngine& engine, const TableSpec& table, const TablePlace& place, Retention retention) {
  TRY(engine.execute(create_database_sql(place)));
  for (const std::string& sql : create_table_sql(table, place)) TRY(engine.execute(sql));
  const std::string stored = stored_table_name(table.schema.name, place);
  ExistingTable existing = TRY(existing_tables(engine, place, stored))[stored];
  if (retention == Retention::of_table) existing.retention_days = table.retention_days;
  for (const std::string& sql : TRY(update_table_sql(table, existing, place))) TRY(engine.execute(sql));
  return {};
}

base::Result<void> set_up_tables(SqlEngine& engine, std::span<const TableSpec> tables, const TablePlace& place) {
  TRY(engine.execute(create_database_sql(place)));
  const ExistingTables existing = TRY(existing_tables(engine, place));
  for (const TableSpec& table : tables) {
    const auto there = existing.find(table.schema.name);
    const bool whole = there != existing.end() && place.cluster.empty();  // on a cluster it is two tables
    if (!whole) TRY(set_up_table(engine, table, place));
    else
      for (const std::string& sql : TRY(update_table_sql(table, there->second, place))) TRY(engine.execute(sql));
  }
  return {};
}

}  // namespace workspace
