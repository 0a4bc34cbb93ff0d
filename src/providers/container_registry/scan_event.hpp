// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "providers/container_registry/images.hpp"
#include "providers/services.hpp"

namespace providers {

// Tells live pages, once the transaction is done, what became of a scan: the event "scan" with `state` one of queued,
// scanning, complete (with the counts of what is open), failed (with the error), unsupported, deleted.
base::Result<void> tell_scan(const Services& services, store::Session& session, const Registry& registry, const ImageRow& image,
                             std::string_view state, std::string_view error = {});

}  // namespace providers
