// SPDX-License-Identifier: Apache-2.0
// The wall before the engine: what of SQL may be sent to answer a query.
//
// It does not trust the writer. A text passes when it is one SELECT, of words, functions and operators of closed lists, that
// reads from the tables named here, from subqueries and from numbers(), and from nothing else; when its literals end where
// the engine ends them; and when it has neither comments nor clauses that write, set or format.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace kql {

struct SqlTableName {
  std::string database, table;
};

// Kind::internal where it may not be sent; the message says what stood there, for a log rather than for who asked.
base::Result<void> check_sql(std::string_view sql, const std::vector<SqlTableName>& tables);

}  // namespace kql
