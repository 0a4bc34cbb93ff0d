// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "advisory/record_set.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace advisory {

// The bytes of a database file with these records. Deterministic. Kind::too_large past 4 billion rows or 2 GiB of text.
base::Result<std::string> write_index(RecordSet records, base::Seconds built);

}  // namespace advisory
