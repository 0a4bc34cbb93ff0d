// SPDX-License-Identifier: Apache-2.0
// Microsoft.ContainerRegistry: registries, their repositories and images.
#pragma once

#include "arm/resource_manager.hpp"
#include "providers/services.hpp"

namespace providers {

// Every registry, repository and image, with their actions. `services` outlives the manager.
void declare_container_registry(arm::ResourceManager& manager, const Services& services);

// Answers one request of a webhook: POST /webhooks/registries/{name}, or the handshake by OPTIONS. Both prove the secret.
net::ServerResponse take_webhook(const Services& services, arm::ResourceManager& manager, const std::string& registry_name,
                                 const net::ServerRequest& request);

}  // namespace providers
