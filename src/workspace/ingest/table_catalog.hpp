// SPDX-License-Identifier: Apache-2.0
// The tables that each workspace has: the built-in ones, and its custom tables, whose names end in "_CL".
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "workspace/ddl.hpp"
#include "workspace/table_spec.hpp"

namespace workspace {

inline constexpr std::string_view kCustomEnding = "_CL";

// What somebody wants a custom table to be.
struct TableDeclaration {
  std::string table;        // "Orders_CL"
  std::string description;  // empty: stays as it is
  std::vector<model::ColumnSchema> columns;  // to be there; others stay. TimeGenerated and the like are there in any case
  int retention_days = 0;   // 0: stays as it is, the workspace's of a new table
};

// Thread-safe. A table that is handed out never changes; a changed table is another one.
class TableCatalog {
 public:
  using Table = std::shared_ptr<const TableSpec>;

  // Custom tables are files in the folder, made where missing: "<workspace>/<table>.json" in the form of content/tables.
  static base::Result<std::unique_ptr<TableCatalog>> open(const TableSpecs& built_in, std::filesystem::path folder);

  Table find(std::string_view workspace, std::string_view table) const;  // case counts; null where there is none
  std::vector<Table> all(std::string_view workspace) const;              // by name

  // Makes the table or adds the columns it lacks; durable when it returns. Kind::invalid_input: a name that cannot be, more
  // than kMostCustomColumns columns or kMostCustomTables tables; Kind::conflict: a column has another type already.
  base::Result<Table> declare(std::string_view workspace, const TableDeclaration& declaration);

  // How long tables that are made from now on keep their rows where nobody says; 30 days of a workspace of which nothing was said.
  void set_retention(std::string_view workspace, int days);

  // Takes a custom table out; its rows are the engine's. Success where there is none.
  base::Result<void> remove(std::string_view workspace, std::string_view table);

 private:
  using Tables = std::map<std::string, Table, std::less<>>;
  explicit TableCatalog(std::filesystem::path folder) : folder_(std::move(folder)) {}
  base::Result<void> read_workspace(const std::filesystem::path& folder);
  base::Result<TableSpec> keep(std::string_view workspace, const TableSpec& table) const;
  Table built_in(std::string_view table) const;
  Table find_locked(std::string_view workspace, std::string_view table) const;

  const std::filesystem::path folder_;
  Tables built_in_;
  std::vector<model::ColumnSchema> standard_columns_;
  mutable std::mutex mutex_;  // guards the two below, and holds while a table's file is written
  std::map<std::string, Tables, std::less<>> custom_;  // by workspace
  std::map<std::string, int, std::less<>> retention_days_;  // of workspaces
};

// A GUID in lower case, which is what names a workspace in paths and SQL.
bool is_workspace_id(std::string_view id);

// The database of a workspace: "workspace_" and the digits of its id.
TablePlace workspace_place(std::string_view workspace, std::string_view cluster = {});

// Makes every table of a workspace in the engine, or brings it up to its specification.
base::Result<void> set_up_workspace(SqlEngine& engine, const TableCatalog& catalog, std::string_view workspace, const TablePlace& place);

}  // namespace workspace
