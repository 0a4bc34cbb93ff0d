// SPDX-License-Identifier: Apache-2.0
// The agent of the machine that the hub stands on, within the hub: the same as elsewhere, its batches handed over in process.
#pragma once

#include <memory>

#include "agent/agent.hpp"
#include "hub/hub.hpp"
#include "providers/hybrid_compute/intake.hpp"

namespace hub {

class OwnAgent {
 public:
  // Null where the options do not ask for one: OwnMachine::where_docker, and no engine is found here.
  static base::Result<std::unique_ptr<OwnAgent>> start(providers::hybrid_compute::Hosts& hosts, const HubOptions& options);
  void stop() { agent_->stop(); }

 private:
  OwnAgent(providers::hybrid_compute::Hosts& hosts) : intake_(hosts) {}

  providers::hybrid_compute::Intake intake_;
  std::unique_ptr<agent::Agent> agent_;  // ends first
};

}  // namespace hub
