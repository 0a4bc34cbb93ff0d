// SPDX-License-Identifier: Apache-2.0
// The JSONPath that KQL knows (data-explorer/kusto/query/jsonpath): $, .name, ['name'], ["name"] and [n].
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json.hpp"

namespace kql {

using JsonPath = std::vector<std::variant<std::string, std::uint64_t>>;

std::optional<JsonPath> parse_json_path(std::string_view text);  // nothing for text that is none
const base::Json* at_json_path(const base::Json& document, const JsonPath& path);  // null where nothing stands there

}  // namespace kql
