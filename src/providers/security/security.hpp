// SPDX-License-Identifier: Apache-2.0
// Microsoft.Security: assessments and sub-assessments, their metadata, plans, the secure score; Bulwark.Security: disable
// rules, exemptions, notification channels.
#pragma once

#include "arm/resource_manager.hpp"
#include "providers/services.hpp"
#include "security/recommendations.hpp"

namespace providers {

void declare_security(arm::ResourceManager& manager, const Services& services, const security::Recommendations& recommendations);

}  // namespace providers
