// SPDX-License-Identifier: Apache-2.0
// Microsoft.Resources: tenants, subscriptions, resource groups, the list of resources, providers; and the activity log of
// Microsoft.Insights.
#pragma once

#include <string>

#include "arm/resource_manager.hpp"

namespace providers {

struct Installation {
  std::string tenant_id, subscription_id;
  std::string name = "Bulwark";
};

void declare_resources(arm::ResourceManager& manager, const Installation& installation);

}  // namespace providers
