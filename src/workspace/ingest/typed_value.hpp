// SPDX-License-Identifier: Apache-2.0
// One value of a row as the table's column takes it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/table_schema.hpp"
#include "workspace/ingest/json_reader.hpp"

namespace workspace {

// What became of a value.
enum class ValueFate {
  written,
  truncated,  // written, cut off at kLongestValue
  absent,     // null, or the empty text: nothing was written, which is null (or "") in the table
  lost,       // a point in time that the table cannot hold: nothing was written
  refused     // not of the column's type and not to be turned into it without loss: nothing was written
};

// Turns JSON values into those of columns, by KQL's rules for conversions: "5" and 5.0 are the long 5, 5.5 is not.
//   bool      true, false, 0, 1, and texts of these
//   int long  whole numbers that fit, bools, and texts of these
//   real      numbers, bools, and texts of these, also "NaN" and "Infinity"
//   decimal   numbers of up to 22 digits before the point; rounded to 16 behind it
//   string    texts; anything else as its JSON
//   datetime  texts that KQL's datetime() reads; written as 100 ns ticks
//   timespan  texts that KQL's timespan() reads; written as the number of their ticks
//   guid      texts of 32 hexadecimal digits
//   dynamic   anything, as its JSON; of a text that is an object or array in JSON, that
// Not thread-safe: it keeps buffers for texts.
class ValueWriter {
 public:
  // Reads one value and appends it to `out` as FORMAT JSONEachRow takes it. The value is read in any case; where it is no
  // JSON the reader says so afterwards.
  ValueFate write(model::ColumnType type, JsonReader& value, std::string& out);

  // The last point in time that was read, for TimeGenerated: ticks since 0001-01-01.
  std::int64_t ticks() const { return ticks_; }

 private:
  ValueFate write_text(JsonReader& value, std::string& out);
  ValueFate write_dynamic(JsonReader& value, std::string& out);
  ValueFate write_scalar(model::ColumnType type, std::string_view text, bool quoted, std::string& out);
  ValueFate write_datetime(std::string_view text, std::string& out);
  ValueFate write_capped(std::string_view text, std::string& out);

  std::string text_, json_;
  std::int64_t ticks_ = 0;
};

// "2026-01-02 03:04:05.1234567" in quotes, as DateTime64(7) is read. Between year 1900 and 2299.
void append_time(std::int64_t ticks, std::string& out);

// A text that is a point in time with a date and a time of day, as "2026-01-02T03:04:05Z".
bool is_full_time(std::string_view text);

// "8c1ff4b6-f9a3-4d6d-8a4a-3f6b3a0f2c11" of any form of a guid; empty where it is none.
std::string canonical_guid(std::string_view text);

}  // namespace workspace
