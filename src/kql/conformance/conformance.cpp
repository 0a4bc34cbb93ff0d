// SPDX-License-Identifier: Apache-2.0
#include "kql/conformance/conformance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "kql/number.hpp"
#include "kql/time.hpp"

namespace kql {

namespace {

struct Case {
  std::string id, query, kind;  // kind: "complete" where the form has none
  bool printed = false;         // cells as a person reads them
  bool ordered = false, any_rows = false;
  bool loose = false;           // a sketch's answer
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};

std::string text_of_cell(const base::Json& cell) {
  return cell.is_string() ? std::string(base::as_string(cell)) : cell.is_null() ? std::string() : base::to_text(cell);
}

base::Result<Case> read_case(std::string_view line) {
  const base::Json json = TRY(base::parse_json(line, "a case"));
  Case out;
  out.id = base::get_string(json, "id");
  out.query = base::get_string(json, "query");
  if (out.query.empty()) return base::fail(base::Kind::invalid_input, "a case needs a member \"query\"");
  out.kind = base::get_string(json, "kind", "complete");
  out.printed = base::find(json, "type_classes") == nullptr;
  out.ordered = base::get_bool(json, "ordered");
  out.any_rows = base::get_bool(json, "any_rows_ok");
  for (const std::string_view word : {"percentile", "dcount", "hll", "tdigest"}) out.loose = out.loose || out.query.find(word) != std::string::npos;
  for (const base::Json& column : base::get_array(json, "columns")) out.columns.push_back(text_of_cell(column));
  for (const base::Json& row : base::get_array(json, "rows")) {
    out.rows.emplace_back();
    if (const auto* cells = row.if_array())
      for (const base::Json& cell : *cells) out.rows.back().push_back(text_of_cell(cell));
  }
  return out;
}

bool equal_numbers(double left, double right, bool loose) {
  if (std::isnan(left) || std::isnan(right)) return std::isnan(left) && std::isnan(right);
  if (std::isinf(left) || std::isinf(right)) return left == right;
  return std::abs(left - right) <= (loose ? 1e-2 : 1e-9) * std::max({1.0, std::abs(left), std::abs(right)});
}

bool equal_json(const base::Json& left, const base::Json& right, bool loose) {
  if (left.is_number() && right.is_number()) return equal_numbers(left.to_number<double>(), right.to_number<double>(), loose);
  const auto* left_array = left.if_array();
  const auto* right_array = right.if_array();
  if (left_array != nullptr && right_array != nullptr)
    return left_array->size() == right_array->size() &&
           std::equal(left_array->begin(), left_array->end(), right_array->begin(), [&](const auto& a, const auto& b) { return equal_json(a, b, loose); });
  const auto* left_object = left.if_object();
  const auto* right_object = right.if_object();
  if (left_object != nullptr && right_object != nullptr)
    return left_object->size() == right_object->size() && std::all_of(left_object->begin(), left_object->end(), [&](const auto& member) {
             const auto* other = right_object->if_contains(member.key());
             return other != nullptr && equal_json(member.value(), *other, loose);
           });
  const auto text = [](const base::Json& json) { return json.is_string() ? std::string(base::as_string(json)) : dynamic_text(json); };
  return text(left) == text(right);
}

// "[yes, no]", as documentation prints an array: without quotes.
std::string without_quotes_and_blanks(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c != '"' && c != '\'' && c != ' ' && c != '\n' && c != '\t' && c != '\r') out += c;
  return base::to_lower(out);
}

std::optional<double> printed_number(std::string text) {
  text.erase(std::remove(text.begin(), text.end(), ','), text.end());
  return parse_real_number(base::trim(text));
}

// "[ ... ]" and "[1,2,.....,9]": what a page leaves out of a long value. What it prints around that must begin and end the value.
bool equal_around_gap(std::string_view text, std::string_view expected) {
  const std::size_t gap = expected.find("...");
  if (gap == std::string_view::npos) return false;
  const std::string_view before = expected.substr(0, gap), behind = expected.substr(std::min(expected.find_first_not_of('.', gap), expected.size()));
  return text.size() >= before.size() + behind.size() && text.starts_with(before) && text.ends_with(behind);
}

bool equal_dynamic(const Value& value, const std::string& expected, const Case& of) {
  if (value.is_null()) return expected.empty() || expected == "null";
  const Value read = parse_dynamic(expected);
  if (!read.is_null() && equal_json(value.json(), read.json(), of.loose)) return true;
  if (!of.printed) return false;
  const std::string text = without_quotes_and_blanks(dynamic_text(value.json())), wanted = without_quotes_and_blanks(expected);
  return text == wanted || equal_around_gap(text, wanted);
}

bool equal_time(const Value& value, Type type, const std::string& expected) {
  std::string text = expected;
  if (type == Type::timespan && std::count(text.begin(), text.end(), ':') == 3) text[text.find(':')] = '.';
  const auto ticks = type == Type::datetime ? parse_datetime(text) : parse_timespan(text);
  return ticks && *ticks == value.integer();
}

// As a page shows the Markdown of a cell: <https://…> without its brackets, a no-break space as a blank.
std::string as_shown(std::string_view cell) {
  std::string text(base::trim(cell));
  for (std::size_t at = text.find("\xc2\xa0"); at != std::string::npos; at = text.find("\xc2\xa0", at)) text.replace(at, 2, " ");
  const bool is_link = text.size() > 2 && text.front() == '<' && text.back() == '>' && text.find("://") != std::string::npos;
  return is_link ? text.substr(1, text.size() - 2) : text;
}

bool equal_cell(const Value& value, Type type, std::string expected, const Case& of) {
  if (of.printed && type != Type::string) expected = base::trim(expected);
  if (!of.printed && type == Type::string) {
    if (expected.size() >= 2 && expected.front() == '\'' && expected.back() == '\'') expected = expected.substr(1, expected.size() - 2);
    return value.text() == expected;
  }
  if (type == Type::dynamic) return equal_dynamic(value, expected, of);
  const bool empty = expected.empty() || expected == "null";
  if (type == Type::string) return value.text() == expected || (of.printed && as_shown(value.text()) == as_shown(expected)) || (empty && value.text().empty());
  if (value.is_null() || empty) return value.is_null() && empty;
  switch (type) {
    case Type::boolean: {
      const std::string word = base::to_lower(expected);
      return value.boolean() == (word == "true" || word == "1");
    }
    case Type::datetime:
    case Type::timespan: return equal_time(value, type, expected);
    case Type::guid: return value.text() == base::to_lower(expected);
    default: {
      const auto number = printed_number(expected);
      const Value real = convert(value, type, Type::real);
      return number && !real.is_null() && equal_numbers(real.real(), *number, of.loose);
    }
  }
}

bool equal_row(const Row& row, const Schema& schema, const std::vector<std::string>& expected, const Case& of) {
  if (row.size() != expected.size()) return false;
  for (std::size_t i = 0; i < row.size(); ++i)
    if (!equal_cell(row[i], schema[i].type, expected[i], of)) return false;
  return true;
}

bool equal_names(const Table& table, const Case& of) {
  if (table.schema.size() != of.columns.size()) return false;
  for (std::size_t i = 0; i < table.schema.size(); ++i) {
    const std::string& name = table.schema[i].name;
    if (name != of.columns[i] && !(of.printed && base::to_lower(name) == base::to_lower(of.columns[i]))) return false;
  }
  return true;
}

bool equal_rows(const Table& table, const Case& of) {
  if (of.kind == "sampled" ? table.rows.size() < of.rows.size() : table.rows.size() != of.rows.size()) return false;
  std::vector<bool> taken(table.rows.size());
  for (std::size_t i = 0; i < of.rows.size(); ++i) {
    bool found = false;
    for (std::size_t k = of.ordered ? i : 0; k < (of.ordered ? i + 1 : table.rows.size()) && !found; ++k) {
      if (taken[k] || !equal_row(table.rows[k], table.schema, of.rows[i], of)) continue;
      taken[k] = found = true;
    }
    if (!found) return false;
  }
  return true;
}

std::string printed(const std::vector<std::string>& columns, const std::vector<std::vector<std::string>>& rows) {
  std::string out = base::join(columns, " | ");
  for (const auto& row : rows) out += "\n" + base::join(row, " | ");
  return out;
}

std::string printed(const Table& table) {
  std::vector<std::string> columns;
  for (const Column& column : table.schema) columns.push_back(fmt::format("{}:{}", column.name, type_name(column.type)));
  std::vector<std::vector<std::string>> rows;
  for (const Row& row : table.rows) {
    rows.emplace_back();
    for (std::size_t i = 0; i < row.size(); ++i) rows.back().push_back(row[i].is_null() ? "null" : to_text(row[i], table.schema[i].type));
    if (rows.size() == 50) break;
  }
  return printed(columns, rows);
}

}  // namespace

base::Result<CaseOutcome> run_case(std::string_view line, const RunQuery& run) {
  const Case of = TRY(read_case(line));
  CaseOutcome out{CaseOutcome::Status::skipped, of.id, of.query, {}, {}};
  if (of.kind == "unstable") return out;
  const auto table = run(of.query);
  const bool wants_error = of.kind == "error";
  bool passed = wants_error ? !table : table && (of.any_rows || equal_rows(*table, of)) && equal_names(*table, of);
  out.status = passed ? CaseOutcome::Status::passed : CaseOutcome::Status::failed;
  if (passed) return out;
  out.expected = wants_error ? "an error" : printed(of.columns, of.rows);
  out.got = table ? printed(*table) : "error: " + table.error().message;
  return out;
}

}  // namespace kql
