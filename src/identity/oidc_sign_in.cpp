// SPDX-License-Identifier: Apache-2.0
// From what an OpenID provider says to a user here and a session.
#include <fmt/format.h>

#include "base/crypto.hpp"
#include "identity/service.hpp"

namespace identity {

namespace {

tl::unexpected<base::Error> no_provider() {
  return base::fail(base::Kind::unsupported, "no OpenID Connect provider is configured: give issuer and client_id in the hub's configuration");
}

}  // namespace

base::Result<OidcStart> Service::oidc_start(const net::ServerRequest& request) {
  if (!oidc_) return no_provider();
  return oidc_->start(request);
}

base::Result<SignIn> Service::oidc_finish(const net::ServerRequest& request) {
  if (!oidc_) return no_provider();
  const OidcClaims claims = TRY(oidc_->finish(request));
  std::optional<SignIn> result;
  TRY(change([&](store::Session& session) -> base::Result<void> {
    PrincipalRow row = TRY(oidc_user(session, claims));
    if (row.principal.disabled)
      return base::fail(base::Kind::denied, "the account is disabled: ask an administrator to enable it");
    row.principal.email = claims.email;
    if (!claims.display_name.empty()) row.principal.display_name = claims.display_name;
    TRY(apply_claimed_groups(session, row, claims.groups));
    result = TRY(start_session(session, std::move(row), request));
    return {};
  }));
  return *std::move(result);
}

// By its subject, which never changes; else the user that an administrator prepared under that name; else a new one. A
// local user is never taken over by a provider's user of the same name.
base::Result<PrincipalRow> Service::oidc_user(store::Session& session, const OidcClaims& claims) {
  if (auto known = TRY(principal_by_subject(session, claims.subject))) return *std::move(known);
  auto row = TRY(principal_by_name(session, PrincipalKind::user, claims.user_name));
  if (row && row->subject != kAwaitedSubject)
    return base::fail(base::Kind::conflict, fmt::format("there is another user named {} already: rename that one, then sign in again",
                                                        row->principal.name));
  const bool fresh = !row;
  if (fresh) {
    row.emplace();
    row->principal.id = base::uuid4();
    row->principal.name = claims.user_name;
    row->principal.created_at = now();
  }
  row->subject = claims.subject;
  row->principal.local = false;
  row->changed_at = now();
  if (fresh) TRY(insert_principal(session, *row));
  return *std::move(row);
}

}  // namespace identity
