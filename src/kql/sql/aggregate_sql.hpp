// SPDX-License-Identifier: Apache-2.0
// SQL of aggregates.
#pragma once

#include <span>
#include <string>

#include "kql/plan/plan.hpp"
#include "kql/sql/scalar_writer.hpp"

namespace kql {

// `columns`: of the schema, those that the call makes. Where there are several the expression is a tuple of them.
// `ordered`: the rows come in an order that means something, which lists have to keep. `grouped`: there are keys.
// `siblings`: the calls of the same summarize, this one among them.
Sql aggregate_sql(const ScalarWriter& writer, const AggregateCall& call, std::span<const Column> columns, std::span<const AggregateCall> siblings, bool ordered, bool grouped);

}  // namespace kql
