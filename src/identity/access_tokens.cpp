// SPDX-License-Identifier: Apache-2.0
#include "identity/access_tokens.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/base64.hpp"
#include "base/crypto.hpp"
#include "base/text.hpp"
#include "store/vault.hpp"

namespace identity {

namespace {

constexpr const char* kOwner = "identity";
constexpr const char* kKeyName = "signing_key";
constexpr std::size_t kLongestAccessToken = 8u << 10;

constexpr std::string_view kAzureAudiences[] = {
    "https://management.azure.com",    "https://management.core.windows.net", "https://api.loganalytics.io",
    "https://api.loganalytics.azure.com", "https://monitor.azure.com",        "https://containerregistry.azure.net",
};

// Issuer and audience as the token itself says, before its signature is looked at: which values to demand of it.
struct Claimed {
  std::string issuer, audience;
};

Claimed claimed_by(std::string_view token) {
  const auto parts = base::split(token, '.');
  if (parts.size() != 3) return {};
  const auto bytes = base::base64_decode(parts[1]);
  if (!bytes) return {};
  const auto claims = base::parse_json(*bytes, "token");
  if (!claims) return {};
  return {std::string(base::get_string(*claims, "iss")), std::string(base::get_string(*claims, "aud"))};
}

tl::unexpected<base::Error> not_ours() { return base::fail(base::Kind::denied, "the access token is not valid"); }

}  // namespace

bool is_accepted_audience(std::string_view audience, std::string_view origin) {
  const std::string lower = base::to_lower(audience);
  std::string_view bare = lower;
  if (!bare.empty() && bare.back() == '/') bare.remove_suffix(1);
  if (std::find(std::begin(kAzureAudiences), std::end(kAzureAudiences), bare) != std::end(kAzureAudiences)) return true;
  if (origin.empty() || bare.substr(0, origin.size()) != origin) return false;
  return bare.size() == origin.size() || bare[origin.size()] == '/';
}

AccessTokens::AccessTokens(base::SigningKey key, std::string tenant_id, std::string issuer_url)
    : key_(std::move(key)), tenant_id_(std::move(tenant_id)), issuer_url_(std::move(issuer_url)) {
  keys_.emplace_back(key_.jwk());
}

base::Result<AccessTokens> AccessTokens::open(store::Database& database, const Options& options) {
  const store::Vault vault = TRY(store::Vault::open(options.key_file));
  std::optional<base::SigningKey> key;
  TRY(database.write([&](store::Session& session) -> base::Result<void> {
    if (const auto pem = TRY(vault.get(session, kOwner, kKeyName))) {
      key = TRY_CONTEXT(base::SigningKey::from_pem(*pem), "reading the key that signs access tokens");
      return {};
    }
    key = TRY(base::SigningKey::generate());
    return vault.put(session, kOwner, kKeyName, key->pem());
  }));
  return AccessTokens(*std::move(key), options.tenant_id, options.issuer_url);
}

base::Result<std::string> AccessTokens::issue(const Principal& principal, const Issue& issue) const {
  return key_.sign(base::JsonObject{{"iss", fmt::format("{}/{}/v2.0", issue.origin, tenant_id_)},
                                     {"aud", issue.audience},
                                     {"sub", principal.id},
                                     {"oid", principal.id},
                                     {"appid", principal.name},
                                     {"azp", principal.name},
                                     {"azpacr", "1"},
                                     {"tid", tenant_id_},
                                     {"iat", issue.at},
                                     {"nbf", issue.at},
                                     {"exp", issue.at + issue.life.count()},
                                     {"idtyp", "app"},
                                     {"uti", base::random_token(12)},
                                     {"ver", "2.0"}});
}

// The issuer is this installation under whichever name it was asked; where a name is configured, under that alone.
base::Result<AccessClaims> AccessTokens::verify(std::string_view token, std::int64_t now) const {
  if (token.size() > kLongestAccessToken) return not_ours();
  const Claimed claimed = claimed_by(token);
  const auto [origin, tail] = base::cut(claimed.issuer, "/" + tenant_id_ + "/v2.0");
  const bool whole = !origin.empty() && origin.size() + tenant_id_.size() + 6 == claimed.issuer.size();
  if (!whole || (!issuer_url_.empty() && origin != issuer_url_) || !is_accepted_audience(claimed.audience, origin)) return not_ours();
  const auto claims = base::verify_jwt(token, keys_, base::Seconds(std::chrono::seconds(now)), claimed.issuer, claimed.audience);
  if (!claims) return not_ours();
  AccessClaims found;
  const base::Json document = *claims;
  found.object_id = base::get_string(document, "oid");
  found.client_id = base::get_string(document, "appid");
  found.issued_at = base::get_int(document, "iat").value_or(0);
  found.expires_at = base::get_int(document, "exp").value_or(0);
  return found;
}

}  // namespace identity
