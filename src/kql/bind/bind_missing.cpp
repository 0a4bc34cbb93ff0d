// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "kql/bind/binder_state.hpp"

namespace kql {

#define MISSING(Type)                                                              \
  RelationPtr Binder::bind(const Type&, const Operator& op, RelationPtr) {         \
    report(op.keyword, "the operator '" #Type "' is not supported");               \
    return broken_rows();                                                          \
  }
MISSING(TopNested)
MISSING(ParseKv)
MISSING(MakeSeries)
MISSING(Search)
MISSING(Find)
MISSING(Scan)
MISSING(Reduce)

}  // namespace kql
