// SPDX-License-Identifier: Apache-2.0
// The grammars of what names an image (distribution/reference), as yes-or-no questions.
#pragma once

#include <string_view>

namespace events {

bool is_repository(std::string_view text);  // "team/app", at most 255 characters
bool is_tag(std::string_view text);         // at most 128 characters
bool is_digest(std::string_view text);      // sha256 or sha512, lower case
bool is_host(std::string_view text);        // a DNS name, IPv4 or bracketed IPv6 address, with a port or without

}  // namespace events
