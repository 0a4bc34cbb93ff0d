// SPDX-License-Identifier: Apache-2.0
// Looking at a registry instead of waiting for it to tell: for registries without webhooks, and to catch what was missed.
#pragma once

#include "providers/container_registry/registry.hpp"
#include "providers/services.hpp"
#include "store/jobs.hpp"

namespace providers {

// Runs one job of kind kPollJob, whose payload may name one repository: new tags and digests are taken as pushed, tags and
// images that are gone as removed. Where part of it cannot be read, the rest is; the job fails with what could not.
base::Result<void> run_poll(const Services& services, const store::Job& job);

// Queues the polls that are due; the time of the next one.
base::Result<store::Millis> queue_due_polls(const Services& services, store::Millis now);

// What the last poll came to, for the registry's page.
struct PollState {
  store::Millis polled_at = 0;
  std::string error;
};
base::Result<PollState> poll_state(store::Session& session, const std::string& registry_key);

}  // namespace providers
