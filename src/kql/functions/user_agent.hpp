// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/json.hpp"

namespace kql {

// What a user agent's text (RFC 9110, section 10.1.5) tells of the browser, the system and the device, in the members that
// parse_user_agent() names. "Other" is the family of what is not known.
struct UserAgent {
  base::JsonObject browser;  // Family, MajorVersion, MinorVersion, Patch
  base::JsonObject system;   // the same, PatchMinor
  base::JsonObject device;   // Family, Brand, Model
};
UserAgent parse_user_agent(std::string_view text);

}  // namespace kql
