// SPDX-License-Identifier: Apache-2.0
#include "hub/version.hpp"

namespace hub {

std::string version() { return BULWARK_VERSION; }

}  // namespace hub
