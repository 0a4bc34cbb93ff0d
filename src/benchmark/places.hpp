// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "benchmark/facts.hpp"

namespace benchmark {

// Where a file that controls speak of lies on a host. The collector looks at all of these paths, the checks at those that
// count.
struct Place {
  std::vector<std::string> paths;
  bool each = false;  // every path counts; else the first that exists does
  bool below = false; // the files below the paths count, not the paths
};

// By the name that controls give: "dockerd", "daemon_json", "tls_key" … No paths where the host's configuration names
// none (a TLS key that is not set).
Place place_of(std::string_view name, const HostFacts& facts);

// All names.
const std::vector<std::string_view>& place_names();

}  // namespace benchmark
