// SPDX-License-Identifier: Apache-2.0
// parse, parse-where and parse-kv.
#include <re2/re2.h>

#include <algorithm>

#include "base/text.hpp"
#include "kql/evaluate/evaluator.hpp"
#include "kql/evaluate/scalar.hpp"
#include "kql/regex.hpp"

namespace kql {

namespace {

Value of_captured(std::string_view text, Type type) { return convert(Value::text(text), Type::string, type); }

// The captured texts as values of their columns; nothing where the text does not match, or a value is none of its type.
std::optional<Row> captured(const ParseRows& parse, const std::string& text, const Schema& schema) {
  const re2::RE2* pattern = compiled_regex(parse.pattern, text);
  if (pattern == nullptr) return std::nullopt;
  std::vector<re2::StringPiece> groups(static_cast<std::size_t>(pattern->NumberOfCapturingGroups()) + 1);
  if (!pattern->Match(text, 0, text.size(), re2::RE2::UNANCHORED, groups.data(), static_cast<int>(groups.size()))) return std::nullopt;
  Row out;
  for (const ParseRows::Capture& capture : parse.captures) {
    const re2::StringPiece& group = groups[static_cast<std::size_t>(capture.group)];
    const Type type = schema[capture.column].type;
    Value value = of_captured(group.data() == nullptr ? std::string_view() : std::string_view(group.data(), group.size()), type);
    if (value.is_null() && !parse.relaxed && type != Type::dynamic) return std::nullopt;
    out.push_back(std::move(value));
  }
  return out;
}

// The value of each key, in the order of the columns; the first of several.
std::vector<std::optional<std::string>> values_of_keys(const ParseKvRows& parse, const std::string& text, const Schema& schema) {
  std::vector<std::optional<std::string>> out(parse.columns.size());
  std::size_t missing_keys = out.size();
  for_each_pair(text, parse.rules, [&](std::string_view key, std::string value) {
    for (std::size_t i = 0; i < out.size(); ++i) {
      if (out[i] || schema[parse.columns[i]].name != key) continue;
      out[i] = std::move(value);
      --missing_keys;
      break;
    }
    return missing_keys > 0;
  });
  return out;
}

}  // namespace

base::Result<Rows> Evaluator::rows_of(const ParseRows& parse, const Schema& schema) {
  TRY(check_regex(parse.pattern));
  Rows out;
  for (Row& row : TRY(run(*parse.input))) {
    TRY(check(out.size(), schema));
    auto values = captured(parse, evaluate(*parse.source, row).text(), schema);
    if (!values && parse.drop_unmatched) continue;
    row.resize(schema.size());
    for (std::size_t i = 0; i < parse.captures.size(); ++i) {
      const std::size_t column = parse.captures[i].column;
      row[column] = values ? std::move((*values)[i]) : missing(schema[column].type);
    }
    out.push_back(std::move(row));
  }
  return out;
}

base::Result<Rows> Evaluator::rows_of(const ParseKvRows& parse, const Schema& schema) {
  Rows out;
  for (Row& row : TRY(run(*parse.input))) {
    TRY(check(out.size(), schema));
    const auto values = values_of_keys(parse, evaluate(*parse.source, row).text(), schema);
    row.resize(schema.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::size_t column = parse.columns[i];
      const Type type = schema[column].type;
      row[column] = values[i] ? of_captured(*values[i], type) : missing(type);
    }
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace kql
