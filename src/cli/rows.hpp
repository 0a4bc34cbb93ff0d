// SPDX-License-Identifier: Apache-2.0
// Lists of a hub for people (tables), programs (JSON, CSV) and xargs (names).
#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "cli/formats.hpp"
#include "cli/hub_options.hpp"
#include "client/connection.hpp"

namespace cli {

struct Column {
  std::string title;
  std::string path;  // member of the row: "severity", "counts.high"
};

struct ListView {
  std::string noun;   // of one row: "finding"
  std::string place;  // what was asked: "https://hub.example.com"
  std::vector<Column> columns;
  std::string name_path = "name";  // of what `-o name` prints
};

// A member of a row as text: lists joined by ", ", booleans yes or no, what is missing empty.
std::string cell(const base::Json& row, std::string_view path);

// Checked before the hub is asked: kinds of formats, and 0 for --all.
base::Result<std::vector<OutputFormat>> list_formats(const ListFlags& flags);
std::size_t row_limit(const ListFlags& flags);

// Writes every format and says on standard error when there is more. The exit code.
int print_rows(const GlobalOptions& global, const std::vector<OutputFormat>& formats, const ListView& view,
               const client::Rows& rows);

// One thing: "table" is `text`, "json" is the hub's answer with schemaVersion.
base::Result<std::vector<OutputFormat>> detail_formats(const std::vector<std::string>& formats);
int print_detail(const std::vector<OutputFormat>& formats, const std::string& text, const base::Json& json);

// "Title: value" lines of those members that are there.
std::string detail_lines(const base::Json& row, const std::vector<Column>& columns);

// Text of several lines, safe to print, each behind `indent`.
std::string printable_lines(std::string_view text, std::string_view indent = {});

// "description" and "remediation" of a finding or recommendation, each after a blank line; empty where there is neither.
std::string advice_text(const base::Json& row);

}  // namespace cli
