// SPDX-License-Identifier: Apache-2.0
// A SELECT that grows operator by operator until one does not fit; then it becomes the subquery of the next.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kql/sql/scalar_writer.hpp"

namespace kql {

struct OrderSql {
  std::string expression;
  std::string direction;  // "DESC NULLS LAST"
};

struct Select {
  std::string from;                 // "`db`.`table` AS t1", "(SELECT …) AS t2", with what it joins
  std::vector<ColumnSql> columns;   // of the schema, on `from`. Empty text: nobody needs it
  std::vector<std::string> where;
  std::optional<std::vector<std::string>> keys;  // of GROUP BY; without a key: one row
  std::vector<OrderSql> order;
  std::vector<std::string> one_by;  // LIMIT 1 BY
  std::optional<std::uint64_t> limit;

  bool ends() const { return keys || limit || !one_by.empty(); }  // no more conditions
};

// Gives each subquery and column of a statement a name of its own: t1, c2, e3 …
class SqlNamer {
 public:
  std::string next(char letter) { return letter + std::to_string(++last_); }

 private:
  int last_ = 0;
};

// The text, with the columns as they are named there; "" for those that are not needed.
struct Rendered {
  std::string text;
  std::vector<std::string> names;
};
// `extra`: expressions that stand behind the columns. Where no column is needed there is one that means nothing.
Rendered render(const Select& select, const std::vector<bool>& needed, const std::vector<std::string>& extra, SqlNamer& namer);

// The same rows as a subquery's, with their order.
Select as_subquery(const Select& select, const std::vector<bool>& needed, SqlNamer& namer);

}  // namespace kql
