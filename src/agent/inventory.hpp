// SPDX-License-Identifier: Apache-2.0
// What is on the host, kept as the hub was told of it; changes are the differences.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "benchmark/host_reader.hpp"
#include "uplink/messages.hpp"

namespace agent {

// By id; volumes by name.
struct Things {
  std::map<std::string, uplink::Container> containers;
  std::map<std::string, uplink::Image> images;
  std::map<std::string, uplink::Network> networks;
  std::map<std::string, uplink::Volume> volumes;
};

// Asks the engine for all of them. What it does not say is kept as it was, and a problem in the list that comes back: a
// sentence each. An answer past 50,000 things of a kind counts as none.
std::vector<std::string> take_things(benchmark::HostReader& host, Things& things);

// The parts. Of a container that is gone nothing is left in `things`.
base::Result<void> take_container(benchmark::HostReader& host, const std::string& id, Things& things);
base::Result<void> take_images(benchmark::HostReader& host, Things& things);
base::Result<void> take_networks(benchmark::HostReader& host, Things& things);
base::Result<void> take_volumes(benchmark::HostReader& host, Things& things);

// What tells `now` from `before`; empty lists where nothing does.
uplink::Inventory changes_between(const Things& before, const Things& now);
bool is_empty(const uplink::Inventory& inventory);

// As messages that each fit: of a whole inventory the last one is whole and names what those before it said.
std::vector<uplink::Inventory> whole_messages(const Things& things);
std::vector<uplink::Inventory> change_messages(uplink::Inventory changes);

}  // namespace agent
