// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "identity/access_tokens.hpp"
#include "identity/authority.hpp"
#include "identity/caller_cache.hpp"
#include "identity/directory.hpp"
#include "identity/identity.hpp"
#include "identity/oidc_client.hpp"
#include "identity/password_gate.hpp"
#include "identity/sign_in_locks.hpp"

namespace identity {

// Identity over the state store. What is shared between threads is in its parts, each of which names its lock.
class Service final : public Identity {
 public:
  Service(store::Database& database, net::HttpTransport& transport, Options options, AccessTokens access_tokens);

  base::Result<std::optional<FirstStart>> first_start() override;
  base::Result<std::string> make_link(const std::string& principal_id) override;
  base::Result<SignIn> redeem_link(const std::string& token, const std::string& new_password,
                                   const net::ServerRequest& request) override;

  base::Result<std::optional<Caller>> authenticate(const net::ServerRequest& request) override;
  base::Result<SignIn> sign_in(const std::string& name, const std::string& password,
                               const net::ServerRequest& request) override;
  base::Result<void> sign_out(const Caller& caller) override;
  base::Result<std::string> csrf_of(const Caller& caller) override;

  std::optional<net::ServerResponse> serve_authority(const net::ServerRequest& request) override;
  base::Result<OidcStart> oidc_start(const net::ServerRequest& request) override;
  base::Result<SignIn> oidc_finish(const net::ServerRequest& request) override;

  base::Result<std::vector<Principal>> principals() override;
  base::Result<Principal> find(const std::string& id_or_name) override;
  base::Result<Principal> put_user(const Principal& user, const std::optional<std::string>& password) override;
  base::Result<Principal> put_group(const Principal& group, const std::vector<std::string>& members) override;
  base::Result<std::vector<std::string>> members(const std::string& group_id) override;
  base::Result<NewServicePrincipal> add_service_principal(const std::string& display_name) override;
  base::Result<PutClient> put_service_principal(const std::string& client_id, const std::string& display_name,
                                                const std::string& secret) override;
  base::Result<std::string> renew_secret(const std::string& principal_id) override;
  base::Result<void> change_password(const Caller& caller, const std::string& old_password,
                                     const std::string& new_password) override;
  base::Result<void> set_disabled(const std::string& id, bool disabled) override;
  base::Result<void> remove(const std::string& id) override;

  base::Result<NewApiToken> add_token(const std::string& principal_id, const std::string& name, const std::string& scope,
                                      const std::vector<std::string>& actions, std::chrono::hours life) override;
  base::Result<std::vector<ApiToken>> tokens(const std::string& principal_id) override;
  base::Result<void> remove_token(const std::string& id) override;

 private:
  using Entry = CallerCache::Entry;

  store::Millis now() const;
  // A transaction after which the cache knows nothing.
  base::Result<void> change(const store::Database::Work& work);

  // sign_in.cpp
  base::Result<SignIn> start_session(store::Session& session, PrincipalRow row, const net::ServerRequest& request);
  base::Result<void> purge(store::Session& session);
  base::Result<std::string> new_link(store::Session& session, const std::string& principal_id);
  base::Result<PrincipalRow> verified_user(const std::string& name, const std::string& password, const Attempt& attempt);
  base::Result<PrincipalRow> link_owner(const std::string& token_hash, const Attempt& attempt);
  base::Result<std::string> hashed(const std::string& password);

  // authenticate.cpp
  base::Result<Entry> accepted(std::string_view credential, std::string_view how);
  base::Result<Entry> load_session(store::Session& session, const std::string& hash);
  base::Result<Entry> load_token(store::Session& session, const std::string& hash);
  base::Result<Entry> load_access_token(store::Session& session, std::string_view token);
  base::Result<void> complete(store::Session& session, AcceptedCredential& entry, const std::string& principal_id);
  void touch(AcceptedCredential& entry, const std::string& hash);

  // clients.cpp
  base::Result<Principal> verified_client(const std::string& client_id, const std::string& secret,
                                          const std::string& peer);
  base::Result<bool> secret_matches(const std::string& secret, const std::string& hash);
  base::Result<void> note_client_use(const std::string& id, const Attempt& attempt);

  // oidc_sign_in.cpp
  base::Result<PrincipalRow> oidc_user(store::Session& session, const OidcClaims& claims);

  store::Database& database_;
  const Options options_;
  PasswordGate gate_;
  const SignInLocks locks_;
  const AccessTokens access_tokens_;
  const Authority authority_;
  const std::unique_ptr<OidcClient> oidc_;  // null where none is configured
  CallerCache cache_;
  std::atomic<store::Millis> purged_at_{0};
};

// "sha256:<hex>": how a secret of 32 random bytes is kept. A person's password is never kept so.
std::string generated_hash(std::string_view secret);

}  // namespace identity
