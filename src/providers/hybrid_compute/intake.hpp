// SPDX-License-Identifier: Apache-2.0
// The host flow in the hub: batch → messages → what stands on the host → verdicts, records, history → what the hub wants next.
#pragma once

#include "providers/hybrid_compute/hosts.hpp"
#include "uplink/messages.hpp"

namespace providers::hybrid_compute {

// Thread-safe. The hub's own agent hands its batches to it as well, in process.
class Intake {
 public:
  explicit Intake(Hosts& hosts) : hosts_(hosts) {}

  // Takes a batch whole or not at all, in one transaction with the mark of its last sequence: the same again changes nothing.
  // What a message says of who it is from counts for nothing: `machine_key` is whom the credential is of. Kind::denied: there is no
  // such machine (any more); Kind::invalid_input: a message that the hub cannot make sense of, by its sequence.
  base::Result<uplink::Reply> take(const std::string& machine_key, const uplink::Batch& batch, store::Millis now);

 private:
  base::Result<std::optional<uplink::Reply>> take_sign(const std::string& machine_key, const uplink::Batch& batch, store::Millis now);

  Hosts& hosts_;
};

}  // namespace providers::hybrid_compute
