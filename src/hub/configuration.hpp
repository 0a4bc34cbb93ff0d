// SPDX-License-Identifier: Apache-2.0
// Configuration as code as a document: read, and compared with what is there. Pure.
#pragma once

#include <string_view>

#include "base/json.hpp"
#include "base/result.hpp"

namespace hub {

inline constexpr std::size_t kConfigurationCap = 1u << 20;

// YAML or JSON, one map. Scalars of YAML are texts; those of members that are flags or numbers become what they are.
// Kind::too_large past the cap, Kind::invalid_input where it is no such map.
base::Result<base::Json> read_configuration(std::string_view text);

// Whether every member of `wanted` stands in `there`, so that writing it would change nothing. Lists are the same as a whole.
bool holds_already(const base::Json& there, const base::Json& wanted);

}  // namespace hub
