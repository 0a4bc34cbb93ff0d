// SPDX-License-Identifier: Apache-2.0
// Role definitions (Microsoft.Authorization/roleDefinitions@2022-04-01).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "arm/rbac.hpp"
#include "base/json.hpp"

namespace arm {

enum class RoleType { built_in, custom };  // "BuiltInRole", "CustomRole"

struct RoleDefinition {
  std::string id;  // a UUID in lower case: the name of the resource
  std::string name;
  std::string description;
  RoleType type = RoleType::custom;
  std::vector<Permission> permissions;
  std::vector<std::string> assignable_scopes;  // as written
};

// Why a text is no action or pattern of actions ("Microsoft.Security/*/read"), in words that go on after it; nothing where it
// is one.
std::optional<std::string_view> action_pattern_fault(std::string_view pattern);

bool is_uuid(std::string_view text);  // 8-4-4-4-12 hexadecimal digits

// The `properties` of a role that a user defines: {roleName, description, permissions: [{actions, notActions, dataActions,
// notDataActions}], assignableScopes}. Kind::invalid_input names the member; Kind::unsupported for a condition, which
// would narrow what we should grant too widely without it.
base::Result<RoleDefinition> role_from_properties(std::string_view id, const base::Json& properties);
base::Json role_to_properties(const RoleDefinition& role);

// What access is decided by; its id_key is the one of "/providers/Microsoft.Authorization/roleDefinitions/{id}".
Role role_of(const RoleDefinition& definition);

// The UUID, lower case, at the end of a role definition's id, whatever scope stands in front of it; "" where there is none.
std::string role_uuid(std::string_view role_definition_id);

}  // namespace arm
