// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "identity/identity.hpp"

namespace identity {

inline constexpr std::string_view kApiTokenPrefix = "bwk_";
inline constexpr std::string_view kApiTokenColumns = "id, principal_id, name, scope, actions, created_at, expires_at, used_at";

bool is_api_token(std::string_view credential);
ApiToken read_api_token(const store::Row& row);  // of kApiTokenColumns

}  // namespace identity
