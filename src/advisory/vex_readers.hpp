// SPDX-License-Identifier: Apache-2.0
// One reader a VEX format. Each gives statements in the order in which they count, the last one winning; `name` is the
// file's, for messages and Statement::by.
#pragma once

#include <string_view>
#include <vector>

#include "advisory/vex.hpp"
#include "base/json.hpp"

namespace advisory {

base::Result<std::vector<Statement>> read_openvex(const base::Json& document, std::string_view name);
base::Result<std::vector<Statement>> read_cyclonedx_vex(const base::Json& document, std::string_view name);
base::Result<std::vector<Statement>> read_csaf_vex(const base::Json& document, std::string_view name);

}  // namespace advisory
