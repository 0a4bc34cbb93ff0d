// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace tests {

// Seed of randomized tests: BULWARK_SEED in the environment, else a fixed one. Printed, so that a failure can be
// repeated.
inline std::uint32_t random_seed() {
  const char* given = std::getenv("BULWARK_SEED");
  const auto seed = given == nullptr ? 20240229u : static_cast<std::uint32_t>(std::strtoul(given, nullptr, 10));
  std::printf("BULWARK_SEED=%u\n", seed);
  return seed;
}

}  // namespace tests
