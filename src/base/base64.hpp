// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace base {

// RFC 4648 section 4, with padding.
std::string base64_encode(std::string_view bytes);

// RFC 4648 sections 4 and 5 (both alphabets), padding optional, line breaks and blanks skipped; nothing where other
// bytes stand in it or where it is cut in the middle of a byte.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace base
