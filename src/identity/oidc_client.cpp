// SPDX-License-Identifier: Apache-2.0
#include "identity/oidc_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/crypto.hpp"
#include "base/jwt.hpp"
#include "base/text.hpp"
#include "identity/cookies.hpp"
#include "identity/request_origin.hpp"
#include "net/url.hpp"

namespace identity {

namespace {

constexpr std::string_view kOidcCookie = "bulwark_oidc";
constexpr std::chrono::seconds kFlowLife{600};
constexpr std::size_t kLongestClaim = 256;
constexpr std::size_t kMostGroups = 500;

tl::unexpected<base::Error> start_again() {
  return base::fail(base::Kind::denied,
                    "this sign-in was not begun in this browser, or more than 10 minutes ago: begin again");
}

base::Result<void> check_provider_url(std::string_view text, std::string_view option) {
  const auto url = net::Url::parse(text);
  const bool safe = url && (url->scheme == "https" || net::is_loopback_host(url->host));
  if (safe) return {};
  return base::fail(base::Kind::invalid_input, fmt::format("{} of OpenID Connect must be an https URL", option));
}

// A word of RFC 6749 appendix A.7, fit for a message.
std::string error_word(std::string_view text) {
  const bool plain = !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
  });
  return plain ? std::string(text) : "an error it does not name";
}

}  // namespace

base::Result<void> OidcClient::check(const OidcOptions& options) {
  TRY(check_provider_url(options.issuer, "the issuer"));
  if (!options.redirect_uri.empty()) TRY(check_provider_url(options.redirect_uri, "the redirect URI"));
  if (options.client_id.empty()) return base::fail(base::Kind::invalid_input, "OpenID Connect needs a client_id");
  const bool openid = std::find(options.scopes.begin(), options.scopes.end(), "openid") != options.scopes.end();
  if (!openid) return base::fail(base::Kind::invalid_input, "the scopes of OpenID Connect must contain openid");
  return {};
}

OidcClient::OidcClient(net::HttpTransport& transport, OidcOptions options, std::function<store::Millis()> now)
    : transport_(transport), options_(std::move(options)), now_(std::move(now)), key_(base::random_bytes(32)) {}

std::string OidcClient::derived(std::string_view purpose, std::string_view cookie) const {
  return base::base64url_encode(base::hmac_sha256(key_, fmt::format("{}|{}", purpose, cookie)));
}

base::Result<std::string> OidcClient::redirect_uri(const net::ServerRequest& request) const {
  if (!options_.redirect_uri.empty()) return options_.redirect_uri;
  return TRY(request_origin(request)) + "/signin/oidc";
}

base::Result<OidcStart> OidcClient::start(const net::ServerRequest& request) {
  const Provider peer = TRY(provider());
  const std::string redirect = TRY(redirect_uri(request));
  const std::string cookie = fmt::format("{}.{}", base::random_token(32), now_() / 1000 + kFlowLife.count());
  const std::string challenge = base::base64url_encode(base::sha256_bytes(derived("verifier", cookie)));
  const auto encoded = [](std::string_view text) { return base::percent_encode(text); };
  std::string location = peer.authorization_endpoint;
  location += location.find('?') == std::string::npos ? '?' : '&';
  location += fmt::format(
      "response_type=code&client_id={}&redirect_uri={}&scope={}&state={}&nonce={}&code_challenge={}&code_challenge_method=S256",
      encoded(options_.client_id), encoded(redirect), encoded(base::join(options_.scopes, " ")), derived("state", cookie),
      derived("nonce", cookie), challenge);
  return OidcStart{location, make_cookie(kOidcCookie, cookie, request.tls, kFlowLife)};
}

// The cookie that the state in the request was derived from.
base::Result<std::string> OidcClient::checked_cookie(const net::ServerRequest& request) const {
  const std::string_view cookie = cookie_value(request, kOidcCookie);
  const std::string_view digits = base::cut(cookie, ".").second;
  std::int64_t expires = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), expires);
  const bool mine = !cookie.empty() && base::constant_time_equal(request.parameter("state"), derived("state", cookie));
  if (!mine || expires <= now_() / 1000) return start_again();
  return std::string(cookie);
}

base::Result<OidcClaims> OidcClient::finish(const net::ServerRequest& request) {
  const std::string cookie = TRY(checked_cookie(request));
  if (request.has_parameter("error"))
    return base::fail(base::Kind::denied, fmt::format("{} ended the sign-in with {}", options_.issuer, error_word(request.parameter("error"))));
  const std::string code(request.parameter("code"));
  if (code.empty() || code.size() > 4096)
    return base::fail(base::Kind::invalid_input, fmt::format("{} sent no code back: begin again", options_.issuer));
  const Provider peer = TRY(provider());
  const std::string id_token = TRY(exchange(peer, code, TRY(redirect_uri(request)), derived("verifier", cookie)));
  const base::Json token = TRY(verified(peer, id_token));
  if (!base::constant_time_equal(base::get_string(token, "nonce"), derived("nonce", cookie))) return start_again();
  return claims_of(token);
}

base::Result<OidcClaims> OidcClient::claims_of(const base::Json& token) const {
  const auto missing = [&](std::string_view claim, std::string_view mend) {
    return base::fail(base::Kind::invalid_input,
                      fmt::format("the ID token of {} has no usable claim {}: {}", options_.issuer, claim, mend));
  };
  OidcClaims claims;
  const std::string_view sub = base::get_string(token, "sub"), name = base::get_string(token, options_.username_claim);
  if (sub.empty() || sub.size() > kLongestClaim) return missing("sub", "the provider is not standard");
  const bool unproven = options_.username_claim == "email" && !base::get_bool(token, "email_verified", true);
  if (name.empty() || name.size() > kLongestClaim || unproven)
    return missing(options_.username_claim, "let the provider send it (scope profile or email), or set username_claim to one it sends");
  claims.subject = fmt::format("{}|{}", options_.issuer, sub);
  claims.user_name = name;
  claims.display_name = base::printable(base::get_string(token, "name").substr(0, kLongestClaim / 4));
  claims.email = base::printable(base::get_string(token, "email").substr(0, kLongestClaim / 4));
  for (const base::Json& group : base::get_array(token, options_.groups_claim))
    if (claims.groups.size() < kMostGroups) claims.groups.emplace_back(base::as_string(group));
  return claims;
}

}  // namespace identity
