// SPDX-License-Identifier: Apache-2.0
// Passwords, one-time links and the sessions they open.
#include <fmt/format.h>

#include "base/crypto.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "identity/request_origin.hpp"
#include "identity/service.hpp"

namespace identity {

namespace {

constexpr std::size_t kSecretBytes = 32;
constexpr store::Millis kLinkLife = 24LL * 3600 * 1000;
constexpr store::Millis kPurgeEvery = 3600 * 1000;
constexpr std::size_t kLongestAgent = 256;
constexpr std::size_t kLongestToken = 256;

tl::unexpected<base::Error> wrong_password() {
  return base::fail(base::Kind::denied, "sign-in name or password is wrong, or the account is disabled");
}

tl::unexpected<base::Error> wrong_link() {
  return base::fail(base::Kind::denied, "this link is used up, has ended or never was: ask an administrator for a new one");
}

std::string peer_subject(const net::ServerRequest& request) { return "address:" + address_group(request.peer); }

Attempt attempt_of(const std::string& name, const net::ServerRequest& request) {
  return {"user:" + base::to_lower(name.substr(0, 256)), peer_subject(request)};
}

}  // namespace

base::Result<std::optional<Identity::FirstStart>> Service::first_start() {
  std::optional<FirstStart> first;
  TRY(change([&](store::Session& session) -> base::Result<void> {
    if (TRY(store::query_integer(session, "SELECT count(*) FROM principals")).value_or(0) != 0) return {};
    PrincipalRow row;
    row.principal.id = base::uuid4();
    row.principal.name = "admin";
    row.principal.display_name = "Administrator";
    row.principal.created_at = row.changed_at = now();
    TRY(insert_principal(session, row));
    first = FirstStart{row.principal, TRY(new_link(session, row.principal.id))};
    return {};
  }));
  return first;
}

base::Result<std::string> Service::new_link(store::Session& session, const std::string& principal_id) {
  TRY(delete_links(session, principal_id));
  const std::string token = base::random_token(kSecretBytes), hash = base::sha256_hex(token);
  TRY(session.run("INSERT INTO one_time_links (token_hash, principal_id, purpose, expires_at) VALUES (?, ?, 'password', ?)",
                  {std::string_view(hash), std::string_view(principal_id), now() + kLinkLife}));
  return token;
}

base::Result<std::string> Service::make_link(const std::string& principal_id) {
  std::string token;
  TRY(database_.write([&](store::Session& session) -> base::Result<void> {
    const PrincipalRow row = TRY(principal_that_exists(session, principal_id));
    if (row.principal.kind != PrincipalKind::user || !row.principal.local)
      return base::fail(base::Kind::invalid_input,
                        fmt::format("{} has no password here that a link could set", row.principal.name));
    if (row.principal.disabled)
      return base::fail(base::Kind::conflict, fmt::format("{} is disabled: enable the account first", row.principal.name));
    token = TRY(new_link(session, principal_id));
    return {};
  }));
  return token;
}

base::Result<PrincipalRow> Service::link_owner(const std::string& token_hash, const Attempt& attempt) {
  TRY(locks_.check(attempt, now()));
  std::optional<PrincipalRow> owner;
  TRY(database_.read([&](store::Session& session) -> base::Result<void> {
    const auto id = TRY(store::query_text(session, "SELECT principal_id FROM one_time_links WHERE token_hash = ? AND expires_at > ?",
                                          {std::string_view(token_hash), now()}));
    if (id) owner = TRY(principal_by_id(session, *id));
    return {};
  }));
  if (owner && !owner->principal.disabled) return *std::move(owner);
  TRY(locks_.count_failure(attempt, now()));
  return wrong_link();
}

base::Result<SignIn> Service::redeem_link(const std::string& token, const std::string& new_password,
                                          const net::ServerRequest& request) {
  const std::string token_hash = base::sha256_hex(std::string_view(token).substr(0, kLongestToken));
  const PrincipalRow owner = TRY(link_owner(token_hash, {"", peer_subject(request)}));
  TRY(check_password(new_password, owner.principal.name));
  const std::string hash = TRY(hashed(new_password));
  std::optional<SignIn> result;
  TRY(change([&](store::Session& session) -> base::Result<void> {
    TRY(session.run("DELETE FROM one_time_links WHERE token_hash = ?", {std::string_view(token_hash)}));
    if (session.changes() != 1) return wrong_link();  // somebody was faster
    PrincipalRow row = TRY(principal_that_exists(session, owner.principal.id));
    if (row.principal.disabled) return wrong_link();
    row.secret_hash = hash;
    row.changed_at = now();
    TRY(end_sessions(session, row.principal.id));
    TRY(SignInLocks::clear(session, attempt_of(row.principal.name, request)));
    result = TRY(start_session(session, std::move(row), request));
    return {};
  }));
  return *std::move(result);
}

base::Result<std::string> Service::hashed(const std::string& password) {
  const auto place = TRY(gate_.enter());
  return place.hash(password);
}

// The lock is looked at inside the gate, so that guesses made at once cannot run past its limit.
base::Result<PrincipalRow> Service::verified_user(const std::string& name, const std::string& password,
                                                  const Attempt& attempt) {
  std::optional<PrincipalRow> row;
  bool matches = false;
  {
    const auto place = TRY(gate_.enter());
    TRY(locks_.check(attempt, now()));
    TRY(database_.read([&](store::Session& session) -> base::Result<void> {
      row = TRY(principal_by_name(session, PrincipalKind::user, name));
      return {};
    }));
    matches = place.verify(password, row ? std::string_view(row->secret_hash) : std::string_view());
    if (!matches || row->principal.disabled) TRY(locks_.count_failure(attempt, now()));
  }
  if (!matches || row->principal.disabled) return wrong_password();
  return *std::move(row);
}

base::Result<SignIn> Service::sign_in(const std::string& name, const std::string& password,
                                      const net::ServerRequest& request) {
  const Attempt attempt = attempt_of(name, request);
  const PrincipalRow verified = TRY(verified_user(name, password, attempt));
  std::optional<SignIn> result;
  TRY(database_.write([&](store::Session& session) -> base::Result<void> {
    auto row = TRY(principal_by_id(session, verified.principal.id));
    const bool unchanged = row && !row->principal.disabled && row->secret_hash == verified.secret_hash;
    if (!unchanged) return wrong_password();
    TRY(SignInLocks::clear(session, attempt));
    result = TRY(start_session(session, *std::move(row), request));
    return {};
  }));
  return *std::move(result);
}

// Writes the row too.
base::Result<SignIn> Service::start_session(store::Session& session, PrincipalRow row, const net::ServerRequest& request) {
  const store::Millis at = now();
  row.principal.last_sign_in_at = at;
  TRY(update_principal(session, row));
  TRY(purge(session));
  SignIn sign_in{base::random_token(kSecretBytes), base::random_token(kSecretBytes), row.principal};
  const std::string hash = base::sha256_hex(sign_in.session_token);
  const std::string agent = base::printable(request.header("user-agent").substr(0, kLongestAgent));
  const store::Millis longest = std::chrono::milliseconds(options_.session_longest).count();
  using View = std::string_view;
  TRY(session.run("INSERT INTO sessions (token_hash, principal_id, csrf, address, agent, created_at, seen_at, expires_at) "
                  "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                  {View(hash), View(row.principal.id), View(sign_in.csrf), View(request.peer), View(agent), at, at,
                   at + longest}));
  return sign_in;
}

// What has ended is deleted now and then, by those who sign in.
base::Result<void> Service::purge(store::Session& session) {
  const store::Millis at = now();
  store::Millis last = purged_at_.load();
  if (at - last < kPurgeEvery || !purged_at_.compare_exchange_strong(last, at)) return {};
  const store::Millis idle = std::chrono::milliseconds(options_.session_idle).count();
  TRY(session.run("DELETE FROM sessions WHERE expires_at <= ? OR seen_at <= ?", {at, at - idle}));
  TRY(session.run("DELETE FROM one_time_links WHERE expires_at <= ?", {at}));
  return locks_.purge(session, at);
}

base::Result<void> Service::sign_out(const Caller& caller) {
  if (caller.session_hash.empty()) return base::fail(base::Kind::invalid_input, "only a session can be signed out of");
  return change([&](store::Session& session) {
    return session.run("DELETE FROM sessions WHERE token_hash = ?", {std::string_view(caller.session_hash)});
  });
}

base::Result<std::string> Service::csrf_of(const Caller& caller) {
  std::optional<std::string> csrf;
  TRY(database_.read([&](store::Session& session) -> base::Result<void> {
    csrf = TRY(store::query_text(session, "SELECT csrf FROM sessions WHERE token_hash = ?",
                                 {std::string_view(caller.session_hash)}));
    return {};
  }));
  if (!csrf) return base::fail(base::Kind::not_found, "the request belongs to no session");
  return *std::move(csrf);
}

base::Result<void> Service::change_password(const Caller& caller, const std::string& old_password,
                                            const std::string& new_password) {
  if (caller.session_hash.empty())
    return base::fail(base::Kind::denied, "a password is changed in a session: sign in with it first");
  const std::string& name = caller.principal.name;
  const Attempt attempt{"user:" + base::to_lower(name), "session:" + caller.principal.id};
  const PrincipalRow verified = TRY(verified_user(name, old_password, attempt));
  TRY(check_password(new_password, name));
  const std::string hash = TRY(hashed(new_password));
  return change([&](store::Session& session) -> base::Result<void> {
    PrincipalRow row = TRY(principal_that_exists(session, verified.principal.id));
    if (row.secret_hash != verified.secret_hash) return wrong_password();
    row.secret_hash = hash;
    row.changed_at = now();
    TRY(SignInLocks::clear(session, attempt));
    TRY(delete_links(session, row.principal.id));
    TRY(end_sessions(session, row.principal.id, caller.session_hash));
    return update_principal(session, row);
  });
}

}  // namespace identity
