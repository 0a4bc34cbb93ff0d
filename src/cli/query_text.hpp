// SPDX-License-Identifier: Apache-2.0
// The rows of a query as text: for people, with charts, and for programs.
#pragma once

#include <string>

#include "kql/run.hpp"
#include "scan/report_table.hpp"

namespace cli {

std::string rows_as_table(const kql::Table& table, const scan::TableStyle& style);
std::string rows_as_json(const kql::Table& table);        // {"columns":[{"name","type"}],"rows":[{…}]}
std::string rows_as_json_lines(const kql::Table& table);  // an object a line
std::string rows_as_separated(const kql::Table& table, char separator);  // with a header, as RFC 4180 has it

// The chart of `render` in characters; empty for kinds that a terminal cannot draw, and for rows that do not fit the kind.
std::string text_chart(const kql::Table& table, const kql::Visualization& visualization, const scan::TableStyle& style);

}  // namespace cli
