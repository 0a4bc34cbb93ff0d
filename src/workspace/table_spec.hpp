// SPDX-License-Identifier: Apache-2.0
// The tables of a workspace as data: content/tables/*.yaml, one table a document.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/table_schema.hpp"

namespace workspace {

struct TableSpec {
  model::TableSchema schema;                 // own columns, then the standard ones of every table
  std::vector<std::string> low_cardinality;  // columns of few different values
  std::vector<std::string> text_index;       // columns in which KQL's `has` looks terms up
  std::vector<std::string> sort_key;         // what queries filter on; the last is TimeGenerated
  int retention_days = 30;
};

struct TableFile {
  std::string_view path, text;  // "tables/syslog.yaml"
};

inline constexpr std::string_view kTimeColumn = "TimeGenerated";
inline constexpr std::size_t kLongestTableName = 103;  // a Log-Type of 100 letters, and _CL
inline constexpr std::size_t kLongestColumnName = 63;  // with its suffix
inline constexpr int kLongestRetentionDays = 4383;  // 12 years

class TableSpecs {
 public:
  // From the embedded content.
  static base::Result<TableSpecs> load();

  // From files; "tables/standard-columns.yaml" has the columns of every table, each other file tables. Kind::invalid_input
  // names every fault with file and line.
  static base::Result<TableSpecs> read(std::span<const TableFile> files);

  const TableSpec* find(std::string_view name) const;  // case counts; null where there is none
  std::span<const TableSpec> all() const { return tables_; }  // by name
  std::span<const model::ColumnSchema> standard_columns() const { return standard_columns_; }

 private:
  std::vector<TableSpec> tables_;
  std::vector<model::ColumnSchema> standard_columns_;
};

}  // namespace workspace
