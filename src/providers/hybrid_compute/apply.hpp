// SPDX-License-Identifier: Apache-2.0
// How each kind of message changes what is known of its machine. Within the transaction of its batch.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/inventory.hpp"
#include "providers/hybrid_compute/host_history.hpp"
#include "providers/hybrid_compute/machine.hpp"
#include "providers/services.hpp"
#include "uplink/messages.hpp"

namespace providers::hybrid_compute {

// A package list with what the vulnerability data says of it, found before the transaction begins.
struct MatchedPackages {
  model::Inventory inventory;
  std::vector<model::Finding> findings;
  std::string matched_with;  // empty: there is no data
};

// What a batch came to, so that verdicts are asked for once at its end.
struct Effects {
  bool engine = false, controls = false, containers = false, packages = false;
  int history_left = 2'000;  // rows that this batch may still write: as many as are kept of a host
};

struct Taking {
  const Services& services;
  store::Session& session;
  MachineRow& machine;
  const store::Millis now;  // by the hub's clock
  store::Millis at = 0;     // of the message: by the host's clock, but not past now, nor before what was taken
  Effects effects = {};
};

base::Result<void> note(Taking& taking, const HostChange& change);

base::Result<void> apply(Taking& taking, const uplink::Machine& machine);
base::Result<void> apply(Taking& taking, const uplink::Inventory& inventory);
base::Result<void> apply(Taking& taking, const uplink::Assessment& assessment);
base::Result<void> apply(Taking& taking, const uplink::Packages& packages, const MatchedPackages& matched);

}  // namespace providers::hybrid_compute
