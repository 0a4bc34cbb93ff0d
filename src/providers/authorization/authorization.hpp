// SPDX-License-Identifier: Apache-2.0
// Microsoft.Authorization: role definitions, role assignments, deny assignments and permissions.
#pragma once

#include "arm/access_control.hpp"
#include "arm/resource_manager.hpp"

namespace providers {

void declare_authorization(arm::ResourceManager& manager, arm::AccessControl& access);

// Whether somebody other than `without` (an assignment's key, or a principal's id) still holds Owner at the tenant or the
// subscription: the last one must stay.
base::Result<bool> another_owner(store::Session& session, const std::string& without);

// Makes an assignment at a scope where there is none like it; for first start and configuration as code. True where it was made.
base::Result<bool> assign_role(store::Session& session, const std::string& scope, const std::string& role_guid,
                               const std::string& principal_id, const std::string& principal_type, const std::string& by);

inline constexpr std::string_view kOwnerRole = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
inline constexpr std::string_view kImageApproverRole = "afcea888-3354-4bfa-8ae4-72ac4fdcc7cf";

}  // namespace providers
