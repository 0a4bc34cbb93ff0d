// SPDX-License-Identifier: Apache-2.0
// What the workspace is told of a registry's events: rows of ContainerRegistryRepositoryEvents. None is of
// ContainerRegistryLoginEvents: no registry tells of sign-ins by webhook, and a push says who was let in, not that somebody
// signed in then (docs/logs.md has how those rows come).
#pragma once

#include "events/delivery.hpp"
#include "providers/container_registry/registry.hpp"
#include "store/database.hpp"
#include "store/jobs.hpp"

namespace providers {

// Nothing for what is no event of a repository (a ping).
base::Result<void> record_event(store::Session& session, const Registry& registry, const events::RegistryEvent& event, store::Millis now);

}  // namespace providers
