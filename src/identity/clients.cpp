// SPDX-License-Identifier: Apache-2.0
// Service principals: their secrets, and checking them for the token endpoint.
#include <fmt/format.h>

#include "base/crypto.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "identity/request_origin.hpp"
#include "identity/service.hpp"

namespace identity {

namespace {

constexpr std::string_view kGenerated = "sha256:";
constexpr std::size_t kShortestGivenSecret = 16;
constexpr std::size_t kLongestGivenSecret = 256;
constexpr store::Millis kUseNotedEvery = 60'000;

tl::unexpected<base::Error> wrong_client() {
  return base::fail(base::Kind::denied, "client id or secret is wrong, or the service principal is disabled");
}

bool is_generated(std::string_view hash) { return hash.substr(0, kGenerated.size()) == kGenerated; }

PrincipalRow new_client(const std::string& client_id, const std::string& display_name, store::Millis at) {
  PrincipalRow row;
  row.principal.id = base::uuid4();
  row.principal.kind = PrincipalKind::service_principal;
  row.principal.name = client_id;
  row.principal.display_name = display_name;
  row.principal.created_at = at;
  return row;
}

void set_secret(PrincipalRow& row, std::string hash, store::Millis at) {
  row.secret_hash = std::move(hash);
  row.settings["secret_changed_at"] = at / 1000;
  row.changed_at = at;
}

base::Result<void> check_given_client(const std::string& client_id, const std::string& secret) {
  if (client_id.find_first_of(" \t:/") != std::string::npos)
    return base::fail(base::Kind::invalid_input, "a client id holds no blanks, colons and slashes");
  if (secret.size() >= kShortestGivenSecret && secret.size() <= kLongestGivenSecret) return {};
  return base::fail(base::Kind::invalid_input,
                    fmt::format("the secret of service principal {} must have 16 to 256 bytes: take one that a generator made",
                                base::printable(client_id)));
}

}  // namespace

std::string generated_hash(std::string_view secret) { return fmt::format("{}{}", kGenerated, base::sha256_hex(secret)); }

base::Result<NewServicePrincipal> Service::add_service_principal(const std::string& display_name) {
  NewServicePrincipal made;
  made.secret = base::random_token(32);
  PrincipalRow row = new_client(base::uuid4(), display_name, now());
  set_secret(row, generated_hash(made.secret), now());
  TRY(change([&](store::Session& session) { return insert_principal(session, row); }));
  made.principal = row.principal;
  return made;
}

base::Result<bool> Service::secret_matches(const std::string& secret, const std::string& hash) {
  if (is_generated(hash)) return base::constant_time_equal(generated_hash(secret), hash);
  const auto place = TRY(gate_.enter());
  return place.verify(secret, hash);
}

base::Result<Identity::PutClient> Service::put_service_principal(const std::string& client_id, const std::string& display_name,
                                                                 const std::string& secret) {
  std::optional<PrincipalRow> known;
  TRY(database_.read([&](store::Session& session) -> base::Result<void> {
    known = TRY(principal_by_name(session, PrincipalKind::service_principal, client_id));
    return {};
  }));
  const bool keeps_secret = known && secret.empty();
  if (!keeps_secret) TRY(check_given_client(client_id, secret));
  // The same secret again, as at each start, keeps its hash: tokens that are out stay good.
  const bool same_secret = keeps_secret || (known && TRY(secret_matches(secret, known->secret_hash)));
  if (same_secret && known->principal.display_name == display_name) return PutClient{known->principal, false};
  const std::string hash = same_secret ? known->secret_hash : TRY(hashed(secret));
  PutClient result{{}, true};
  TRY(change([&](store::Session& session) -> base::Result<void> {
    auto row = TRY(principal_by_name(session, PrincipalKind::service_principal, client_id));
    const bool fresh = !row;
    if (fresh) row = new_client(client_id, display_name, now());
    row->principal.display_name = display_name;
    if (row->secret_hash != hash) set_secret(*row, hash, now());
    TRY(fresh ? insert_principal(session, *row) : update_principal(session, *row));
    result.principal = row->principal;
    return {};
  }));
  return result;
}

base::Result<std::string> Service::renew_secret(const std::string& principal_id) {
  const std::string secret = base::random_token(32);
  TRY(change([&](store::Session& session) -> base::Result<void> {
    PrincipalRow row = TRY(principal_that_exists(session, principal_id));
    if (row.principal.kind != PrincipalKind::service_principal)
      return base::fail(base::Kind::invalid_input,
                        fmt::format("{} is no service principal: make a link for a lost password", row.principal.name));
    set_secret(row, generated_hash(secret), now());
    return update_principal(session, row);
  }));
  return secret;
}

// Every failure takes the time of a password hash, whether there is such a client or not and however its secret is kept.
base::Result<Principal> Service::verified_client(const std::string& client_id, const std::string& secret,
                                                 const std::string& peer) {
  const Attempt attempt{"client:" + base::to_lower(client_id.substr(0, 256)), "address:" + address_group(peer)};
  TRY(locks_.check(attempt, now()));
  std::optional<PrincipalRow> row;
  bool failed_before = false;
  TRY(database_.read([&](store::Session& session) -> base::Result<void> {
    row = TRY(principal_by_name(session, PrincipalKind::service_principal, client_id));
    failed_before = TRY(store::query_integer(session, "SELECT failures FROM sign_in_failures WHERE subject = ?",
                                             {std::string_view(attempt.name)})).has_value();
    return {};
  }));
  const bool generated = row && is_generated(row->secret_hash);
  bool matches = generated && base::constant_time_equal(generated_hash(secret), row->secret_hash);
  if (!matches) {
    const auto place = TRY(gate_.enter());
    TRY(locks_.check(attempt, now()));
    matches = place.verify(secret, row && !generated ? std::string_view(row->secret_hash) : std::string_view());
    if (!matches) TRY(locks_.count_failure(attempt, now()));
  }
  if (!matches || row->principal.disabled) return wrong_client();
  if (failed_before || now() - row->principal.last_sign_in_at >= kUseNotedEvery) TRY(note_client_use(row->principal.id, attempt));
  return row->principal;
}

base::Result<void> Service::note_client_use(const std::string& id, const Attempt& attempt) {
  return database_.write([&](store::Session& session) -> base::Result<void> {
    TRY(session.run("UPDATE principals SET last_sign_in_at = ? WHERE id = ?", {now(), std::string_view(id)}));
    return SignInLocks::clear(session, attempt);
  });
}

}  // namespace identity
