// SPDX-License-Identifier: Apache-2.0
// facts → verdicts. Pure: the same facts, controls and settings give the same results.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "benchmark/control.hpp"
#include "benchmark/facts.hpp"

namespace benchmark {

// What one control says about one resource.
struct ResourceVerdict {
  Scope scope = Scope::host;
  std::string id, name;  // of a container, image or network; of the host its name
  Verdict verdict;
};

struct ControlResult {
  const Control* control = nullptr;
  Status status = Status::not_applicable;  // the worst of its resources
  std::vector<ResourceVerdict> resources;  // never empty
};

// Which controls are judged; empty lists mean all.
struct Filter {
  std::vector<std::string> ids, skipped;  // "5.10", or a section: "5", "1.1"
  std::vector<std::string> sections;      // likewise
  int level = 2;                          // this one and those below
  bool takes(const Control& control) const;
};

// Every control that the filter takes, each present whatever its status.
std::vector<ControlResult> assess(const HostFacts& facts, const Benchmark& benchmark, const Settings& settings,
                                  const Filter& filter = {});

ControlResult judge(const Control& control, const HostFacts& facts, const Settings& settings);

// One container alone, by a control whose check is of Scope::container: after an event, nothing else needs to be judged.
Verdict judge_container(const Control& control, const HostFacts& facts, const ContainerFacts& container,
                        const Settings& settings);

// The controls whose checks read any of `reads` (bits of Reads), in the order of the benchmark.
std::vector<const Control*> controls_reading(const Benchmark& benchmark, std::uint32_t reads);

// The paths that the control looks at on this host, for those who watch them for changes.
std::vector<std::string> paths_read(const Control& control, const HostFacts& facts);

}  // namespace benchmark
