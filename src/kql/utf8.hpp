// SPDX-License-Identifier: Apache-2.0
// Code points of UTF-8 text (RFC 3629), checked.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace kql {

// Takes the first code point off `text`; nothing, and one byte taken off, where none begins there.
std::optional<std::uint32_t> take_code_point(std::string_view& text);

bool is_utf8(std::string_view text);

constexpr bool is_code_point(std::int64_t number) { return number >= 0 && number <= 0x10ffff && (number < 0xd800 || number > 0xdfff); }

}  // namespace kql
