// SPDX-License-Identifier: Apache-2.0
#include "workspace/ingest/typed_row.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "kql/time.hpp"
#include "workspace/ingest/ingest_limits.hpp"
#include "workspace/ingest/json_text.hpp"
#include "workspace/ingest/standard_columns.hpp"
#include "workspace/ingest/suffixed_columns.hpp"

namespace workspace {

namespace {

constexpr std::size_t kLongestQuoted = 80;  // of a value in a reason

constexpr std::int64_t ticks_of(std::chrono::hours span) { return span.count() * 3600 * kql::kTicksPerSecond; }

// "/subscriptions/<id>/…" → "<id>", in lower case.
std::string subscription_of(std::string_view resource_id) {
  const std::string lower = base::to_lower(resource_id);
  constexpr std::string_view kHead = "/subscriptions/";
  if (lower.compare(0, kHead.size(), kHead) != 0) return "";
  return lower.substr(kHead.size(), lower.find('/', kHead.size()) - kHead.size());
}

std::string quoted_part(std::string_view text) {
  const std::string_view part = cut_utf8(text, kLongestQuoted);
  return fmt::format("{}{}", base::printable(part), part.size() < text.size() ? "…" : "");
}

}  // namespace

RowTyper::RowTyper(const TableSpec& table, const RecordBatch& batch, std::int64_t now_ticks)
    : table_(table), batch_(batch), now_ticks_(now_ticks), time_member_(batch.time_member.empty() ? kTimeColumn : std::string_view(batch.time_member)) {
  slots_.reserve(table.schema.columns.size());
  for (const model::ColumnSchema& column : table.schema.columns) {
    Slot& slot = slots_[column.name];
    slot.column = &column;
    append_json_string(column.name, slot.label);
    slot.label += ':';
  }
  const auto fix = [this](std::string_view name, std::string_view value) {
    const Slot* slot = find(name);
    if (!slot || value.empty()) return;
    fixed_ += slot->label;
    append_json_string(value, fixed_);
    fixed_ += ',';
  };
  fix(kTypeColumn, table.schema.name);
  fix(kTenantIdColumn, batch.workspace);
  fix(kIsBillableColumn, is_billable(table.schema.name) ? "True" : "False");
  fix(kResourceIdColumn, base::to_lower(batch.resource_id));
  fix(kSubscriptionIdColumn, subscription_of(batch.resource_id));
  fix(kSourceSystemColumn, batch.source_system);
  has_time_ = find(kTimeColumn) != nullptr;
  has_billed_size_ = find(kBilledSizeColumn) != nullptr;
}

RowTyper::Slot* RowTyper::find(std::string_view name) {
  const auto at = slots_.find(name);
  return at == slots_.end() ? nullptr : &at->second;
}

// Whether a row may have this standard column from its own members.
bool RowTyper::is_open_member(std::string_view name) const {
  if (name == kSourceSystemColumn) return batch_.source_system.empty();
  return (name == kResourceIdColumn || name == kSubscriptionIdColumn) && batch_.rows_are_trusted && batch_.resource_id.empty();
}

std::optional<std::string> RowTyper::type(std::string_view row) {
  ++row_;
  members_ = values_ = 0;
  billed_bytes_ = 0;
  row_counts_ = RowCounts();
  time_.reset();
  line_ = "{";
  if (row.size() > kLargestRow) return fmt::format("the row has {} bytes, more than {}", row.size(), kLargestRow);
  if (!is_utf8(row)) return "the row is not UTF-8";
  JsonReader reader(row);
  if (reader.form() != JsonForm::object) return "the row is no JSON object";
  const bool good = read_members(reader);
  if (reader.failed()) return fmt::format("the row is no JSON: {}", reader.error());
  if (!good) return std::string(cut_utf8(fault_, kLongestReason));
  if (!reader.at_end()) return "the row is no JSON: something stands behind its end";
  if (values_ == 0) return fmt::format("no member of the row is a column of table {}: {}", table_.schema.name, quoted_part(row));
  finish_row();
  if (line_.size() > kLargestRow) return fmt::format("the row has {} bytes in the table, more than {}", line_.size(), kLargestRow);
  counts_.unknown_members += row_counts_.unknown_members;
  counts_.truncated_values += row_counts_.truncated_values;
  counts_.lost_values += row_counts_.lost_values;
  counts_.retimed_rows += row_counts_.retimed_rows;
  return std::nullopt;
}

bool RowTyper::read_members(JsonReader& reader) {
  for (bool more = reader.enter_object(); more; more = reader.next()) {
    unescape(reader.key(), member_);
    if (++members_ > kMostMembers) {
      fault_ = fmt::format("the row has more than {} members", kMostMembers);
      return false;
    }
    if (!read_member(reader)) return false;
  }
  return true;
}

bool RowTyper::read_member(JsonReader& reader) {
  if (member_ == time_member_) {
    JsonReader time = reader;
    read_time(time);
  }
  if (is_filled_column(member_)) {
    if (is_open_member(member_)) return read_value(reader);
    reader.value();
    return true;
  }
  return batch_.naming == MemberNaming::suffixed ? read_suffixed(reader) : read_value(reader);
}

// What is no point in time counts as missing.
void RowTyper::read_time(JsonReader& reader) {
  value_.clear();
  if (!time_ && reader.form() == JsonForm::string && writer_.write(model::ColumnType::datetime, reader, value_) == ValueFate::written)
    time_ = writer_.ticks();
}

bool RowTyper::read_value(JsonReader& reader) {
  Slot* slot = find(member_);
  if (!slot || slot->row == row_) return skip_member(reader);  // of a member that is there twice, the first counts
  JsonReader again = reader;
  value_.clear();
  const ValueFate fate = writer_.write(slot->column->type, reader, value_);
  if (fate == ValueFate::refused && !reader.failed()) {
    fault_ = fmt::format("member {}: {} is no {}", quoted_part(member_), quoted_part(again.value()), model::column_type_name(slot->column->type));
    return false;
  }
  keep_value(fate, *slot);
  return true;
}

bool RowTyper::read_suffixed(JsonReader& reader) {
  if (reader.form() == JsonForm::null) {
    reader.literal();
    return true;
  }
  const ColumnFinder own = [this](std::string_view name) {
    const Slot* slot = is_filled_column(name) ? nullptr : find(name);
    return slot && slot->row != row_ ? slot->column : nullptr;
  };
  value_.clear();
  const SuffixedValue written = write_suffixed(member_, reader, own, writer_, value_);
  if (!written.column) return skip_member(reader);
  keep_value(written.fate, *find(written.column->name));
  return true;
}

bool RowTyper::skip_member(JsonReader& reader) {
  reader.value();
  if (member_ != time_member_) ++row_counts_.unknown_members;
  return true;
}

void RowTyper::keep_value(ValueFate fate, Slot& slot) {
  slot.row = row_;
  ++values_;
  if (fate == ValueFate::truncated) ++row_counts_.truncated_values;
  if (fate == ValueFate::lost) ++row_counts_.lost_values;
  if (value_.empty()) return;
  if (!is_filled_column(slot.column->name)) billed_bytes_ += value_.size();
  line_ += slot.label;
  line_ += value_;
  line_ += ',';
}

void RowTyper::finish_row() {
  const bool fits = time_ && *time_ >= now_ticks_ - ticks_of(kLatestRow) && *time_ <= now_ticks_ + ticks_of(kEarliestRow);
  const std::int64_t time = fits ? *time_ : now_ticks_;
  if (!fits) ++row_counts_.retimed_rows;
  day_ = time / kql::kTicksPerDay;
  line_ += fixed_;
  if (has_billed_size_) {
    line_ += find(kBilledSizeColumn)->label;
    fmt::format_to(std::back_inserter(line_), "{},", billed_bytes_);
  }
  if (has_time_) {
    line_ += find(kTimeColumn)->label;
    append_time(time, line_);
  } else {
    line_.pop_back();
  }
  line_ += "}\n";
}

}  // namespace workspace
