// SPDX-License-Identifier: Apache-2.0
#include "kql/files/table_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "base/csv.hpp"
#include "base/text.hpp"
#include "kql/number.hpp"
#include "kql/time.hpp"
#include "kql/utf8.hpp"

namespace kql {

namespace {

constexpr std::size_t kMostColumns = 10'000;

bool is_date(std::string_view text) {
  return text.size() >= 10 && text[4] == '-' && text[7] == '-' && parse_datetime(text).has_value();
}

// Types from the narrowest on; a column has the first that all its values have.
Type type_of_text(std::string_view text) {
  if (text == "true" || text == "false") return Type::boolean;
  if (parse_whole_number(text) && text.substr(0, 2) != "0x") return Type::int64;
  if (parse_real_number(text)) return Type::real;
  return is_date(text) ? Type::datetime : Type::string;
}

Type type_of_json(const base::Json& json) {
  if (json.is_bool()) return Type::boolean;
  if (json.is_int64()) return Type::int64;
  if (json.is_number()) return Type::real;
  if (json.is_string()) return is_date(base::as_string(json)) ? Type::datetime : Type::string;
  return Type::dynamic;
}

Type wider(Type left, Type right) {
  if (left == right) return left;
  if (is_number(left) && is_number(right)) return Type::real;
  return left == Type::dynamic || right == Type::dynamic ? Type::dynamic : Type::string;
}

class ColumnTypes {
 public:
  void see(std::size_t column, Type type) {
    if (types_.size() <= column) types_.resize(column + 1);
    types_[column] = types_[column] ? wider(*types_[column], type) : type;
  }
  Type type(std::size_t column) const { return column < types_.size() ? types_[column].value_or(Type::string) : Type::string; }

 private:
  std::vector<std::optional<Type>> types_;
};

// The columns of a header line: one without a name is ColumnN, and of two that are called alike the second gets a number.
Schema header_columns(const std::vector<std::string>& names) {
  Schema out;
  std::set<std::string> taken(names.begin(), names.end()), used;
  for (const std::string& name : names) {
    std::string own = name.empty() ? fmt::format("Column{}", out.size() + 1) : name;
    for (int number = 1; used.count(own) != 0 || (own != name && taken.count(own) != 0); ++number) own = fmt::format("{}{}", name.empty() ? "Column" : name, number);
    used.insert(own);
    out.push_back({std::move(own), Type::string});
  }
  return out;
}

// The records behind the header, each of as many fields.
base::Result<void> each_record(std::string_view text, char separator, std::string_view what, const std::function<void(const std::vector<std::string>& fields)>& take) {
  std::size_t number = 0, columns = 0;
  std::string fault;
  const auto read = base::read_csv(text, separator, [&](const std::vector<std::string>& fields) {
    if (++number == 1) columns = fields.size();
    else if (fields.size() == columns) take(fields);
    else fault = fmt::format("record {} has {} fields and the header {}", number, fields.size(), columns);
    return fault.empty();
  });
  if (!read) return base::fail(read.error().with_context(what));
  if (!fault.empty()) return base::fail(base::Kind::invalid_input, fmt::format("{}: {}", what, fault));
  return {};
}

// Texts are UTF-8; of a file in another encoding each byte that begins no letter becomes U+FFFD.
std::string whole_letters(const std::string& field) {
  if (is_utf8(field)) return field;
  std::string out;
  for (std::string_view rest = field; !rest.empty();) base::append_utf8(take_code_point(rest).value_or(0xfffd), out);
  return out;
}

// Read twice, for the types and for the values: the text of all fields at once would take several times the room of the file.
base::Result<Table> read_separated(std::string_view text, char separator, std::string_view what) {
  Table out;
  TRY(base::read_csv(text, separator, [&](const std::vector<std::string>& fields) {
    out.schema = header_columns(fields);
    return false;
  }));
  if (out.schema.empty()) return base::fail(base::Kind::invalid_input, fmt::format("{} is empty; its first line names the columns", what));
  ColumnTypes types;
  std::size_t records = 0;
  TRY(each_record(text, separator, what, [&](const std::vector<std::string>& fields) {
    ++records;
    for (std::size_t i = 0; i < fields.size(); ++i)
      if (!fields[i].empty()) types.see(i, type_of_text(fields[i]));
  }));
  for (std::size_t i = 0; i < out.schema.size(); ++i) out.schema[i].type = types.type(i);
  out.rows.reserve(records);
  TRY(each_record(text, separator, what, [&](const std::vector<std::string>& fields) {
    Row& row = out.rows.emplace_back();
    row.reserve(fields.size());
    for (std::size_t i = 0; i < fields.size(); ++i) row.push_back(convert(Value::text(whole_letters(fields[i])), Type::string, out.schema[i].type));
  }));
  return out;
}

base::Result<const base::JsonObject*> object_of(const base::Json& json, std::string_view what, std::size_t line) {
  if (const auto* object = json.if_object()) return object;
  return base::fail(base::Kind::invalid_input, fmt::format("{}: line {}: an object is expected", what, line));
}

// A table out of objects, each of which is shown twice: for the columns, and for its values.
class ObjectTable {
 public:
  base::Result<void> see(const base::JsonObject& object, std::string_view what) {
    ++rows_;
    for (const auto& member : object) {
      const auto [at, added] = columns_.emplace(std::string(member.key()), names_.size());
      if (added) names_.emplace_back(member.key());
      if (names_.size() > kMostColumns) return base::fail(base::Kind::too_large, fmt::format("{}: more than {} columns", what, kMostColumns));
      if (!member.value().is_null()) types_.see(at->second, type_of_json(member.value()));
    }
    return {};
  }
  void end_of_columns() {
    for (std::size_t i = 0; i < names_.size(); ++i) table_.schema.push_back({names_[i], types_.type(i)});
    table_.rows.reserve(rows_);
  }
  void add(const base::JsonObject& object) {
    Row& row = table_.rows.emplace_back();
    row.reserve(table_.schema.size());
    for (const Column& column : table_.schema) row.push_back(missing(column.type));
    for (const auto& member : object) {
      const std::size_t at = columns_.find(std::string_view(member.key()))->second;
      row[at] = from_json(member.value(), table_.schema[at].type);
    }
  }
  Table take() { return std::move(table_); }

 private:
  std::map<std::string, std::size_t, std::less<>> columns_;
  std::vector<std::string> names_;
  ColumnTypes types_;
  std::size_t rows_ = 0;
  Table table_;
};

using TakeObject = std::function<base::Result<void>(const base::JsonObject& object)>;

base::Result<void> each_line(std::string_view text, std::string_view what, const TakeObject& take) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto [line, rest] = base::cut(text, "\n");
    text = rest;
    if (base::trim(line).empty()) continue;
    const base::Json json = TRY(base::parse_json(line, fmt::format("{}: line {}", what, number)));
    TRY(take(*TRY(object_of(json, what, number))));
  }
  return {};
}

base::Result<void> each_element(const base::JsonArray& array, std::string_view what, const TakeObject& take) {
  for (const base::Json& element : array) TRY(take(*TRY(object_of(element, what, 1))));
  return {};
}

base::Result<Table> read_json(std::string_view text, std::string_view what) {
  if (text.substr(0, 3) == "\xef\xbb\xbf") text.remove_prefix(3);  // a byte order mark
  ObjectTable table;
  const TakeObject see = [&](const base::JsonObject& object) { return table.see(object, what); };
  const TakeObject add = [&](const base::JsonObject& object) -> base::Result<void> {
    table.add(object);
    return {};
  };
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && text[first] == '[') {
    const base::Json json = TRY(base::parse_json(text, what));
    TRY(each_element(json.get_array(), what, see));
    table.end_of_columns();
    TRY(each_element(json.get_array(), what, add));
    return table.take();
  }
  TRY(each_line(text, what, see));
  table.end_of_columns();
  TRY(each_line(text, what, add));
  return table.take();
}

bool ends_with(std::string_view name, std::string_view end) {
  return name.size() >= end.size() && base::to_lower(name.substr(name.size() - end.size())) == end;
}

// As such files write them: in any case, and with names of other languages.
std::optional<Type> type_of_schema(std::string_view word) {
  const std::string lower = base::to_lower(word);
  return lower == "bigint" ? std::optional(Type::int64) : parse_type(lower);
}

}  // namespace

base::Result<FileFormat> file_format_of(std::string_view name) {
  if (ends_with(name, ".csv")) return FileFormat::csv;
  if (ends_with(name, ".tsv")) return FileFormat::tsv;
  for (const std::string_view end : {".jsonl", ".ndjson", ".json"})
    if (ends_with(name, end)) return FileFormat::json_lines;
  return base::fail(base::Kind::unsupported, fmt::format("{}: a table is read from .csv, .tsv, .jsonl, .ndjson, .json or .parquet", name));
}

base::Result<Table> read_table(std::string_view text, FileFormat format, std::string_view what) {
  switch (format) {
    case FileFormat::csv: return read_separated(text, ',', what);
    case FileFormat::tsv: return read_separated(text, '\t', what);
    case FileFormat::json_lines: return read_json(text, what);
  }
  return base::fail(base::Kind::internal, "unknown format of a table");
}

base::Result<Schemas> read_schemas(std::string_view csv, std::string_view what) {
  std::map<std::string, model::TableSchema> tables;
  Schemas out;
  bool has_header = false;
  std::size_t number = 0;
  const auto read = base::read_csv(csv, ',', [&](const std::vector<std::string>& fields) {
    if (++number == 1) return has_header = fields.size() >= 3 && fields[0] == "table_name" && fields[1] == "column_name" && fields[2] == "column_type";
    const auto type = fields.size() < 3 ? std::nullopt : type_of_schema(fields[2]);
    if (!type) {
      if (out.passed_over++ == 0) out.first_passed_over = fmt::format("record {} names no type of KQL", number);
      return true;
    }
    model::TableSchema& table = tables[fields[0]];
    table.name = fields[0];
    if (table.find(fields[1]) == nullptr) table.columns.push_back({fields[1], *type, fields.size() > 3 ? fields[3] : std::string()});
    return true;
  });
  if (!read) return base::fail(read.error().with_context(what));
  if (!has_header)
    return base::fail(base::Kind::invalid_input, fmt::format("{}: the first line has to be table_name,column_name,column_type,description", what));
  for (auto& [name, table] : tables) out.tables.push_back(std::move(table));
  return out;
}

}  // namespace kql
