// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/jwt.hpp"
#include "identity/identity.hpp"

namespace identity {

struct AccessClaims {
  std::string object_id, client_id;
  std::int64_t issued_at = 0, expires_at = 0;  // seconds since 1970
};

// Signs and verifies the access tokens (JWT, RS256) of this installation. The key is made once and kept sealed in the
// database. Immutable, thus thread-safe.
class AccessTokens {
 public:
  static base::Result<AccessTokens> open(store::Database& database, const Options& options);

  struct Issue {
    std::string origin;    // https://host:port
    std::string audience;
    std::int64_t at = 0;   // seconds since 1970
    std::chrono::seconds life{3600};
  };
  base::Result<std::string> issue(const Principal& principal, const Issue& issue) const;
  base::Result<AccessClaims> verify(std::string_view token, std::int64_t now) const;  // Kind::denied

  base::Json jwks() const { return base::JsonObject{{"keys", keys_}}; }

 private:
  AccessTokens(base::SigningKey key, std::string tenant_id, std::string issuer_url);

  base::SigningKey key_;
  base::JsonArray keys_;  // public, of the one key
  std::string tenant_id_, issuer_url_;
};

// Whether tokens for this audience are given and taken: Azure's management, Log Analytics, Monitor and container registry,
// and everything at this origin.
bool is_accepted_audience(std::string_view audience, std::string_view origin);

}  // namespace identity
