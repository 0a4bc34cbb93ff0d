// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "benchmark/facts.hpp"
#include "benchmark/host_reader.hpp"
#include "uplink/messages.hpp"

namespace agent {

// The machine that this program runs on, without an engine: for the enrolment.
uplink::Machine this_machine(benchmark::HostReader& host);

// With what its facts say of its engine.
uplink::Machine machine_with_engine(uplink::Machine machine, const benchmark::HostFacts& facts, const uplink::Management& management);

// Members of os-release(5): ID, VERSION_ID, PRETTY_NAME.
void read_os_release(std::string_view text, uplink::Machine& machine);

}  // namespace agent
