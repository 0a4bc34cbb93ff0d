// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "advisory/json_text.hpp"
#include "advisory/record.hpp"
#include "base/result.hpp"

namespace advisory {

// One OSV record, schema 1.7 and before (https://ossf.github.io/osv-schema/). The advisory's views point into the
// document.
base::Result<Advisory> read_osv(json::Element document);

}  // namespace advisory
