// SPDX-License-Identifier: Apache-2.0
// What is asked of the OpenID provider itself: its metadata (OpenID Connect Discovery 1.0), its keys, tokens for codes.
#include <fmt/format.h>

#include <algorithm>

#include "base/base64.hpp"
#include "base/jwt.hpp"
#include "base/text.hpp"
#include "identity/oidc_client.hpp"
#include "net/url.hpp"

namespace identity {

namespace {

constexpr std::size_t kAnswerCap = 512u << 10;
constexpr store::Millis kProviderLife = 3600 * 1000;
constexpr store::Millis kFailureLife = 5'000;
constexpr store::Millis kKeysLife = 3600 * 1000;
constexpr store::Millis kKeysRenewal = 60'000;

net::HttpRequest provider_request(const std::string& url) {
  net::HttpRequest request;
  request.url = url;
  request.headers = {{"Accept", "application/json"}};
  request.body_cap = kAnswerCap;
  request.connect_timeout = std::chrono::seconds(5);
  request.total_timeout = std::chrono::seconds(15);
  return request;
}

std::string without_slash(std::string_view text) {
  if (!text.empty() && text.back() == '/') text.remove_suffix(1);
  return std::string(text);
}

bool prefers_body(const base::Json& metadata) {
  const auto& methods = base::get_array(metadata, "token_endpoint_auth_methods_supported");
  const auto names = [&](std::string_view name) {
    return std::any_of(methods.begin(), methods.end(), [&](const base::Json& method) { return base::as_string(method) == name; });
  };
  return names("client_secret_post") && !names("client_secret_basic");
}

}  // namespace

base::Result<base::Json> OidcClient::fetch(const std::string& url, std::string_view what) const {
  const auto response = TRY_CONTEXT(transport_.send(provider_request(url)), fmt::format("asking {} for its {}", options_.issuer, what));
  if (response.status != 200)
    return base::fail(base::Kind::unavailable, fmt::format("{} answered {} when asked for its {}: check the issuer of OpenID Connect",
                                                           options_.issuer, response.status, what));
  return base::parse_json(response.body, fmt::format("{} of {}", what, options_.issuer));
}

base::Result<OidcClient::Provider> OidcClient::fetch_provider() const {
  const std::string issuer = without_slash(options_.issuer);
  const base::Json metadata = TRY(fetch(issuer + "/.well-known/openid-configuration", "metadata"));
  if (without_slash(base::get_string(metadata, "issuer")) != issuer)
    return base::fail(base::Kind::invalid_input,
                      fmt::format("the metadata of {} is of another issuer: write the issuer of OpenID Connect as the provider does", options_.issuer));
  Provider found;
  found.issuer = base::get_string(metadata, "issuer");
  found.authorization_endpoint = base::get_string(metadata, "authorization_endpoint");
  found.token_endpoint = base::get_string(metadata, "token_endpoint");
  found.jwks_uri = base::get_string(metadata, "jwks_uri");
  found.secret_in_body = prefers_body(metadata);
  const bool tls = issuer.substr(0, 6) == "https:";
  for (const std::string* url : {&found.authorization_endpoint, &found.token_endpoint, &found.jwks_uri}) {
    const auto parsed = net::Url::parse(*url);
    if (!parsed || (tls && parsed->scheme != "https"))
      return base::fail(base::Kind::invalid_input, fmt::format("the metadata of {} lacks an https endpoint", options_.issuer));
  }
  return found;
}

// A failure is remembered for some seconds too, so that a provider that hangs does not take all workers. Metadata that was
// good an hour ago is better than none.
base::Result<OidcClient::Provider> OidcClient::provider() {
  {
    const std::lock_guard lock(mutex_);
    const store::Millis age = now_() - provider_at_;
    if (provider_ && age < kProviderLife) return *provider_;
    if (failure_ && age < kFailureLife) return base::fail(*failure_);
  }
  auto fresh = fetch_provider();
  const std::lock_guard lock(mutex_);
  provider_at_ = now_();
  failure_.reset();
  if (fresh) provider_ = *fresh;
  if (provider_) return *provider_;
  failure_ = fresh.error();
  return fresh;
}

// `renew`: a token named a key that is not among them; the provider is asked at most once a minute for that.
base::Result<OidcClient::Keys> OidcClient::keys(const Provider& provider, bool renew) {
  {
    const std::lock_guard lock(mutex_);
    if (keys_ && now_() - keys_->at < (renew ? kKeysRenewal : kKeysLife)) return *keys_;
  }
  Keys fresh{TRY(fetch(provider.jwks_uri, "keys")), now_()};
  const std::lock_guard lock(mutex_);
  keys_ = fresh;
  return fresh;
}

base::Result<std::string> OidcClient::exchange(const Provider& provider, const std::string& code, const std::string& redirect,
                                               const std::string& verifier) const {
  const auto encoded = [](std::string_view text) { return base::percent_encode(text); };
  net::HttpRequest request = provider_request(provider.token_endpoint);
  request.method = "POST";
  request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  request.body = fmt::format("grant_type=authorization_code&code={}&redirect_uri={}&code_verifier={}", encoded(code),
                             encoded(redirect), verifier);
  const bool basic = !options_.client_secret.empty() && !provider.secret_in_body;
  if (basic)
    request.headers.emplace_back("Authorization", "Basic " + base::base64_encode(encoded(options_.client_id) + ":" + encoded(options_.client_secret)));
  else
    request.body += "&client_id=" + encoded(options_.client_id);
  if (!basic && !options_.client_secret.empty()) request.body += "&client_secret=" + encoded(options_.client_secret);
  const auto response = TRY_CONTEXT(transport_.send(request), fmt::format("redeeming a code at {}", options_.issuer));
  if (response.status != 200)
    return base::fail(base::Kind::denied, fmt::format("{} answered {} to the code: check client_id, client_secret and the redirect URI {} there",
                                                      options_.issuer, response.status, redirect));
  const base::Json answer = TRY(base::parse_json(response.body, fmt::format("tokens of {}", options_.issuer)));
  std::string token(base::get_string(answer, "id_token"));
  if (token.empty())
    return base::fail(base::Kind::invalid_input, fmt::format("{} sent no ID token: allow the scope openid for this client", options_.issuer));
  return token;
}

// The signature, issuer, audience and times of an ID token (OpenID Connect Core 1.0 section 3.1.3.7); its claims.
base::Result<base::Json> OidcClient::verified(const Provider& provider, const std::string& id_token) {
  const base::Seconds now{std::chrono::seconds(now_() / 1000)};
  const auto check = [&](const Keys& keys) {
    return base::verify_jwt(id_token, base::get_array(keys.set, "keys"), now, provider.issuer, options_.client_id);
  };
  auto claims = check(TRY(keys(provider, false)));
  if (!claims) claims = check(TRY(keys(provider, true)));  // the provider may have changed its key
  if (!claims)
    return base::fail(base::Kind::denied, fmt::format("the ID token of {} does not verify: {}", options_.issuer, claims.error().message));
  base::Json token = *std::move(claims);
  const std::string_view party = base::get_string(token, "azp");
  if (!party.empty() && party != options_.client_id)
    return base::fail(base::Kind::denied, fmt::format("the ID token of {} is for another client", options_.issuer));
  return token;
}

}  // namespace identity
