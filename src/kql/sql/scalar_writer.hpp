// SPDX-License-Identifier: Apache-2.0
// SQL of expressions.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "kql/functions/function.hpp"
#include "kql/plan/plan.hpp"

namespace kql {

using Sql = base::Result<std::string>;

// A column of the rows that an expression is written on.
struct ColumnSql {
  std::string sql;
  bool nullable = true;  // strings and dynamics never are
  bool indexed = false;  // a stored column with a text index
  bool stored = false;   // a stored column: a datetime within 1900 and 2299
};

// An expression longer than this is not written: it would be repeated in itself.
inline constexpr std::size_t kLongestExpression = 64 << 10;
// Calls within calls. The engine reads about a thousand levels of brackets, of which a call can take a few.
inline constexpr int kDeepestExpression = 150;
inline constexpr std::string_view kTooDeep = "an expression nested as deeply as this";

class ScalarWriter {
 public:
  explicit ScalarWriter(std::span<const ColumnSql> columns) : columns_(columns) {}

  // The value, null where it is null.
  Sql value(const Scalar& scalar) const;
  // A condition that holds exactly where the value is true; where it is not, it is false or NULL.
  Sql truth(const Scalar& scalar) const;

  // Of a call's arguments.
  Sql argument(const Call& call, std::size_t i) const { return value(*call.arguments[i]); }

  const ColumnSql* column(const Scalar& scalar) const;  // null where it is no column
  bool may_be_null(const Scalar& scalar) const;

 private:
  Sql value_within(const Scalar& scalar) const;
  Sql call_value(const Scalar& scalar, const Call& call) const;
  Sql from_template(const Scalar& scalar, const Call& call, std::string_view text) const;

  std::span<const ColumnSql> columns_;
  mutable int depth_ = 0;  // of the expression that is being written
};

// SQL of a function that a template cannot say, by the function's name. Of the others the template is taken (Function::sql).
struct SqlForm {
  std::string_view name;
  Sql (*value)(const ScalarWriter& writer, const Scalar& scalar, const Call& call);
  Sql (*truth)(const ScalarWriter& writer, const Scalar& scalar, const Call& call) = nullptr;  // where it is simpler
};

std::span<const SqlForm> operator_forms();
std::span<const SqlForm> condition_forms();
std::span<const SqlForm> string_operator_forms();
std::span<const SqlForm> string_forms();
std::span<const SqlForm> conversion_forms();
std::span<const SqlForm> dynamic_forms();
std::span<const SqlForm> datetime_forms();
const SqlForm* sql_form(std::string_view function);  // null where there is none

// --- What forms are made of ---

base::Error no_sql(std::string_view what);  // "there is no exact SQL of …"

const Call* call_of(const Scalar& scalar, std::string_view function);  // null where it is another expression
const Value* literal_of(const Scalar& scalar);                         // null where it is no literal
const std::string* text_literal(const Call& call, std::size_t i);      // null where the argument is no literal text
constexpr bool is_text_in_sql(Type type) { return type == Type::string || type == Type::dynamic; }  // never NULL

std::string joined_sql(const std::vector<std::string>& parts, std::string_view between);
// The condition, or its negation in parentheses: NOT binds less than the comparison it may stand in.
std::string negated_unless(bool wanted, const std::string& condition);

// An argument of any type as text.
Sql text_argument(const ScalarWriter& w, const Call& call, std::size_t i);

// A pattern of KQL's (kql/regex.hpp) as a literal of the engine's. Kind::unsupported where the engine cannot take it. `open`
// and `close` stand around it: "(" and ")" make it a group.
Sql regex_literal(std::string_view pattern, std::string_view open = "", std::string_view close = "");

// Whether a pattern may match without taking a letter; behind such a match the engine goes on otherwise than KQL.
bool may_match_nothing(std::string_view pattern);
// Whether it has, or may have, ^, $, \b and the like: where the engine looks for all matches, each rest of the text begins anew.
bool looks_around(std::string_view pattern);

// A text as fold_case() has it.
std::string folded_sql(std::string_view text);
// A text as tostring() prints a value that is not null; '' for NULL.
Sql text_of_value(const std::string& value, Type type);

}  // namespace kql
