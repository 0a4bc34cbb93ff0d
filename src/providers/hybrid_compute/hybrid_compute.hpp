// SPDX-License-Identifier: Apache-2.0
// Microsoft.HybridCompute: container hosts. They enrol, report and are judged; people read them, tag them and remove them.
#pragma once

#include "arm/resource_manager.hpp"
#include "providers/hybrid_compute/hosts.hpp"

namespace providers::hybrid_compute {

void declare_hybrid_compute(arm::ResourceManager& manager, Hosts& hosts);  // `hosts` outlives the manager
arm::ResourceType machine_type(Hosts& hosts);

}  // namespace providers::hybrid_compute
