// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "identity/access_tokens.hpp"
#include "identity/identity.hpp"
#include "identity/token_form.hpp"

namespace identity {

// The token authority as Azure's SDKs know it (Microsoft identity platform, OAuth 2.0 client credentials flow): discovery,
// keys, token endpoint. Immutable, thus thread-safe.
class Authority {
 public:
  // The service principal of a client id and secret; Kind::denied, or Kind::unavailable while locked.
  using VerifyClient = std::function<base::Result<Principal>(const std::string& id, const std::string& secret,
                                                             const net::ServerRequest& request)>;
  struct Settings {
    std::string tenant_id;
    std::string issuer_url;  // empty: from the request
    std::chrono::seconds life;
    std::function<store::Millis()> now;
  };

  Authority(const AccessTokens& tokens, Settings settings, VerifyClient verify);

  // Nothing where the path is none of the authority's.
  std::optional<net::ServerResponse> serve(const net::ServerRequest& request) const;

 private:
  struct Refusal;
  struct Exchange;

  base::Result<std::string> origin(const net::ServerRequest& request) const;
  net::ServerResponse discovery(const net::ServerRequest& request, bool second_version) const;
  net::ServerResponse token(const net::ServerRequest& request, bool second_version) const;
  net::ServerResponse grant(const Exchange& exchange) const;
  net::ServerResponse refuse(const net::ServerRequest& request, const Refusal& refusal) const;
  net::ServerResponse refuse_client(const net::ServerRequest& request, const base::Error& error) const;

  const AccessTokens& tokens_;
  const Settings settings_;
  const VerifyClient verify_;
};

}  // namespace identity
