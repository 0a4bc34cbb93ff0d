// SPDX-License-Identifier: Apache-2.0
// From a request to its caller. Typical requests are answered out of the cache, without the database.
#include <fmt/format.h>

#include <algorithm>

#include "base/crypto.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "identity/api_tokens.hpp"
#include "identity/cookies.hpp"
#include "identity/service.hpp"

namespace identity {

namespace {

constexpr store::Millis kTouchEvery = 60'000;
constexpr std::size_t kLongestCredential = 16u << 10;

tl::unexpected<base::Error> not_accepted() {
  return base::fail(base::Kind::denied, "the credentials of the request are not valid or not valid any more: sign in again");
}

// The token of `Authorization: Bearer …`; empty where there is none.
std::string_view bearer_token(const net::ServerRequest& request) {
  const auto [scheme, token] = base::cut(base::trim(request.header("authorization")), " ");
  return base::equals_ignoring_case(scheme, "bearer") ? base::trim(token) : std::string_view();
}

bool is_safe(const std::string& method) { return method == "GET" || method == "HEAD"; }

base::Result<void> check_forgery(const net::ServerRequest& request, const std::string& csrf) {
  if (is_safe(request.method)) return {};
  if (base::equals_ignoring_case(request.header("sec-fetch-site"), "cross-site"))
    return base::fail(base::Kind::denied, "the request comes from another site");
  if (base::constant_time_equal(request.header("x-csrf-token"), csrf)) return {};
  return base::fail(base::Kind::denied, "the request lacks the session's token in X-CSRF-Token: load the page again");
}

}  // namespace

base::Result<std::optional<Caller>> Service::authenticate(const net::ServerRequest& request) {
  const std::string_view bearer = bearer_token(request);
  if (!bearer.empty()) {
    const Entry entry = TRY(accepted(bearer, is_api_token(bearer) ? "token" : "oauth2"));
    return entry->caller;
  }
  const std::string_view cookie = cookie_value(request, session_cookie_name(request.tls));
  if (cookie.empty()) return std::nullopt;
  const Entry entry = TRY(accepted(cookie, "session"));
  TRY(check_forgery(request, entry->csrf));
  return entry->caller;
}

base::Result<Service::Entry> Service::accepted(std::string_view credential, std::string_view how) {
  if (credential.size() > kLongestCredential) return not_accepted();
  const std::string hash = base::sha256_hex(credential), key = fmt::format("{}:{}", how, hash);
  Entry entry = cache_.find(key, now());
  if (!entry) {
    const std::uint64_t generation = cache_.generation();
    TRY(database_.read([&](store::Session& session) -> base::Result<void> {
      entry = how == "session" ? TRY(load_session(session, hash))
              : how == "token" ? TRY(load_token(session, hash))
                               : TRY(load_access_token(session, credential));
      return {};
    }));
    entry->caller.how = how;
    entry->loaded_at = now();
    cache_.add(key, entry, generation);
  }
  touch(*entry, hash);
  return entry;
}

base::Result<void> Service::complete(store::Session& session, AcceptedCredential& entry, const std::string& principal_id) {
  auto row = TRY(principal_by_id(session, principal_id));
  if (!row || row->principal.disabled) return not_accepted();
  entry.caller.principal = std::move(row->principal);
  entry.caller.groups = TRY(groups_of(session, principal_id));
  return {};
}

base::Result<Service::Entry> Service::load_session(store::Session& session, const std::string& hash) {
  auto entry = std::make_shared<AcceptedCredential>();
  std::string principal;
  store::Millis seen = 0;
  TRY(session.query("SELECT principal_id, csrf, seen_at, expires_at FROM sessions WHERE token_hash = ?",
                    {std::string_view(hash)}, [&](const store::Row& row) {
                      principal = row.text(0);
                      entry->csrf = row.text(1);
                      seen = row.integer(2);
                      entry->expires_at = row.integer(3);
                    }));
  const store::Millis idle = std::chrono::milliseconds(options_.session_idle).count(), at = now();
  if (principal.empty() || entry->expires_at <= at || seen + idle <= at) return not_accepted();
  entry->touched_at = seen;
  entry->caller.session_hash = hash;
  TRY(complete(session, *entry, principal));
  return entry;
}

base::Result<Service::Entry> Service::load_token(store::Session& session, const std::string& hash) {
  auto entry = std::make_shared<AcceptedCredential>();
  std::optional<ApiToken> token;
  TRY(session.query(fmt::format("SELECT {} FROM api_tokens WHERE token_hash = ?", kApiTokenColumns),
                    {std::string_view(hash)}, [&](const store::Row& row) { token = read_api_token(row); }));
  if (!token || token->expires_at <= now()) return not_accepted();
  entry->expires_at = token->expires_at;
  entry->touched_at = token->used_at;
  entry->caller.actions = token->actions;
  entry->caller.scope_key = base::to_lower(token->scope);
  TRY(complete(session, *entry, token->principal_id));
  return entry;
}

base::Result<Service::Entry> Service::load_access_token(store::Session& session, std::string_view token) {
  auto entry = std::make_shared<AcceptedCredential>();
  const auto claims = access_tokens_.verify(token, now() / 1000);
  if (!claims) return not_accepted();
  const auto row = TRY(principal_by_id(session, claims->object_id));
  if (!row || row->principal.name != claims->client_id) return not_accepted();
  const base::Json* changed = row->settings.if_contains("secret_changed_at");
  if (changed != nullptr && changed->is_int64() && claims->issued_at < changed->get_int64()) return not_accepted();
  entry->expires_at = claims->expires_at * 1000;
  TRY(complete(session, *entry, claims->object_id));
  return entry;
}

// Uses are written down once a minute; one thread does it. A disk that is full must not end reading, so a failure is none.
void Service::touch(AcceptedCredential& entry, const std::string& hash) {
  const store::Millis at = now();
  store::Millis last = entry.touched_at.load();
  if (entry.caller.how == "oauth2" || at - last < kTouchEvery || !entry.touched_at.compare_exchange_strong(last, at)) return;
  const bool of_session = entry.caller.how == "session";
  (void)database_.write([&](store::Session& session) {
    return session.run(of_session ? "UPDATE sessions SET seen_at = ? WHERE token_hash = ?"
                                  : "UPDATE api_tokens SET used_at = ? WHERE token_hash = ?",
                       {at, std::string_view(hash)});
  });
}

}  // namespace identity
