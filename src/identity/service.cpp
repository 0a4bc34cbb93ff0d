// SPDX-License-Identifier: Apache-2.0
#include "identity/service.hpp"

#include "base/text.hpp"
#include "net/url.hpp"

namespace identity {

namespace {

// The origin alone, in the form that tokens carry.
base::Result<std::string> checked_issuer(const std::string& url) {
  if (url.empty()) return std::string();
  const auto parsed = net::Url::parse(url);
  if (!parsed || (parsed->path != "/" && !parsed->path.empty()) || !parsed->query.empty())
    return base::fail(base::Kind::invalid_input, "the issuer URL must be scheme, host and port alone, as https://hub.example.com:8443");
  return parsed->scheme + "://" + parsed->authority();
}

base::Result<void> check_options(Options& options) {
  options.tenant_id = base::to_lower(options.tenant_id);
  if (options.tenant_id.empty()) return base::fail(base::Kind::invalid_input, "this installation has no tenant id");
  options.issuer_url = TRY(checked_issuer(options.issuer_url));
  using std::chrono::minutes;
  const bool sensible = options.failures_before_lock > 0 && options.lock_time > minutes(0) && options.session_idle > minutes(0) &&
                        options.session_longest > minutes(0) && options.access_token_life > minutes(0);
  if (!sensible)
    return base::fail(base::Kind::invalid_input, "limits of sign-ins, sessions and access tokens must be greater than 0");
  return options.oidc ? OidcClient::check(*options.oidc) : base::Result<void>();
}

}  // namespace

base::Result<std::unique_ptr<Identity>> Identity::open(store::Database& database, net::HttpTransport& transport,
                                                       Options options) {
  if (!options.now) options.now = store::now_ms;
  TRY(check_options(options));
  auto access_tokens = TRY(AccessTokens::open(database, options));
  return std::make_unique<Service>(database, transport, std::move(options), std::move(access_tokens));
}

Service::Service(store::Database& database, net::HttpTransport& transport, Options options,
                 AccessTokens access_tokens)
    : database_(database),
      options_(std::move(options)),
      locks_(database, options_.failures_before_lock, std::chrono::milliseconds(options_.lock_time).count()),
      access_tokens_(std::move(access_tokens)),
      authority_(access_tokens_, {options_.tenant_id, options_.issuer_url, options_.access_token_life, options_.now},
                 [this](const std::string& id, const std::string& secret, const net::ServerRequest& request) {
                   return verified_client(id, secret, request.peer);
                 }),
      oidc_(options_.oidc ? std::make_unique<OidcClient>(transport, *options_.oidc, options_.now) : nullptr) {}

store::Millis Service::now() const { return options_.now(); }

base::Result<void> Service::change(const store::Database::Work& work) {
  return database_.write([&](store::Session& session) -> base::Result<void> {
    session.after_commit([this] { cache_.forget_all(); });
    return work(session);
  });
}

std::optional<net::ServerResponse> Service::serve_authority(const net::ServerRequest& request) {
  return authority_.serve(request);
}

}  // namespace identity
