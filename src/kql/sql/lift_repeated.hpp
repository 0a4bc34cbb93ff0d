// SPDX-License-Identifier: Apache-2.0
// What an expression repeats in its SQL becomes a column of a subquery, written once: a path into a text mentions the text a
// dozen times, and a path into a text that is read from another path that many times squared.
#pragma once

#include <span>
#include <vector>

#include "kql/sql/scalar_writer.hpp"

namespace kql {

struct Lifted {
  std::vector<ColumnSql> columns;   // to be added behind the given ones; empty where nothing is to be lifted
  std::vector<ScalarPtr> scalars;   // with them in place of what was lifted
};

// The innermost repeated parts of the wanted ones of the scalars. What is repeated around those is found when the scalars are
// looked at again, on the columns of the subquery.
Lifted lift_repeated(std::span<const ColumnSql> columns, const std::vector<ScalarPtr>& scalars, const std::vector<bool>& wanted);

}  // namespace kql
