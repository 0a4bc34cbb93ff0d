// SPDX-License-Identifier: Apache-2.0
#include "kql/evaluate/evaluator.hpp"

namespace kql {

base::Result<Rows> Evaluator::rows_of(const MakeSeriesRows&, const Schema&) { return base::fail(base::Kind::unsupported, "make-series"); }
base::Result<Rows> Evaluator::rows_of(const ScanRows&, const Schema&) { return base::fail(base::Kind::unsupported, "scan"); }
base::Result<Rows> Evaluator::rows_of(const TopNestedRows&, const Schema&) { return base::fail(base::Kind::unsupported, "top-nested"); }

}  // namespace kql
