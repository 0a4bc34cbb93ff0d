// SPDX-License-Identifier: Apache-2.0
// parse and parse-where.
#include <re2/re2.h>

#include "kql/evaluate/evaluator.hpp"
#include "kql/evaluate/scalar.hpp"
#include "kql/regex.hpp"

namespace kql {

namespace {

// The captured texts as values of their columns; nothing where the text does not match, or a value is none of its type.
std::optional<Row> captured(const ParseRows& parse, const re2::RE2& pattern, const std::string& text, const Schema& schema) {
  std::vector<re2::StringPiece> groups(static_cast<std::size_t>(pattern.NumberOfCapturingGroups()) + 1);
  if (!pattern.Match(text, 0, text.size(), re2::RE2::UNANCHORED, groups.data(), static_cast<int>(groups.size()))) return std::nullopt;
  Row out;
  for (const ParseRows::Capture& capture : parse.captures) {
    const re2::StringPiece& group = groups[static_cast<std::size_t>(capture.group)];
    const Type type = schema[capture.column].type;
    Value value = convert(Value::text(std::string(group.data() == nullptr ? "" : group.data(), group.size())), Type::string, type);
    if (value.is_null() && !parse.relaxed) return std::nullopt;
    out.push_back(std::move(value));
  }
  return out;
}

}  // namespace

base::Result<Rows> Evaluator::rows_of(const ParseRows& parse, const Schema& schema) {
  TRY(check_regex(parse.pattern));
  const re2::RE2& pattern = *compiled_regex(parse.pattern);
  Rows out;
  for (Row& row : TRY(run(*parse.input))) {
    TRY(check(out.size(), schema));
    auto values = captured(parse, pattern, evaluate(*parse.source, row).text(), schema);
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

}  // namespace kql
