// SPDX-License-Identifier: Apache-2.0
#include "workspace/ingest/suffixed_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>

#include "workspace/ingest/ingest_limits.hpp"
#include "workspace/ingest/json_text.hpp"
#include "workspace/ingest/standard_columns.hpp"

namespace workspace {

namespace {

constexpr std::size_t kLongestStem = 61;  // 63 with its suffix

struct Suffix {
  std::string_view text;
  model::ColumnType type;
};

// In the order in which a value that is of another type is tried in them; any value fits the last.
constexpr std::array kSuffixes{Suffix{"_d", model::ColumnType::real}, Suffix{"_b", model::ColumnType::boolean},
                               Suffix{"_t", model::ColumnType::datetime}, Suffix{"_g", model::ColumnType::string},
                               Suffix{"_s", model::ColumnType::string}};

constexpr const Suffix& suffix_of(char letter) {
  for (const Suffix& suffix : kSuffixes)
    if (suffix.text[1] == letter) return suffix;
  return kSuffixes.back();
}

const Suffix& text_suffix(std::string_view text) {
  if (is_full_time(text)) return suffix_of('t');
  return canonical_guid(text).empty() ? suffix_of('s') : suffix_of('g');
}

// The suffix that a value makes a new column with.
const Suffix& natural_suffix(JsonReader value) {
  switch (value.form()) {
    case JsonForm::boolean: return suffix_of('b');
    case JsonForm::number: return suffix_of('d');
    case JsonForm::string: {
      std::string text;
      unescape(value.string(), text);
      return text_suffix(text);
    }
    default: return suffix_of('s');
  }
}

// A guid is kept as text in its canonical form, and nothing else goes to such a column.
ValueFate write_guid(JsonReader& value, std::string& out) {
  if (value.form() != JsonForm::string) return ValueFate::refused;
  std::string text;
  unescape(value.string(), text);
  const std::string guid = canonical_guid(text);
  if (guid.empty()) return ValueFate::refused;
  append_json_string(guid, out);
  return ValueFate::written;
}

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

bool write_to(const model::ColumnSchema& column, JsonReader& value, ValueWriter& writer, std::string& out, SuffixedValue& result) {
  JsonReader attempt = value;
  const std::size_t size = out.size();
  const bool is_guid = column.type == model::ColumnType::string && ends_with(column.name, suffix_of('g').text);
  result.fate = is_guid ? write_guid(attempt, out) : writer.write(column.type, attempt, out);
  if (result.fate == ValueFate::refused || attempt.failed()) {
    out.resize(size);
    return false;
  }
  result.column = &column;
  value = attempt;
  return true;
}

// The columns of a table, and those that rows add to them.
class ColumnDiscovery {
 public:
  ColumnDiscovery(const TableSpec& table, std::string_view time_member) : time_member_(time_member) {
    for (const model::ColumnSchema& column : table.schema.columns)
      if (!is_filled_column(column.name)) columns_.emplace(column.name, column);
    find_ = [this](std::string_view name) {
      const auto at = columns_.find(std::string(name));
      return at == columns_.end() ? nullptr : &at->second;
    };
  }
  ColumnDiscovery(const ColumnDiscovery&) = delete;
  ColumnDiscovery& operator=(const ColumnDiscovery&) = delete;

  void read(std::string_view row) {
    JsonReader reader(row);
    if (reader.form() != JsonForm::object) return;
    for (bool more = reader.enter_object(); more; more = reader.next()) {
      unescape(reader.key(), member_);
      scratch_.clear();
      if (reader.form() == JsonForm::null) reader.literal();
      else if (!write_suffixed(member_, reader, find_, writer_, scratch_).column) add(reader);
    }
  }
  std::vector<model::ColumnSchema> take() { return std::move(added_); }

 private:
  void add(JsonReader& value) {
    const Suffix& suffix = natural_suffix(value);
    const std::string stem = column_stem(member_);
    value.value();
    if (value.failed() || stem.empty() || columns_.size() >= kMostCustomColumns || member_ == time_member_) return;
    added_.push_back({fmt::format("{}{}", stem, suffix.text), suffix.type, ""});
    columns_.emplace(added_.back().name, added_.back());
  }

  const std::string_view time_member_;
  std::unordered_map<std::string, model::ColumnSchema> columns_;
  std::vector<model::ColumnSchema> added_;
  ColumnFinder find_;
  ValueWriter writer_;
  std::string member_, scratch_;
};

}  // namespace

std::string column_stem(std::string_view member) {
  std::string out;
  for (const char c : member.substr(0, kLongestStem + 1)) {
    const bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    if (out.empty() && c >= '0' && c <= '9') out += '_';
    out += fits ? c : '_';
  }
  return out.size() > kLongestStem ? "" : out;
}

SuffixedValue write_suffixed(std::string_view member, JsonReader& value, const ColumnFinder& find, ValueWriter& writer, std::string& out) {
  SuffixedValue result;
  const model::ColumnSchema* column = find(member);  // of a table whose columns are not all by this rule
  if (column && write_to(*column, value, writer, out, result)) return result;
  const std::string stem = column_stem(member);
  if (stem.empty()) return result;
  const Suffix& natural = natural_suffix(value);
  column = find(fmt::format("{}{}", stem, natural.text));
  if (column && write_to(*column, value, writer, out, result)) return result;
  for (const Suffix& suffix : kSuffixes) {
    column = &suffix == &natural ? nullptr : find(fmt::format("{}{}", stem, suffix.text));
    if (column && write_to(*column, value, writer, out, result)) return result;
  }
  return result;
}

std::vector<model::ColumnSchema> missing_columns(const TableSpec& table, std::span<const std::string_view> rows, std::string_view time_member) {
  ColumnDiscovery discovery(table, time_member);
  for (const std::string_view row : rows) discovery.read(row);
  return discovery.take();
}

}  // namespace workspace
