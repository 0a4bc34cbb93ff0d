// SPDX-License-Identifier: Apache-2.0
// From what a registry tells to images, tags and scan jobs.
#pragma once

#include <string>
#include <vector>

#include "events/delivery.hpp"
#include "providers/container_registry/images.hpp"
#include "providers/services.hpp"

namespace providers {

inline constexpr std::string_view kScanJob = "image.scan", kPollJob = "registry.poll";

struct IntakeResult {
  std::size_t pushed = 0, removed = 0, ignored = 0;
};

// Applies one delivery in one transaction. Events that came before (by their id) are ignored, so that a sender may
// repeat itself; pushes of repositories outside the scan scope are ignored too.
base::Result<IntakeResult> take_events(const Services& services, const Registry& registry,
                                       const std::vector<events::RegistryEvent>& delivered, store::Millis now);

// A push: the image and its tag, and a scan where it is new or was never scanned. Images superseded by it are judged anew.
base::Result<Sighting> take_push(const Services& services, store::Session& session, const Registry& registry,
                                 const SeenImage& seen);

// Images that are gone from the registry: their findings are resolved with the cause, the registry is judged anew.
base::Result<void> take_deletion(const Services& services, store::Session& session, const Registry& registry,
                                 const ImageRow& image, store::Millis now);
base::Result<void> take_untagging(const Services& services, store::Session& session, const Registry& registry,
                                  const std::string& repository, const std::string& tag, store::Millis now);

// Queues a scan; with a plan that is off, or a registry whose scanning is off, says so on the image instead.
base::Result<void> queue_scan(const Services& services, store::Session& session, const Registry& registry,
                              const ImageRow& image, store::Millis now);

base::Result<void> queue_poll(store::Session& session, const Registry& registry, const std::string& repository,
                              store::Millis at);

}  // namespace providers
