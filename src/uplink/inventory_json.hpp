// SPDX-License-Identifier: Apache-2.0
// Packages and issues of a host or image as they travel: {format, os, packages, issues, warnings, partial}. The artifact is told by
// the message around it.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "model/inventory.hpp"

namespace uplink {

inline constexpr std::size_t kMostPackages = 200'000;
inline constexpr std::size_t kMostIssues = 10'000;
inline constexpr std::size_t kMostWarnings = 1'000;

base::Json inventory_to_json(const model::Inventory& inventory);

// Kind::invalid_input names the member; Kind::too_large past the caps above or those of texts; Kind::unsupported for another format.
base::Result<model::Inventory> inventory_from_json(const base::Json& json);

}  // namespace uplink
