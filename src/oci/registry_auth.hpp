// SPDX-License-Identifier: Apache-2.0
// How a client proves to a registry who it is: HTTP Basic, and the token protocol of Docker's registries (distribution,
// "Token Authentication Specification" and "OAuth2 Token Authentication"), which Azure's registries speak too.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/retry.hpp"
#include "net/url.hpp"
#include "oci/docker_config.hpp"

namespace oci {

// One challenge of a WWW-Authenticate header.
struct AuthChallenge {
  std::string scheme;                                           // lower case
  std::vector<std::pair<std::string, std::string>> parameters;  // names in lower case

  std::string_view parameter(std::string_view lower_case_name) const;  // empty where missing
};

// RFC 9110 section 11.6.1. Several challenges may stand in one header. Reading ends at the first fault; what was read
// before counts.
std::vector<AuthChallenge> parse_challenges(std::string_view header);

struct AuthOptions {
  net::HttpTransport* transport = nullptr;        // not owned
  std::string registry;                           // as the user knows it, for messages
  bool insecure = false;                          // credentials may travel over plain HTTP
  std::function<CredentialLookup()> credentials;  // asked once, at the first challenge
  net::RetryPolicy retry;
};

// Authorization for one registry. Thread-safe: one lock is held while a token is fetched, so that requests in parallel
// fetch it once.
class RegistryAuth {
 public:
  explicit RegistryAuth(AuthOptions options) : options_(std::move(options)) {}

  // The Authorization header to send with a request for `scope`, as far as earlier challenges tell; empty before the
  // first. A token about to expire is fetched anew.
  base::Result<std::string> header_for(const std::string& scope);

  // Answers the 401 that `response` is, `sent` being the Authorization header it refused; returns the one to try next.
  // `base` is where the request went. Kind::denied where there is nothing else to try.
  base::Result<std::string> answer(const net::HttpResponse& response, const net::Url& base, const std::string& scope,
                                   const std::string& sent);

  bool has_credentials() const;
  std::string problem() const;  // of the look-up of credentials; empty where there was none

 private:
  struct Token {
    std::string scope;
    std::string header;
    std::chrono::steady_clock::time_point fresh_until;
  };

  base::Result<std::string> answer_basic(const net::Url& base, const std::string& sent);
  base::Result<std::string> fetch_token(const std::string& scope);
  base::Result<net::Url> realm() const;
  base::Result<net::HttpResponse> request_token(const net::Url& realm, const std::string& scope);
  base::Result<net::HttpResponse> get_token(const net::Url& realm, const std::string& scope);
  base::Result<net::HttpResponse> post_token(const net::Url& realm, const std::string& scope, std::string_view grant);
  base::Result<std::string> exchange_directory_token(const net::Url& realm, const std::string& access_token);
  base::Result<std::string> refresh_token(const net::Url& realm);
  base::Error token_refused(const net::HttpResponse& response, const net::Url& realm) const;
  void look_up_credentials();

  AuthOptions options_;
  mutable std::mutex mutex_;  // guards all below
  bool looked_up_ = false;
  CredentialLookup lookup_;
  std::string basic_header_;
  std::optional<AuthChallenge> bearer_;  // the latest; tokens are fetched as it says
  net::Url base_;                        // where it came from
  std::string refresh_token_;            // as the registry takes it
  std::vector<Token> tokens_;
};

// "run docker login HOST or pass --username"
std::string login_advice(std::string_view registry);

}  // namespace oci
