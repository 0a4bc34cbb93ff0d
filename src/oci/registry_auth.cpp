// SPDX-License-Identifier: Apache-2.0
#include "oci/registry_auth.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/base64.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "oci/token_request.hpp"

namespace oci {

namespace {

constexpr std::size_t kTokensCap = 64;
constexpr std::size_t kTokenBytesCap = 64u << 10;

// The token specification: a registry that says nothing means 60 s, and no client need cope with less.
constexpr std::int64_t kLeastTokenSeconds = 60;
constexpr std::int64_t kMostTokenSeconds = 86'400;

bool is_header_text(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

// What a registry may ask for in place of the action `own`: names of its own for the same right, and no more.
std::string_view actions_instead_of(std::string_view own) {
  if (own == "pull" || own == "metadata_read") return "pull,metadata_read,quarantine_read";
  if (own == "delete") return "delete,pull,push,metadata_read,*";
  if (own == "metadata_write") return "metadata_write,quarantine_write,pull,metadata_read,quarantine_read";
  return {};
}

bool all_among(std::string_view actions, std::string_view allowed) {
  const auto known = base::split(allowed, ',');
  for (const std::string_view action : base::split(actions, ','))
    if (action.empty() || std::find(known.begin(), known.end(), action) == known.end()) return false;
  return true;
}

// Registries with several tenants hand out a scope of their own, of another name; Azure's have actions of their own.
// One that asks for more than the request needs is not heeded, for the token would then serve who else gets hold of it.
std::string scope_to_ask(const AuthChallenge& challenge, const std::string& own) {
  const std::string_view offered = challenge.parameter("scope");
  if (offered.substr(0, 11) != "repository:" || offered.find(' ') != std::string_view::npos) return own;
  const auto [name, actions] = base::cut_last(offered, ":");
  const auto [own_name, own_action] = base::cut_last(own, ":");
  if (!all_among(actions, actions_instead_of(own_action))) return own;
  const bool reads = own_action == "pull" || own_action == "metadata_read";
  return reads || name == own_name ? std::string(offered) : own;
}

}  // namespace

std::string login_advice(std::string_view registry) {
  return fmt::format("run docker login{}{} or pass --username", registry == "docker.io" ? "" : " ",
                     registry == "docker.io" ? "" : registry);
}

bool RegistryAuth::has_credentials() const {
  const std::lock_guard lock(mutex_);
  return !lookup_.credentials.empty();
}

std::string RegistryAuth::problem() const {
  const std::lock_guard lock(mutex_);
  return lookup_.problem;
}

void RegistryAuth::look_up_credentials() {
  if (looked_up_) return;
  looked_up_ = true;
  if (options_.credentials) lookup_ = options_.credentials();
}

base::Result<std::string> RegistryAuth::header_for(const std::string& scope) {
  const std::lock_guard lock(mutex_);
  if (!basic_header_.empty()) return basic_header_;
  if (!bearer_) return std::string();
  for (const Token& token : tokens_)
    if (token.scope == scope && std::chrono::steady_clock::now() < token.fresh_until) return token.header;
  return fetch_token(scope);
}

base::Result<std::string> RegistryAuth::answer(const net::HttpResponse& response, const net::Url& base,
                                               const std::string& scope, const std::string& sent) {
  const std::lock_guard lock(mutex_);
  bool basic = false;
  std::optional<AuthChallenge> bearer;
  for (const auto& [name, value] : response.headers) {
    if (name != "www-authenticate") continue;
    for (AuthChallenge& challenge : parse_challenges(value)) {
      basic = basic || challenge.scheme == "basic";
      if (challenge.scheme == "bearer" && !bearer) bearer = std::move(challenge);
    }
  }
  look_up_credentials();
  if (bearer) {
    // Another thread may have fetched a new token since this request was sent.
    for (const Token& token : tokens_)
      if (token.scope == scope && token.header != sent && std::chrono::steady_clock::now() < token.fresh_until)
        return token.header;
    bearer_ = std::move(bearer);
    base_ = base;
    return fetch_token(scope);
  }
  if (basic) return answer_basic(base, sent);
  return base::fail(
      base::Kind::denied,
      fmt::format("{} asks for credentials in a way that is not known (neither Basic nor Bearer)", options_.registry));
}

base::Result<std::string> RegistryAuth::answer_basic(const net::Url& base, const std::string& sent) {
  const Credentials& known = lookup_.credentials;
  if (known.username.empty())
    return base::fail(base::Kind::denied, fmt::format("{} needs a user name and a password; {}", options_.registry,
                                                      login_advice(options_.registry)));
  if (base.scheme != "https" && !options_.insecure && !net::is_loopback_host(base.host))
    return base::fail(
        base::Kind::denied,
        fmt::format("{} speaks plain HTTP; no password is sent over it without --insecure", options_.registry));
  std::string header = "Basic " + base::base64_encode(known.username + ":" + known.password);
  if (header == sent)
    return base::fail(base::Kind::denied, fmt::format("{} does not accept the credentials; {}", options_.registry,
                                                      login_advice(options_.registry)));
  basic_header_ = header;
  return header;
}

// The place that hands out tokens. It is named by the registry, so it is not let lead from the network to this machine.
base::Result<net::Url> RegistryAuth::realm() const {
  auto realm = net::Url::parse(bearer_->parameter("realm"));
  if (!realm)
    return base::fail(realm.error().with_context(
        fmt::format("{} names a token service (realm) that cannot be used", options_.registry)));
  const bool both_loopback = net::is_loopback_host(realm->host) && net::is_loopback_host(base_.host);
  if (realm->scheme != "https" && !options_.insecure && !both_loopback)
    return base::fail(
        base::Kind::denied,
        fmt::format("{} names a token service over plain HTTP ({}); no credentials are sent there without --insecure",
                    options_.registry, realm->authority()));
  return realm;
}

base::Result<std::string> RegistryAuth::fetch_token(const std::string& scope) {
  if (!lookup_.credentials.registry_token.empty()) return "Bearer " + lookup_.credentials.registry_token;
  const net::Url realm = TRY(this->realm());
  const std::string asked = scope_to_ask(*bearer_, scope);
  const auto response =
      TRY_CONTEXT(request_token(realm, asked), fmt::format("fetching a token for {}", options_.registry));
  if (response.status != 200) {
    refresh_token_.clear();
    return base::fail(token_refused(response, realm));
  }
  const auto document = base::parse_json(response.body, "token");
  std::string_view token;
  if (document) token = base::get_string(*document, "token", base::get_string(*document, "access_token"));
  if (token.empty() || token.size() > kTokenBytesCap || !is_header_text(token))
    return base::fail(base::Kind::invalid_input, fmt::format("the token service {} of {} answered without a token",
                                                             realm.authority(), options_.registry));
  const auto seconds = std::clamp(base::get_int(*document, "expires_in").value_or(kLeastTokenSeconds),
                                  kLeastTokenSeconds, kMostTokenSeconds);
  const std::string header = fmt::format("Bearer {}", token);
  std::erase_if(tokens_, [&](const Token& old) { return old.scope == scope; });
  if (tokens_.size() >= kTokensCap) tokens_.erase(tokens_.begin());
  tokens_.push_back({scope, header, std::chrono::steady_clock::now() + std::chrono::seconds(seconds * 9 / 10)});
  return header;
}

base::Result<net::HttpResponse> RegistryAuth::request_token(const net::Url& realm, const std::string& scope) {
  const Credentials& known = lookup_.credentials;
  const auto missing = [](const net::HttpResponse& response) {
    return response.status == 404 || response.status == 405;
  };
  if (refresh_token_.empty()) refresh_token_ = TRY(refresh_token(realm));
  if (!refresh_token_.empty()) {
    auto response = TRY(post_token(realm, scope, refresh_token_grant(refresh_token_)));
    if (!missing(response) || known.password.empty()) return response;
  }
  auto response = TRY(get_token(realm, scope));
  if (!missing(response) || known.password.empty()) return response;
  return post_token(realm, scope, password_grant(known.username, known.password));
}

base::Result<net::HttpResponse> RegistryAuth::get_token(const net::Url& realm, const std::string& scope) {
  const Credentials& known = lookup_.credentials;
  net::HttpRequest request = token_request(realm);
  net::Url url = realm;
  const auto add = [&](std::string_view name, std::string_view value) {
    if (!value.empty())
      url.query += fmt::format("{}{}={}", url.query.empty() ? "" : "&", name, base::percent_encode(value));
  };
  add("service", bearer_->parameter("service"));
  add("scope", scope);
  const bool with_password = !known.username.empty() && !known.password.empty();
  if (with_password) {
    add("account", known.username);
    request.headers.emplace_back("Authorization",
                                 "Basic " + base::base64_encode(known.username + ":" + known.password));
  }
  request.url = url.text();
  return net::send_with_retries(*options_.transport, request, options_.retry);
}

base::Result<net::HttpResponse> RegistryAuth::post_token(const net::Url& realm, const std::string& scope,
                                                         std::string_view grant) {
  net::HttpRequest request = token_form(realm, grant);
  request.body += "&service=" + base::percent_encode(bearer_->parameter("service"));
  if (!scope.empty()) request.body += "&scope=" + base::percent_encode(scope);
  return net::send_with_retries(*options_.transport, request, options_.retry);
}

// What to hand in as OAuth2 refresh token; empty where user name and password are the way.
base::Result<std::string> RegistryAuth::refresh_token(const net::Url& realm) {
  const Credentials& known = lookup_.credentials;
  if (!known.identity_token.empty()) return known.identity_token;
  if (known.username != kTokenUser || known.password.empty()) return std::string();
  const auto origin = json_web_token_issuer(known.password);
  if (origin.directory) return exchange_directory_token(realm, known.password);
  return known.password;
}

// Azure: a token of the directory (Microsoft Entra) becomes a refresh token of the registry. The former opens more than
// this registry, so it goes to the registry itself alone.
base::Result<std::string> RegistryAuth::exchange_directory_token(const net::Url& realm,
                                                                 const std::string& access_token) {
  if (!realm.same_origin(base_))
    return base::fail(
        base::Kind::denied,
        fmt::format("{} has its token service elsewhere ({}); the directory's access token is not sent there",
                    options_.registry, realm.authority()));
  net::Url url = realm;
  url.path = "/oauth2/exchange";
  url.query.clear();
  net::HttpRequest request = token_form(url, directory_token_grant(access_token));
  request.body += "&service=" + base::percent_encode(bearer_->parameter("service"));
  const auto response = TRY(net::send_with_retries(*options_.transport, request, options_.retry));
  if (response.status != 200) return base::fail(token_refused(response, realm));
  const auto document = base::parse_json(response.body, "refresh token");
  std::string token(document ? base::get_string(*document, "refresh_token") : std::string_view());
  if (token.empty())
    return base::fail(
        base::Kind::invalid_input,
        fmt::format("{} answered the exchange of an access token without a refresh token", options_.registry));
  return token;
}

base::Error RegistryAuth::token_refused(const net::HttpResponse& response, const net::Url& realm) const {
  const bool known = !lookup_.credentials.empty();
  const std::string problem = lookup_.problem.empty() ? "" : fmt::format(" ({})", lookup_.problem);
  if (response.status == 400 || response.status == 401 || response.status == 403)
    return {base::Kind::denied, known ? fmt::format("{} does not accept the credentials for {}; {}", realm.authority(),
                                                    options_.registry, login_advice(options_.registry))
                                      : fmt::format("{} needs credentials{}; {}", options_.registry, problem,
                                                    login_advice(options_.registry))};
  const bool later = response.status == 429 || response.status >= 500;
  return {later ? base::Kind::unavailable : base::Kind::invalid_input,
          fmt::format("the token service {} of {} answered with status {}{}", realm.authority(), options_.registry,
                      response.status, later ? "; try again later" : "")};
}

}  // namespace oci
