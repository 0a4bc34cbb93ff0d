// SPDX-License-Identifier: Apache-2.0
// Answers of the Engine API → what the hub is told of them. Pure; what is missing or of the wrong type is left empty.
#pragma once

#include <optional>
#include <string_view>

#include "base/json.hpp"
#include "uplink/messages.hpp"

namespace agent {

// "2026-11-21T17:23:50.304378431Z" → ms since 1970; 0 where it is no time, or the engine's "0001-01-01T00:00:00Z".
std::int64_t milliseconds_of(std::string_view time);

uplink::Container container_of(const base::Json& inspect);            // GET /containers/{id}/json
std::optional<uplink::Image> image_of(const base::Json& entry);       // of GET /images/json; nothing where it has no id
std::optional<uplink::Network> network_of(const base::Json& entry);   // of GET /networks
std::optional<uplink::Volume> volume_of(const base::Json& entry);     // of "Volumes" of GET /volumes

}  // namespace agent
