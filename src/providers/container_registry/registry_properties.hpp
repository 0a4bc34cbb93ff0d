// SPDX-License-Identifier: Apache-2.0
// What may stand in the properties of a registry.
#pragma once

#include <string>
#include <string_view>

#include "base/json.hpp"

namespace providers {

// "https://registry.example.com:5000/" and "registry.example.com:5000" are the same registry: the host as images are named.
// Kind::invalid_input where it is no host.
base::Result<std::string> host_of(std::string_view login_server);

// Kind::invalid_input names the first member that is not what it must be. Members that are not known are kept as they are.
base::Result<void> check_properties(const base::Json& properties);

}  // namespace providers
