// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace base {

// Parses a YAML 1.2 stream into one value a document. Every scalar is a string, as written: a version such as 1.10
// or 0x1f survives, and `true` is the string "true". Empty nodes, `~` and `null` are null. Aliases are replaced by
// copies; merge keys ("<<") are members like any other. Of equal keys the last one counts; a key that is no scalar is
// the compact JSON text of it.
// At most 64 levels deep and 2,000,000 nodes and 64 MiB of scalars after aliases are replaced: past that it is
// Kind::too_large. `what` names the document in errors, which carry line and column.
Result<std::vector<Json>> parse_yaml(std::string_view text, std::string_view what);

}  // namespace base
