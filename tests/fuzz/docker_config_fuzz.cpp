// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "oci/docker_config.hpp"

// Looks up several registries; helpers are never run, for none has this PATH.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const bool no_programs = ::setenv("PATH", "/nonexistent", 1) == 0;
  const auto config = oci::DockerConfig::parse({reinterpret_cast<const char*>(data), size}, "config.json");
  if (!config || !no_programs) return 0;
  for (const char* name : {"nginx", "localhost:5000/app", "r.io/team/app"})
    (void)config->find(*oci::Reference::parse(name));
  return 0;
}
