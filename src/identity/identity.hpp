// SPDX-License-Identifier: Apache-2.0
// Who is calling: people, programs, their sessions and tokens. What they may do is arm/rbac.hpp's.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "net/http.hpp"
#include "net/server.hpp"
#include "store/database.hpp"
#include "store/jobs.hpp"

namespace identity {

enum class PrincipalKind { user, service_principal, group };

struct Principal {
  std::string id;            // object id, a UUID in lower case
  PrincipalKind kind = PrincipalKind::user;
  std::string name;          // sign-in name; of a service principal its client (application) id
  std::string display_name;
  std::string email;
  bool disabled = false;
  bool local = true;         // has a password (or secret) here; false: signs in through OIDC
  store::Millis created_at = 0;
  store::Millis last_sign_in_at = 0;
};

// The caller of a request.
struct Caller {
  Principal principal;
  std::vector<std::string> groups;      // object ids of groups, transitive
  std::string how;                      // "session", "token", "oauth2"
  std::string session_hash;             // of a session
  std::vector<std::string> actions;     // of an API token: patterns it is narrowed to; empty: all
  std::string scope_key = "/";          // of an API token: where it holds
};

struct OidcOptions {
  std::string issuer;          // https://login.example.com/realms/x
  std::string client_id, client_secret;
  std::string name = "OpenID Connect";  // on the sign-in button
  std::string redirect_uri;             // https://HUB/signin/oidc
  std::string username_claim = "preferred_username", groups_claim = "groups";
  std::vector<std::string> scopes{"openid", "profile", "email"};
};

struct Options {
  std::string tenant_id;                // UUID of this installation
  std::string issuer_url;               // https://host:port, in tokens and the discovery document; empty: from the request
  std::optional<OidcOptions> oidc;
  std::chrono::minutes session_idle{60 * 8};
  std::chrono::minutes session_longest{60 * 24 * 7};
  std::chrono::minutes access_token_life{60};
  int failures_before_lock = 10;        // of one name; one address gets ten times as many
  std::chrono::minutes lock_time{15};
  std::string key_file;                 // 32 bytes; seals the signing key in the database
  std::function<store::Millis()> now;   // empty: store::now_ms
};

struct SignIn {
  std::string session_token;  // for the cookie
  std::string csrf;
  Principal principal;
};

// The way to an OpenID provider: the browser is sent to `location` with `cookie` (a value for Set-Cookie), which binds what
// comes back to this browser.
struct OidcStart {
  std::string location, cookie;
};

struct ApiToken {
  std::string id, principal_id, name, scope;
  std::vector<std::string> actions;
  store::Millis created_at = 0, expires_at = 0, used_at = 0;
};

struct NewApiToken {
  ApiToken token;
  std::string secret;  // shown once: "bwk_…"
};

struct NewServicePrincipal {
  Principal principal;  // name is the client id
  std::string secret;   // shown once
};

// Thread-safe. sign_in, redeem_link, change_password and the token endpoint answer Kind::denied with the same words whatever
// was wrong with the credentials, take the same time, and count towards the lock; Kind::unavailable with "try again in N
// seconds" while locked. Session cookies and bearer tokens are too long to be guessed: authenticate counts nothing.
class Identity {
 public:
  static base::Result<std::unique_ptr<Identity>> open(store::Database& database, net::HttpTransport& transport,
                                                      Options options);
  virtual ~Identity() = default;

  // --- first start
  // Makes the administrator "admin" where there is no principal at all, and a one-time link's token with it (24 h).
  // Nothing where there is one already.
  struct FirstStart {
    Principal administrator;
    std::string link_token;
  };
  virtual base::Result<std::optional<FirstStart>> first_start() = 0;
  // A new one-time link for a user, for a lost password or an invitation.
  virtual base::Result<std::string> make_link(const std::string& principal_id) = 0;
  virtual base::Result<SignIn> redeem_link(const std::string& token, const std::string& new_password,
                                           const net::ServerRequest& request) = 0;

  // --- requests
  // From the session's cookie (session_cookie_name), or `Authorization: Bearer` (API token or access token). Requests other than GET
  // and HEAD that come with the cookie must carry X-CSRF-Token: Kind::denied. No credentials at all: nothing.
  virtual base::Result<std::optional<Caller>> authenticate(const net::ServerRequest& request) = 0;

  virtual base::Result<SignIn> sign_in(const std::string& name, const std::string& password,
                                       const net::ServerRequest& request) = 0;
  virtual base::Result<void> sign_out(const Caller& caller) = 0;
  virtual base::Result<std::string> csrf_of(const Caller& caller) = 0;  // of a session

  // --- OAuth2 and OIDC, served by the hub at /{tenant}/…: discovery, JWKS, token endpoint (client_credentials with
  // client_secret in the body or Basic). Errors in the body as RFC 6749 section 5.2 and Azure's AADSTS codes have them.
  virtual std::optional<net::ServerResponse> serve_authority(const net::ServerRequest& request) = 0;
  virtual base::Result<OidcStart> oidc_start(const net::ServerRequest& request) = 0;
  // At redirect_uri, with the cookie of oidc_start. Kind::unsupported where no provider is configured; other errors say
  // what to configure. Makes the user at its first sign-in.
  virtual base::Result<SignIn> oidc_finish(const net::ServerRequest& request) = 0;

  // --- administration; the caller's right to it is checked by whoever calls
  virtual base::Result<std::vector<Principal>> principals() = 0;
  virtual base::Result<Principal> find(const std::string& id_or_name) = 0;  // Kind::conflict: several have that name
  // An empty id makes a new one. `disabled` and `local` count for new ones alone (set_disabled is for later); a new user that
  // is not local waits for the first OpenID Connect sign-in of that user name, which binds it. A new password ends the
  // user's sessions.
  virtual base::Result<Principal> put_user(const Principal& user, const std::optional<std::string>& password) = 0;
  virtual base::Result<Principal> put_group(const Principal& group, const std::vector<std::string>& members) = 0;
  virtual base::Result<std::vector<std::string>> members(const std::string& group_id) = 0;
  virtual base::Result<NewServicePrincipal> add_service_principal(const std::string& display_name) = 0;
  // As configuration as code needs it: a given client id and secret (16 to 256 bytes; empty: the one that it has), made or
  // changed. Access tokens from before a change of the secret end with it. The same again writes nothing.
  struct PutClient {
    Principal principal;
    bool changed = false;
  };
  virtual base::Result<PutClient> put_service_principal(const std::string& client_id, const std::string& display_name,
                                                        const std::string& secret) = 0;
  virtual base::Result<std::string> renew_secret(const std::string& principal_id) = 0;
  virtual base::Result<void> change_password(const Caller& caller, const std::string& old_password,
                                             const std::string& new_password) = 0;
  // Ends sessions, and every request from the next on is refused. That an administrator must be left is for the caller to see to.
  virtual base::Result<void> set_disabled(const std::string& id, bool disabled) = 0;
  virtual base::Result<void> remove(const std::string& id) = 0;                       // sessions and tokens go with it

  // For a user or service principal, 1 hour to 2 years.
  virtual base::Result<NewApiToken> add_token(const std::string& principal_id, const std::string& name,
                                              const std::string& scope, const std::vector<std::string>& actions,
                                              std::chrono::hours life) = 0;
  virtual base::Result<std::vector<ApiToken>> tokens(const std::string& principal_id) = 0;  // empty: everybody's
  virtual base::Result<void> remove_token(const std::string& id) = 0;
};

// 12 to 128 characters, not the name, not among the most common: Kind::invalid_input says what to change.
base::Result<void> check_password(std::string_view password, std::string_view name);

}  // namespace identity
