// SPDX-License-Identifier: Apache-2.0
// Whether agents are heard of: connected up to 2.5 heartbeats of silence, late up to 10, then lost.
#pragma once

#include "providers/hybrid_compute/hosts.hpp"
#include "providers/hybrid_compute/machine.hpp"

namespace providers::hybrid_compute {

std::string_view state_after(store::Millis silence, std::int64_t heartbeat_seconds);

// What a header says of the agent goes into the row: how it fares, that it is heard of, what it lost and cannot do. Records and
// history are written where something is news.
base::Result<void> take_header(Hosts& hosts, store::Session& session, MachineRow& machine, const uplink::BatchHeader& header, store::Millis now);

// Every few seconds: writes the signs of life that came, and the states of hosts that have fallen silent; an engine that stays out of
// reach becomes the verdict.
base::Result<void> watch_hosts(Hosts& hosts, store::Millis now);

}  // namespace providers::hybrid_compute
