// SPDX-License-Identifier: Apache-2.0
// Texts as JSON writes them.
#pragma once

#include <string>
#include <string_view>

#include "workspace/ingest/json_reader.hpp"

namespace workspace {

// RFC 3629: no overlong forms, no surrogates, nothing past 0x10ffff.
bool is_utf8(std::string_view text);

// The text that a string stands for, in place of what `out` had; half a surrogate pair becomes U+FFFD.
void unescape(const JsonString& string, std::string& out);

// Appends the text as a JSON string in quotes, in ASCII where the text is.
void append_json_string(std::string_view text, std::string& out);

// A valid JSON value whose texts are all ones that UTF-8 has: half a surrogate pair becomes U+FFFD. It is the value itself where
// it has none, else what `room` then holds.
std::string_view whole_pairs(std::string_view value, std::string& room);

// A valid JSON value without the blanks around its parts, in place of what `out` had.
void compact_json(std::string_view value, std::string& out);

// The longest beginning of at most `cap` bytes that cuts no letter in two.
std::string_view cut_utf8(std::string_view text, std::size_t cap);

}  // namespace workspace
