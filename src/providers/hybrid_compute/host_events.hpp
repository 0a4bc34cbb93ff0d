// SPDX-License-Identifier: Apache-2.0
// What live pages are told of hosts, once it is committed.
#pragma once

#include <string>

#include "providers/hybrid_compute/machine.hpp"
#include "providers/services.hpp"

namespace providers::hybrid_compute {

// Open findings of failed controls by severity, as its assessment has them.
base::Result<base::JsonObject> failed_controls(store::Session& session, const std::string& machine_key);

// Event `host`: {name, id, state, failed, assessed}.
base::Result<void> tell_host(const Services& services, store::Session& session, const MachineRow& machine);

// Event `control`: {host, id, control, before, after}.
void tell_control(const Services& services, store::Session& session, const MachineRow& machine, const std::string& control, const std::string& before,
                  const std::string& after);

}  // namespace providers::hybrid_compute
