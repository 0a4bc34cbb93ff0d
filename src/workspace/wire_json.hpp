// SPDX-License-Identifier: Apache-2.0
// Rows as the Log Analytics query API writes them: {"name", "columns": [{"name", "type"}], "rows": [[…]]}.
#pragma once

#include <string>
#include <string_view>

#include "base/stream.hpp"
#include "model/value_table.hpp"

namespace workspace {

// Writes a table in pieces of about 64 KiB, so that whoever compresses it never holds the whole text. datetime is ISO 8601
// with as many digits of a second as count ("2026-11-29T01:02:03.5Z"), timespan "1.02:03:04.5000000", long a number, a real
// that is none the text "NaN", "Infinity" or "-Infinity", decimal and guid a text, dynamic its JSON as a text. Bytes that
// are no UTF-8 become U+FFFD. An error is the sink's.
base::Result<void> write_wire_table(std::string_view name, const model::ValueTable& table, const base::ByteSink& sink);

// A JSON string, with its quotes.
void append_json_text(std::string_view text, std::string& out);

// "2026-11-29T01:02:03.5Z" and "-1.02:03:04.5000000". Datetimes stay within the years 1 to 9999.
void append_datetime(std::int64_t ticks, std::string& out);
void append_timespan(std::int64_t ticks, std::string& out);

}  // namespace workspace
