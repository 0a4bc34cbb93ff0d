// SPDX-License-Identifier: Apache-2.0
// How a host compares with the benchmark, as it is stored: each control with its counts, and the resources that it says something of.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "providers/hybrid_compute/machine.hpp"
#include "uplink/messages.hpp"

namespace providers::hybrid_compute {

struct StoredControl {
  std::string status;
  bool failing = false;  // it fails, or did when it was last judged: one that cannot be judged now is not mended
  store::Millis since = 0;  // of this status
  uplink::ControlCounts counts;
};

struct StoredResource {
  std::string scope, id, name, status;
  base::JsonArray evidence;
};

using StoredControls = std::map<std::string, StoredControl>;
using StoredResources = std::map<std::string, std::vector<StoredResource>>;  // by control; those that fail first

base::Result<StoredControls> load_controls(store::Session& session, const std::string& machine_key);
// Of one control, or of all (empty).
base::Result<StoredResources> load_control_resources(store::Session& session, const std::string& machine_key, const std::string& control = {});

// Why a control has its status, in one line: the host's evidence and what is wrong with whom.
std::string control_words(const std::vector<StoredResource>& resources);

}  // namespace providers::hybrid_compute
