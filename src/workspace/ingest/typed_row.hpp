// SPDX-License-Identifier: Apache-2.0
// A row of hostile JSON as one line for `INSERT … FORMAT JSONEachRow` of a table.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "workspace/ingest/record_sink.hpp"
#include "workspace/ingest/typed_value.hpp"
#include "workspace/table_spec.hpp"

namespace workspace {

struct RowCounts {
  std::uint64_t unknown_members = 0;
  std::uint64_t truncated_values = 0;
  std::uint64_t lost_values = 0;
  std::uint64_t retimed_rows = 0;
};

// Types the rows of one batch. Standard columns are filled in: TenantId is the workspace, Type the table, _BilledSize the
// size of the row's values as written, TimeGenerated the row's own where it is between kLatestRow ago and kEarliestRow from now.
// Not thread-safe; the table and the batch outlive it.
class RowTyper {
 public:
  RowTyper(const TableSpec& table, const RecordBatch& batch, std::int64_t now_ticks);

  // Why the row is refused, fit to be shown; nothing: line() and day() are its line and its day.
  std::optional<std::string> type(std::string_view row);

  std::string_view line() const { return line_; }     // ends with LF
  std::int64_t day() const { return day_; }           // of TimeGenerated, since 0001-01-01
  std::uint64_t billed_bytes() const { return billed_bytes_; }
  const RowCounts& counts() const { return counts_; }  // of accepted rows

 private:
  struct Slot {
    const model::ColumnSchema* column = nullptr;
    std::string label;      // "\"Host\":"
    std::uint64_t row = 0;  // the last row that had it
  };
  // False: the row is refused, fault_ says why unless it is the reader that failed.
  bool read_members(JsonReader& reader);
  bool read_member(JsonReader& reader);
  bool read_value(JsonReader& reader);
  bool read_suffixed(JsonReader& reader);
  bool skip_member(JsonReader& reader);
  void keep_value(ValueFate fate, Slot& slot);
  bool is_open_member(std::string_view name) const;
  void read_time(JsonReader& reader);
  void finish_row();
  Slot* find(std::string_view name);

  const TableSpec& table_;
  const RecordBatch& batch_;
  const std::int64_t now_ticks_;
  const std::string_view time_member_;
  std::unordered_map<std::string_view, Slot> slots_;
  std::string fixed_;  // the columns that all rows of the batch have alike
  bool has_time_ = false, has_billed_size_ = false;
  ValueWriter writer_;
  RowCounts counts_, row_counts_;
  std::uint64_t row_ = 0;
  std::size_t members_ = 0, values_ = 0;
  std::optional<std::int64_t> time_;
  std::int64_t day_ = 0;
  std::uint64_t billed_bytes_ = 0;
  std::string line_, member_, value_, fault_;
};

}  // namespace workspace
