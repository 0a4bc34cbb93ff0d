// SPDX-License-Identifier: Apache-2.0
// The controls of a benchmark: data under content/benchmarks (docs/cis-docker.md), each naming a check with parameters.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "benchmark/check.hpp"
#include "model/finding.hpp"

namespace benchmark {

struct Control {
  std::string id;       // "5.10"
  std::string section;  // "5"
  std::string title, rationale;
  int level = 1;                // of the benchmark's profiles, 1 or 2
  bool level_verified = false;  // else the level is from memory, not from the benchmark's document
  bool automated = true;        // as the benchmark calls it; else "manual"
  model::Severity severity = model::Severity::medium;
  std::vector<std::string> remediation;  // commands and settings, one a line
  std::string cce_id;                // of the original baseline for Docker in Azure; may be empty
  std::vector<std::string> aliases;  // "1.7.0:5.10": the id in another version of the benchmark
  const Check* check = nullptr;
  Parameters parameters;
};

struct Section {
  std::string id, title;
};

struct Benchmark {
  std::string id;       // "cis-docker"
  std::string version;  // "1.6.0"
  std::string title;
  std::vector<Section> sections;
  std::vector<Control> controls;  // in the order of the benchmark

  const Control* find(std::string_view id) const;  // null where there is none
};

struct ControlSource {
  std::string name;  // of the file, for faults
  std::string text;
};

// Kind::invalid_input carries every fault of every file, a line each.
base::Result<Benchmark> load_benchmark(const std::vector<ControlSource>& sources);

// The CIS Docker controls that the program carries, read once.
const Benchmark& cis_docker();

}  // namespace benchmark
