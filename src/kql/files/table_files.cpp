// SPDX-License-Identifier: Apache-2.0
#include "kql/files/table_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/csv.hpp"
#include "base/text.hpp"
#include "kql/number.hpp"
#include "kql/time.hpp"

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

base::Result<Table> read_separated(std::string_view text, char separator, std::string_view what) {
  Table out;
  ColumnTypes types;
  std::vector<std::vector<std::string>> records;
  std::string fault;
  const auto read = base::read_csv(text, separator, [&](const std::vector<std::string>& fields) {
    if (out.schema.empty()) {
      for (const std::string& name : fields) out.schema.push_back({name, Type::string});
      return true;
    }
    if (fields.size() != out.schema.size()) {
      fault = fmt::format("record {} has {} fields and the header {}", records.size() + 2, fields.size(), out.schema.size());
      return false;
    }
    for (std::size_t i = 0; i < fields.size(); ++i)
      if (!fields[i].empty()) types.see(i, type_of_text(fields[i]));
    records.push_back(fields);
    return true;
  });
  if (!read) return base::fail(read.error().with_context(what));
  if (!fault.empty()) return base::fail(base::Kind::invalid_input, fmt::format("{}: {}", what, fault));
  for (std::size_t i = 0; i < out.schema.size(); ++i) out.schema[i].type = types.type(i);
  for (const auto& record : records) {
    Row& row = out.rows.emplace_back();
    for (std::size_t i = 0; i < record.size(); ++i) row.push_back(convert(Value::text(record[i]), Type::string, out.schema[i].type));
  }
  return out;
}

class ObjectRows {
 public:
  base::Result<void> add(const base::Json& json, std::string_view what, std::size_t line) {
    const auto* object = json.if_object();
    if (object == nullptr) return base::fail(base::Kind::invalid_input, fmt::format("{}: line {}: an object is expected", what, line));
    auto& cells = cells_.emplace_back();
    for (const auto& member : *object) {
      const auto [at, added] = columns_.emplace(std::string(member.key()), names_.size());
      if (added) names_.emplace_back(member.key());
      if (names_.size() > kMostColumns) return base::fail(base::Kind::too_large, fmt::format("{}: more than {} columns", what, kMostColumns));
      if (!member.value().is_null()) types_.see(at->second, type_of_json(member.value()));
      cells.emplace_back(at->second, member.value());
    }
    return {};
  }

  Table table() const {
    Table out;
    for (std::size_t i = 0; i < names_.size(); ++i) out.schema.push_back({names_[i], types_.type(i)});
    for (const auto& cells : cells_) {
      Row& row = out.rows.emplace_back();
      for (const Column& column : out.schema) row.push_back(missing(column.type));
      for (const auto& [column, json] : cells) row[column] = from_json(json, out.schema[column].type);
    }
    return out;
  }

 private:
  std::map<std::string, std::size_t> columns_;
  std::vector<std::string> names_;
  ColumnTypes types_;
  std::vector<std::vector<std::pair<std::size_t, base::Json>>> cells_;
};

base::Result<Table> read_json(std::string_view text, std::string_view what) {
  ObjectRows rows;
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && text[first] == '[') {
    const base::Json json = TRY(base::parse_json(text, what));
    for (const base::Json& element : json.get_array()) TRY(rows.add(element, what, 1));
    return rows.table();
  }
  std::size_t number = 0;
  for (const std::string_view line : base::split_lines(text)) {
    ++number;
    if (base::trim(line).empty()) continue;
    TRY(rows.add(TRY(base::parse_json(line, fmt::format("{}: line {}", what, number))), what, number));
  }
  return rows.table();
}

// Schemas that were taken from other systems write types in any case, and the name of SQL.
std::optional<Type> type_of_schema(std::string_view word) {
  const std::string lower = base::to_lower(word);
  return lower == "bigint" ? Type::int64 : parse_type(lower);
}

bool ends_with(std::string_view name, std::string_view end) {
  return name.size() >= end.size() && base::to_lower(name.substr(name.size() - end.size())) == end;
}

}  // namespace

base::Result<FileFormat> file_format_of(std::string_view name) {
  if (ends_with(name, ".csv")) return FileFormat::csv;
  if (ends_with(name, ".tsv")) return FileFormat::tsv;
  for (const std::string_view end : {".jsonl", ".ndjson", ".json"})
    if (ends_with(name, end)) return FileFormat::json_lines;
  return base::fail(base::Kind::unsupported, fmt::format("{}: a table is read from .csv, .tsv, .jsonl, .ndjson or .json", name));
}

base::Result<Table> read_table(std::string_view text, FileFormat format, std::string_view what) {
  switch (format) {
    case FileFormat::csv: return read_separated(text, ',', what);
    case FileFormat::tsv: return read_separated(text, '\t', what);
    case FileFormat::json_lines: return read_json(text, what);
  }
  return base::fail(base::Kind::internal, "unknown format of a table");
}

base::Result<std::vector<model::TableSchema>> read_schemas(std::string_view csv, std::string_view what) {
  std::map<std::string, model::TableSchema> tables;
  std::string fault;
  std::size_t number = 0;
  const auto read = base::read_csv(csv, ',', [&](const std::vector<std::string>& fields) {
    if (++number == 1) {
      if (fields.size() < 3 || fields[0] != "table_name" || fields[1] != "column_name" || fields[2] != "column_type")
        fault = "the first line has to be table_name,column_name,column_type,description";
      return fault.empty();
    }
    if (fields.size() < 3) fault = fmt::format("record {} has {} fields, and a column takes three", number, fields.size());
    if (!fault.empty()) return false;
    model::TableSchema& table = tables[fields[0]];
    table.name = fields[0];
    const auto type = type_of_schema(fields[2]);
    if (type && table.find(fields[1]) == nullptr) table.columns.push_back({fields[1], *type, fields.size() > 3 ? fields[3] : std::string()});
    return true;
  });
  if (!read) return base::fail(read.error().with_context(what));
  if (!fault.empty()) return base::fail(base::Kind::invalid_input, fmt::format("{}: {}", what, fault));
  std::vector<model::TableSchema> out;
  for (auto& [name, table] : tables) out.push_back(std::move(table));
  return out;
}

}  // namespace kql
