// SPDX-License-Identifier: Apache-2.0
// What is on the host, kept as the hub was told of it; changes are the differences.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "benchmark/facts.hpp"
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

// Containers as the facts have them. One that could not be read is kept as it was, and all where the list could not.
void take_containers(const benchmark::HostFacts& facts, Things& things);
void take_container(const std::string& id, const benchmark::ContainerFacts* container, Things& things);  // null: it is gone

// Asks the engine for the others. What it does not say is kept as it was: an answer that is no list, or one past 50,000.
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
