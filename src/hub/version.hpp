// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace hub {

std::string version();  // "0.1.0"

}  // namespace hub
