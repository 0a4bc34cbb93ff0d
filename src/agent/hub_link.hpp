// SPDX-License-Identifier: Apache-2.0
// The seam between an agent and its hub: over HTTP, or within the hub's own process.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "agent/agent_folder.hpp"
#include "base/result.hpp"
#include "uplink/messages.hpp"

namespace agent {

// What became of a batch.
struct Delivery {
  enum class Outcome {
    taken,        // `reply` says up to where
    refused,      // it is malformed or too large to this hub: sent again it would be refused again
    denied,       // the credential is not known, or was revoked
    later,        // the hub is busy; not before `wait`, where it says so
    unreachable,  // no connection, or no hub at its end
  };
  Outcome outcome = Outcome::unreachable;
  uplink::Reply reply;
  std::optional<std::chrono::seconds> wait;
  std::string message;  // why it was not taken
};

class HubLink {
 public:
  virtual ~HubLink() = default;
  // A batch as text, header first. Blocks; called by one thread at a time.
  virtual Delivery send(std::string_view batch) = 0;
};

// POST {hub}/api/v1/agents/reports, compressed. Kind::denied for plain http to another machine.
base::Result<std::unique_ptr<HubLink>> http_link(const Identity& identity, const std::string& user_agent);

// For the agent that a hub runs for its own machine. Kind::invalid_input and too_large of `take` mean refused, denied means
// denied, all else later.
std::unique_ptr<HubLink> in_process_link(std::function<base::Result<uplink::Reply>(const uplink::Batch&)> take);

}  // namespace agent
