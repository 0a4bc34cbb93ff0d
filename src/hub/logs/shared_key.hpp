// SPDX-License-Identifier: Apache-2.0
// Signatures of the HTTP Data Collector API: who has a workspace's key signs the request with it. Pure.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "net/server.hpp"

namespace hub {

struct SharedKeySignature {
  std::string workspace_id;  // customerId as it was sent
  std::string signature;     // 32 bytes
};

// "SharedKey {customerId}:{base64}". Kind::denied where it is none.
base::Result<SharedKeySignature> parse_shared_key(std::string_view authorization);

// Whether a key (base64) made the signature of this request: HMAC-SHA256 over method, length, content type, date and path.
bool is_signed_with(const SharedKeySignature& signature, std::string_view key, const net::ServerRequest& request);

// "Sun, 29 Nov 2026 12:00:00 GMT" (RFC 9110 section 5.6.7). Kind::invalid_input.
base::Result<base::Seconds> parse_http_date(std::string_view text);

// A signature counts for a quarter of an hour, so that a request that somebody wrote down is worth nothing later.
inline constexpr std::chrono::minutes kSignatureLife{15};

}  // namespace hub
