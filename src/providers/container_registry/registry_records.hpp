// SPDX-License-Identifier: Apache-2.0
// What the workspace is told of a registry's events: rows of ContainerRegistryRepositoryEvents.
#pragma once

#include "events/delivery.hpp"
#include "providers/container_registry/registry.hpp"
#include "store/database.hpp"
#include "store/jobs.hpp"

namespace providers {

// Nothing for what is no event of a repository (a ping).
base::Result<void> record_event(store::Session& session, const Registry& registry, const events::RegistryEvent& event, store::Millis now);

}  // namespace providers
