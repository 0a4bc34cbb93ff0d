// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "identity/identity.hpp"

namespace identity {

// Who signed in, as the provider's ID token says.
struct OidcClaims {
  std::string subject;  // "issuer|sub": what a user is known by
  std::string user_name, display_name, email;
  std::vector<std::string> groups;
};

// Sign-in through an OpenID provider: authorization code flow with PKCE (OpenID Connect Core 1.0 section 3.1, RFC 7636).
// State, nonce and verifier are derived from a random cookie with a key of this process, so nothing is kept for those who
// begin and do not end. Thread-safe.
class OidcClient {
 public:
  static base::Result<void> check(const OidcOptions& options);  // Kind::invalid_input says what to configure

  OidcClient(net::HttpTransport& transport, OidcOptions options, std::function<store::Millis()> now);

  base::Result<OidcStart> start(const net::ServerRequest& request);
  base::Result<OidcClaims> finish(const net::ServerRequest& request);

 private:
  struct Provider {
    std::string issuer;  // as its tokens name it
    std::string authorization_endpoint, token_endpoint, jwks_uri;
    bool secret_in_body = false;  // client_secret_post; else client_secret_basic
  };
  struct Keys {
    base::Json set;
    store::Millis at = 0;
  };

  std::string derived(std::string_view purpose, std::string_view cookie) const;
  base::Result<std::string> redirect_uri(const net::ServerRequest& request) const;
  base::Result<std::string> checked_cookie(const net::ServerRequest& request) const;

  base::Result<base::Json> fetch(const std::string& url, std::string_view what) const;
  base::Result<Provider> fetch_provider() const;
  base::Result<Provider> provider();
  base::Result<Keys> keys(const Provider& provider, bool renew);

  base::Result<std::string> exchange(const Provider& provider, const std::string& code, const std::string& redirect,
                                     const std::string& verifier) const;
  base::Result<base::Json> verified(const Provider& provider, const std::string& id_token);
  base::Result<OidcClaims> claims_of(const base::Json& token) const;

  net::HttpTransport& transport_;
  const OidcOptions options_;
  const std::function<store::Millis()> now_;
  const std::string key_;  // 32 random bytes

  std::mutex mutex_;  // guards what follows; never held while a peer is asked
  std::optional<Provider> provider_;
  std::optional<base::Error> failure_;  // of the last try
  store::Millis provider_at_ = 0;       // of either
  std::optional<Keys> keys_;
};

}  // namespace identity
