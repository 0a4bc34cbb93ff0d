// SPDX-License-Identifier: Apache-2.0
// How large a plan is for those who walk through it.
#pragma once

#include <cstdint>

#include "kql/plan/plan.hpp"

namespace kql {

// Relations, each counted at every place where it stands: `let b = union a, a; let c = union b, b` doubles with each line.
// What materialize() shares counts once. Never more than 2^62.
std::uint64_t written_out_size(const Relation& root);

}  // namespace kql
