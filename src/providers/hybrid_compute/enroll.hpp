// SPDX-License-Identifier: Apache-2.0
// How a machine becomes a resource.
#pragma once

#include "providers/hybrid_compute/hosts.hpp"
#include "uplink/messages.hpp"

namespace providers::hybrid_compute {

// Redeems the token and gives the machine a new credential. A machine with the same machine id takes its resource over, and the old
// credential ends; another with the same name becomes "NAME-xxxxxx". Kind::denied: the token does not hold.
base::Result<uplink::Enrolled> enroll(Hosts& hosts, const uplink::EnrollRequest& request, store::Millis now);

// The hub's own machine, by the same way without a token: the key of its resource. It has no credential.
base::Result<std::string> enroll_own(Hosts& hosts, const uplink::Machine& machine, store::Millis now);

}  // namespace providers::hybrid_compute
