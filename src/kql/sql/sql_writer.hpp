// SPDX-License-Identifier: Apache-2.0
// ClickHouse SQL of a bound plan: of a whole relation, in one SELECT, wherever the engine's answer is exactly KQL's.
//
// How values stand in SQL: bool Nullable(Bool), int Nullable(Int32), long Nullable(Int64), real Nullable(Float64), guid
// Nullable(UUID), datetime Nullable(DateTime64(7, 'UTC')) with ticks before 1900 and behind 2299 as they are (nothing that
// would clamp them is called), timespan Nullable(Int64) of ticks, string String and never null, dynamic String of JSON text
// and '' for null, decimal as it is stored and otherwise not at all.
//
// Where a value turns up that the SQL has no exact answer for, it raises error 395
// (FUNCTION_THROW_IF_VALUE_IS_NON_ZERO) with kNoExactAnswer in its text: the rows have to be computed by the evaluator.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "kql/plan/plan.hpp"

namespace kql {

inline constexpr std::size_t kLongestSql = 8u << 20;  // bytes of a statement
inline constexpr std::string_view kNoExactAnswer = "no exact answer in SQL";

// A stored table as the engine has it: its rows are those of all its parts; without a part it is empty.
struct StoredTable {
  struct Part {
    std::string database, table;
    std::vector<std::string> missing;  // columns of the table that this part has not: they are null there
  };
  std::vector<Part> parts;
  std::vector<std::string> required;  // columns that the engine has without Nullable, strings and dynamics aside
  std::vector<std::string> indexed;   // columns with a text index (term_index_sql)
  std::string resource_column, resource;  // where not empty: rows of this resource and those below alone
  struct TimePiece {
    std::string column;
    std::int64_t begin, end;  // ticks; begin <= column < end
  };
  std::optional<TimePiece> piece;  // of the rows that the query asks for, these alone
};

struct SqlNames {
  std::function<std::optional<StoredTable>(std::string_view table)> table;
};

struct SqlText {
  std::string text;
  std::vector<std::size_t> columns;  // of the relation, in the order of the answer; where there is none, it has one that means nothing
};

using NeededColumns = std::map<const Relation*, std::vector<bool>>;

// Which columns of each relation of a plan somebody looks at, given that all of the root's are.
NeededColumns needed_columns(const Relation& root);

// `needed`: of needed_columns; a relation that is not in it gives all its columns. Kind::unsupported where a part of the
// relation has no exact SQL: the message says which.
base::Result<SqlText> write_sql(const Relation& relation, const SqlNames& names, const NeededColumns& needed = {});

// The same plan with filters, limits and sorts as near to the stored tables as they can be, so that what the evaluator
// computes begins with few rows. Parts that were shared stay shared.
RelationPtr push_down(const RelationPtr& root);

// Settings of the engine under which the SQL means what it should.
std::vector<std::pair<std::string, std::string>> sql_settings();

// The expression over which a column's text index stands; tokens of it are KQL's terms in lower case (of ASCII).
// `column`: as it stands in SQL.
std::string term_index_sql(std::string_view column, Type type);

}  // namespace kql
