// SPDX-License-Identifier: Apache-2.0
// Lets the command line link until the hub is there.
#include "hub/hub.hpp"

namespace hub {

base::Result<std::unique_ptr<Hub>> Hub::start(HubOptions) { return base::fail(base::Kind::unsupported, "this build has no hub"); }

base::Result<void> backup(const std::filesystem::path&, const std::filesystem::path&) {
  return base::fail(base::Kind::unsupported, "this build has no hub");
}

base::Result<void> restore(const std::filesystem::path&, const std::filesystem::path&) {
  return base::fail(base::Kind::unsupported, "this build has no hub");
}

}  // namespace hub
