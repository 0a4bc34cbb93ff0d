// SPDX-License-Identifier: Apache-2.0
// How a machine becomes a resource.
#pragma once

#include <optional>
#include <string>

#include "providers/hybrid_compute/hosts.hpp"
#include "uplink/messages.hpp"

namespace providers::hybrid_compute {

// Redeems the token and gives the machine a new credential. A machine with the same machine id takes its resource over, and the old
// credential ends; another with the same name becomes "NAME-xxxxxx". Kind::denied: the token does not hold.
base::Result<uplink::Enrolled> enroll(Hosts& hosts, const uplink::EnrollRequest& request, store::Millis now);

// The hub's own machine, by the same way without a token. False where an agent of its own has enrolled it, unless it is to be taken over.
base::Result<bool> enroll_own(Hosts& hosts, const uplink::Machine& machine, bool take_over, store::Millis now);

// The key of the machine that was enrolled so; nothing once an agent has enrolled it.
base::Result<std::optional<std::string>> own_machine(Hosts& hosts, const std::string& machine_id);

}  // namespace providers::hybrid_compute
