// SPDX-License-Identifier: Apache-2.0
#include "kql/evaluate/evaluator.hpp"

namespace kql {

base::Result<Rows> Evaluator::rows_of(const ParseKvRows&, const Schema&) { return base::fail(base::Kind::unsupported, "parse-kv"); }

}  // namespace kql
