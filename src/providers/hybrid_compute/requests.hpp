// SPDX-License-Identifier: Apache-2.0
// What the hub asks an agent for, in the answer to its batch.
#pragma once

#include <string>
#include <vector>

#include "providers/hybrid_compute/hosts.hpp"
#include "providers/hybrid_compute/machine.hpp"

namespace providers::hybrid_compute {

// Whether `requests_of` would write: package lists are to be asked for, which is noted so that it is done once an hour.
base::Result<bool> packages_are_due(store::Session& session, const Services& services, const MachineRow& machine, store::Millis now);

// "assess" where a person asked, "inventory" where there is none, "packages" for the host's own, "packages:ID" for images that stand in
// no connected registry and were not catalogued, at most 20 at once. With `packages`, what is asked for is noted in the row and the images.
base::Result<std::vector<std::string>> requests_of(store::Session& session, MachineRow& machine, bool packages, store::Millis now);

}  // namespace providers::hybrid_compute
