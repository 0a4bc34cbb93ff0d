// SPDX-License-Identifier: Apache-2.0
// Tokens by which agents enrol: made by people, shown once, kept as hashes.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "store/database.hpp"
#include "store/jobs.hpp"
#include "uplink/messages.hpp"

namespace providers::hybrid_compute {

inline constexpr std::int64_t kLongestTokenSeconds = 7 * 24 * 3'600, kMostTokenUses = 1'000;

struct TokenRow {
  std::string id, created_by;
  store::Millis created_at = 0, expires_at = 0;
  std::int64_t uses = 1, uses_left = 1;
  base::JsonObject labels;  // tags of the machines that enrol with it
};

// From {expiresInSeconds?, uses?, labels?}; Kind::invalid_input names the member and what it must be.
base::Result<TokenRow> parse_token_request(const base::Json& body, store::Millis now);

// Stores it; the whole token with its secret, which is nowhere else.
base::Result<uplink::EnrollmentToken> add_enrollment_token(store::Session& session, TokenRow& token, const std::string& fingerprint);

// Those that can still be used, or could be less than a day ago; the newest first.
base::Result<std::vector<TokenRow>> enrollment_tokens(store::Session& session, store::Millis now);
base::Result<bool> remove_enrollment_token(store::Session& session, const std::string& id);  // false: there was none
base::Result<void> forget_old_tokens(store::Session& session, store::Millis now);

// Counts one use. Kind::denied: not known, used up or expired, each in its own words.
base::Result<TokenRow> redeem(store::Session& session, const uplink::EnrollmentToken& token, store::Millis now);

}  // namespace providers::hybrid_compute
