// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "arm/rbac.hpp"

namespace arm {

// Keys of resources from `begin` on and before `end`, in byte order, as an index of the store has them.
struct KeyRange {
  std::string begin, end;
};

// Where at and below a scope the action is granted, in order and without overlap: what a list reads. Deny assignments must
// still be asked by Access::allows.
std::vector<KeyRange> granted_ranges(const Access& access, std::string_view action, const std::string& scope_key);

}  // namespace arm
