// SPDX-License-Identifier: Apache-2.0
// The SQL that makes a table of a specification, in the embedded engine and on a cluster.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "workspace/sql_engine.hpp"
#include "workspace/table_spec.hpp"

namespace workspace {

// Where the tables of one workspace are: a database of its own, so that no name in a query reaches another's rows.
struct TablePlace {
  std::string database;
  std::string cluster;  // of config.d/remote_servers; empty: one server, or the embedded engine
};

// Statements to be run in order. Of a table on a cluster there are two: "<name>_local", replicated, which has the rows of
// one shard, and "<name>", distributed, which is written to and asked.
std::string create_database_sql(const TablePlace& place);
std::vector<std::string> create_table_sql(const TableSpec& table, const TablePlace& place);

// A table as it is there.
struct ExistingTable {
  std::vector<std::pair<std::string, std::string>> columns;  // name and ClickHouse type
  int retention_days = 0;
};

// What brings a table that is there up to its specification: columns and their text indexes are added, retention is set
// (rows past it go as whole days do, nothing is rewritten). Columns that the specification does not name stay.
// Kind::conflict: a column has another type now; that needs a new name.
base::Result<std::vector<std::string>> update_table_sql(const TableSpec& table, const ExistingTable& existing, const TablePlace& place);

// What takes a table away with its rows, and a whole place. Not SYNC: the embedded engine never returns from that.
std::vector<std::string> drop_table_sql(std::string_view table, const TablePlace& place);
std::string drop_database_sql(const TablePlace& place);

// What begins to delete the rows of a condition, in the background (system.mutations).
std::string delete_rows_sql(std::string_view table, const TablePlace& place, std::string_view condition);

// The name of the table that holds the rows: of one on a cluster that is "<name>_local".
std::string stored_table_name(std::string_view table, const TablePlace& place);

// The qualified name of a table, quoted.
std::string table_name_sql(std::string_view table, const TablePlace& place);

// Whose word counts for how long the rows of a table that is there are kept.
enum class Retention { of_specification, of_table };

// Makes the database and the table where they are missing and brings the table up to its specification.
base::Result<void> set_up_table(SqlEngine& engine, const TableSpec& table, const TablePlace& place, Retention retention = Retention::of_specification);

// The same for all tables of a place. Those that are there are looked at together, which is many times faster.
base::Result<void> set_up_tables(SqlEngine& engine, std::span<const TableSpec> tables, const TablePlace& place);

}  // namespace workspace
