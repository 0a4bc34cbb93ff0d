// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "providers/services.hpp"

namespace providers {

// Matches stored package lists with the vulnerability data there is now, `limit` sets at a time; the number of sets done.
// Writes what changed alone. No registry is asked.
base::Result<std::size_t> match_again(const Services& services, std::size_t limit);

}  // namespace providers
