// SPDX-License-Identifier: Apache-2.0
// Punycode (RFC 3492) of one label. Nothing for text that is no UTF-8, no Punycode, or longer than 4,096 code points.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kql {

std::optional<std::string> punycode_encoded(std::string_view label);
std::optional<std::string> punycode_decoded(std::string_view encoded);

}  // namespace kql
