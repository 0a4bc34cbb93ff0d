// SPDX-License-Identifier: Apache-2.0
// The facts of the host, kept up to date piece by piece: what an event touched is read again, the rest stands.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "benchmark/facts.hpp"
#include "benchmark/host_reader.hpp"

namespace agent {

// What may have changed.
struct Touched {
  std::set<std::string> containers, images;  // ids
  bool networks = false;
  bool engine = false;  // its settings, its daemon, daemon.json, Swarm
  bool host = false;    // files, mounts, audit rules, groups, environment
  bool empty() const { return containers.empty() && images.empty() && !networks && !engine && !host; }
};

// What did.
struct Changed {
  std::uint32_t reads = 0;  // benchmark::Reads of what is not one container's alone
  std::set<std::string> containers;
  bool empty() const { return reads == 0 && containers.empty(); }
};

class LiveFacts {
 public:
  explicit LiveFacts(std::string collector) : collector_(std::move(collector)) {}

  // Everything anew. Kind::too_large where there is more on the host than facts may hold.
  base::Result<void> collect(benchmark::HostReader& host);
  // Kind::not_found before the first collect(); after another failure collect() anew.
  base::Result<Changed> refresh(benchmark::HostReader& host, const Touched& touched);

  const benchmark::HostFacts* facts() const { return facts_.get(); }  // null before the first collect()
  const benchmark::ContainerFacts* container(const std::string& id) const;

 private:
  base::Result<void> refresh_container(benchmark::HostReader& host, const std::string& id, Changed& changed);
  base::Result<void> refresh_image(benchmark::HostReader& host, const std::string& id, Changed& changed);
  base::Result<void> refresh_networks(benchmark::HostReader& host, Changed& changed);
  base::Result<void> refresh_engine(benchmark::HostReader& host, Changed& changed);
  base::Result<void> refresh_host(benchmark::HostReader& host, Changed& changed);
  base::Result<void> put(std::string_view member, base::Json value, std::uint32_t reads, Changed& changed);

  const std::string collector_;
  std::unique_ptr<benchmark::HostFacts> facts_;
};

}  // namespace agent
