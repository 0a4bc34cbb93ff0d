// SPDX-License-Identifier: Apache-2.0
// Compares the host with the benchmark without pause: all of it now and then, and between what changed.
#pragma once

#include <string>
#include <vector>

#include "agent/live_facts.hpp"
#include "agent/verdict_table.hpp"
#include "benchmark/control.hpp"
#include "benchmark/host_reader.hpp"
#include "uplink/messages.hpp"

namespace agent {

// One thread.
class Assessor {
 public:
  // `benchmark` outlives it.
  Assessor(const benchmark::Benchmark& benchmark, std::string collector)
      : benchmark_(benchmark), facts_(std::move(collector)), table_(benchmark) {}

  void use(benchmark::Settings settings) { settings_ = std::move(settings); }

  // Collects and judges everything: messages of a whole assessment, each of a size to be sent.
  base::Result<std::vector<uplink::Assessment>> assess(benchmark::HostReader& host, const std::string& cause);
  // The same, told as changes; a whole one where there was none yet.
  base::Result<std::vector<uplink::Assessment>> assess_again(benchmark::HostReader& host, const std::string& cause);
  // Reads again what may have changed and judges what depends on it; no message where every verdict stands.
  base::Result<std::vector<uplink::Assessment>> judge_again(benchmark::HostReader& host, const Touched& touched, const std::string& cause);

  const benchmark::HostFacts* facts() const { return facts_.facts(); }
  // The paths that controls look at, for those who watch them.
  std::vector<std::string> watched_paths() const;

 private:
  std::vector<uplink::ControlResult> judge_changed(const Changed& changed);
  std::vector<uplink::ControlResult> judge_containers(const benchmark::Control& control, const std::set<std::string>& ids);
  std::vector<uplink::Assessment> messages(bool whole, const std::string& cause, std::int64_t took_ms,
                                           std::vector<uplink::ControlResult> controls) const;

  const benchmark::Benchmark& benchmark_;
  LiveFacts facts_;
  VerdictTable table_;
  benchmark::Settings settings_;
  std::string id_;  // of the last whole assessment
};

// Parts of what does not fit one message.
std::vector<uplink::Assessment> parted(const uplink::Assessment& head, std::vector<uplink::ControlResult> controls);

}  // namespace agent
