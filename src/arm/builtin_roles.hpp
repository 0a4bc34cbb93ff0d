// SPDX-License-Identifier: Apache-2.0
// Roles that Bulwark brings along, as content/roles/*.yaml defines them.
#pragma once

#include <string_view>
#include <vector>

#include "arm/role_definition.hpp"

namespace arm {

struct RoleFile {
  std::string_view path;  // as it stands in faults
  std::string_view text;  // {id, name, description, actions, notActions, dataActions, notDataActions, assignableScopes}
};

// The roles of the files, sorted by name. Kind::invalid_input lists every fault with its file and line, one a line.
base::Result<std::vector<RoleDefinition>> read_roles(const std::vector<RoleFile>& files);

// Those in the program; load them once.
base::Result<std::vector<RoleDefinition>> builtin_roles();

}  // namespace arm
