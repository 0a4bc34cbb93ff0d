// SPDX-License-Identifier: Apache-2.0
// Programs that tests ask for the right answer.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/process.hpp"

namespace tests {

// Seed of randomized tests: BULWARK_SEED in the environment, else a fixed one. Printed, so that a failure can be
// repeated.
inline std::uint32_t random_seed() {
  const char* given = std::getenv("BULWARK_SEED");
  const auto seed = given == nullptr ? 20240229u : static_cast<std::uint32_t>(std::strtoul(given, nullptr, 10));
  std::printf("BULWARK_SEED=%u\n", seed);
  return seed;
}

inline bool runs(const std::vector<std::string>& command) {
  const auto output = base::run_process(command);
  return output && output->exit_code == 0;
}

// A Python that can import the module: the one that ./check makes, Debian's, or the first in PATH; empty: none.
inline std::string python_with(const std::string& module) {
  const char* made = std::getenv("BULWARK_TEST_PYTHON");
  for (const std::string python : {made == nullptr ? "python3" : made, "/usr/bin/python3", "python3"}) {
    if (runs({python, "-c", "import " + module})) return python;
  }
  return {};
}

}  // namespace tests
