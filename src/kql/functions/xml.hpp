// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "base/json.hpp"

namespace kql {

// An XML document as parse_xml() has it (data-explorer/kusto/query/parse-xml-function): elements and attributes ("@name")
// are members, elements of one name an array, text beside either is "#text". Nothing for text that is no XML, longer than
// 1 MB, deeper than 64 elements, or that declares entities of its own.
std::optional<base::Json> json_of_xml(std::string_view text);

}  // namespace kql
