// SPDX-License-Identifier: Apache-2.0
// Tables from files, and schemas of tables.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "kql/value.hpp"
#include "model/table_schema.hpp"

namespace kql {

enum class FileFormat { csv, tsv, json_lines };

// By the end of the name: .csv, .tsv, .jsonl, .ndjson, .json (an array of objects, or objects one a line). Kind::unsupported for others.
base::Result<FileFormat> file_format_of(std::string_view name);

// The rows of a file's text. Columns: of CSV those of its first line, of JSON the members in the order they come. The type
// of a column is what all its values can be: bool, long, real, datetime, string, or dynamic where one is an object or array.
// Kind::invalid_input with the line.
base::Result<Table> read_table(std::string_view text, FileFormat format, std::string_view what);

struct Schemas {
  std::vector<model::TableSchema> tables;
  std::size_t passed_over = 0;    // lines whose type is none of KQL's
  std::string first_passed_over;  // "record 12 names no type of KQL"
};

// Tables as lines of table_name, column_name, column_type, description (with that header), in any order.
base::Result<Schemas> read_schemas(std::string_view csv, std::string_view what);

}  // namespace kql
