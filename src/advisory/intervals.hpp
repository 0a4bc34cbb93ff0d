// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "advisory/record.hpp"
#include "advisory/version.hpp"

namespace advisory {

// Versions v with lower <= v < upper, or v <= upper where `inclusive`. An empty bound is no bound.
struct Interval {
  std::string_view lower;
  std::string_view upper;
  bool inclusive = false;
};

// The intervals of a range, by the evaluation of the OSV schema (section "Evaluation"): events in version order, each
// `introduced` opens and each `fixed` or `last_affected` closes.
std::vector<Interval> intervals_of(Scheme scheme, const Range& range);

bool contains(Scheme scheme, const Interval& interval, std::string_view version);

}  // namespace advisory
