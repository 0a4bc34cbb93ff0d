// SPDX-License-Identifier: Apache-2.0
#include "providers/hybrid_compute/enrollment_tokens.hpp"

#include <fmt/format.h>

#include "base/crypto.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"

namespace providers::hybrid_compute {

namespace {

constexpr std::int64_t kUsualTokenSeconds = 3'600;
constexpr std::size_t kTokenLabels = 50, kLabelNameBytes = 512, kLabelBytes = 256;
constexpr store::Millis kShowExpired = 24 * 3'600'000;

base::Result<std::int64_t> whole_number(const base::Json& body, std::string_view name, std::int64_t otherwise, std::int64_t most) {
  const base::Json* given = base::find(body, name);
  if (!given || given->is_null()) return otherwise;
  const auto number = base::get_int(body, name);
  if (!number || *number < 1 || *number > most)
    return base::fail(base::Kind::invalid_input, fmt::format("{} must be a whole number from 1 to {}.", name, most));
  return *number;
}

base::Result<base::JsonObject> labels_of(const base::Json& body) {
  const base::Json* given = base::find(body, "labels");
  if (!given || given->is_null()) return base::JsonObject{};
  if (!given->is_object() || given->get_object().size() > kTokenLabels)
    return base::fail(base::Kind::invalid_input, fmt::format("labels must be an object of at most {} names and values.", kTokenLabels));
  for (const auto& label : given->get_object()) {
    const bool fits = !label.key().empty() && label.key().size() <= kLabelNameBytes && label.value().is_string() && label.value().get_string().size() <= kLabelBytes;
    if (!fits || base::printable(label.key()) != label.key() || base::printable(label.value().get_string()) != label.value().get_string())
      return base::fail(base::Kind::invalid_input, fmt::format("labels: '{}' must be a text of at most {} bytes.", base::printable(label.key()), kLabelBytes));
  }
  return given->get_object();
}

constexpr std::string_view kTokenColumns = "id, created_by, created_at, expires_at, uses, uses_left, labels, secret_hash";

TokenRow token_row(const store::Row& row) {
  TokenRow out;
  out.id = row.text(0);
  out.created_by = row.text(1);
  out.created_at = row.integer(2);
  out.expires_at = row.integer(3);
  out.uses = row.integer(4);
  out.uses_left = row.integer(5);
  out.labels = base::parse_json(row.text(6), "labels").value_or(base::JsonObject{}).as_object();
  return out;
}

}  // namespace

base::Result<TokenRow> parse_token_request(const base::Json& body, store::Millis now) {
  TokenRow token;
  token.created_at = now;
  token.expires_at = now + 1'000 * TRY(whole_number(body, "expiresInSeconds", kUsualTokenSeconds, kLongestTokenSeconds));
  token.uses = token.uses_left = TRY(whole_number(body, "uses", 1, kMostTokenUses));
  token.labels = TRY(labels_of(body));
  return token;
}

base::Result<uplink::EnrollmentToken> add_enrollment_token(store::Session& session, TokenRow& token, const std::string& fingerprint) {
  uplink::EnrollmentToken out{base::random_token(9), base::random_token(32), fingerprint};
  token.id = out.id;
  const std::string hash = base::sha256_hex(out.secret), labels = base::to_text(token.labels);
  TRY(session.run("INSERT INTO enrollment_tokens (id, secret_hash, created_by, created_at, expires_at, uses, uses_left, labels) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                  {std::string_view(token.id), std::string_view(hash), std::string_view(token.created_by), token.created_at, token.expires_at, token.uses,
                   token.uses_left, std::string_view(labels)}));
  return out;
}

base::Result<std::vector<TokenRow>> enrollment_tokens(store::Session& session, store::Millis now) {
  std::vector<TokenRow> out;
  TRY(session.query(fmt::format("SELECT {} FROM enrollment_tokens WHERE expires_at > ? ORDER BY created_at DESC, id", kTokenColumns), {now - kShowExpired},
                    [&](const store::Row& row) { out.push_back(token_row(row)); }));
  return out;
}

base::Result<bool> remove_enrollment_token(store::Session& session, const std::string& id) {
  TRY(session.run("DELETE FROM enrollment_tokens WHERE id = ?", {std::string_view(id)}));
  return session.changes() > 0;
}

base::Result<void> forget_old_tokens(store::Session& session, store::Millis now) {
  return session.run("DELETE FROM enrollment_tokens WHERE expires_at <= ?", {now - kShowExpired});
}

base::Result<TokenRow> redeem(store::Session& session, const uplink::EnrollmentToken& token, store::Millis now) {
  std::optional<TokenRow> found;
  std::string hash;
  TRY(session.query(fmt::format("SELECT {} FROM enrollment_tokens WHERE id = ?", kTokenColumns), {std::string_view(token.id)}, [&](const store::Row& row) {
    found = token_row(row);
    hash = row.text(7);
  }));
  if (!found || !base::constant_time_equal(hash, base::sha256_hex(token.secret)))
    return base::fail(base::Kind::denied, "This enrolment token is not known here: it was revoked, or another hub made it. Make a new one at this hub.");
  if (found->expires_at <= now) return base::fail(base::Kind::denied, "This enrolment token has expired; make a new one.");
  if (found->uses_left <= 0) return base::fail(base::Kind::denied, "This enrolment token was used already; make a new one.");
  TRY(session.run("UPDATE enrollment_tokens SET uses_left = uses_left - 1 WHERE id = ?", {std::string_view(token.id)}));
  return std::move(*found);
}

}  // namespace providers::hybrid_compute
