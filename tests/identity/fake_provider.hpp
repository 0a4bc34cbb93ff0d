// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <mutex>

#include "base/base64.hpp"
#include "base/crypto.hpp"
#include "base/jwt.hpp"
#include "base/text.hpp"
#include "identity/token_form.hpp"
#include "net/server.hpp"
#include "net/url.hpp"

namespace identity_test {

// A small OpenID provider on 127.0.0.1 that checks what a real one checks: client, redirect URI, PKCE, codes used once.
// Members are changed by the test between requests.
class FakeProvider {
 public:
  FakeProvider() {
    server_ = *net::HttpServer::start({}, [this](const net::ServerRequest& request) { return answer(request); });
  }

  std::string issuer() const { return "http://127.0.0.1:" + std::to_string(server_->port()); }

  // What a browser does at `location`, signed in as `claims`: the query it brings back to the redirect URI.
  std::vector<std::pair<std::string, std::string>> visit(const std::string& location) {
    net::ServerRequest asked;
    const auto query = identity::Form::parse(net::Url::parse(location)->query);
    for (const auto& [name, value] : query->fields()) asked.query.emplace_back(name, value);
    const std::string code = "code-" + std::to_string(++codes_made);
    const std::lock_guard lock(mutex_);
    pending_[code] = {std::string(asked.parameter("nonce")), std::string(asked.parameter("code_challenge")),
                      std::string(asked.parameter("redirect_uri"))};
    return {{"code", code}, {"state", std::string(asked.parameter("state"))}};
  }

  void new_key() { key_ = *base::SigningKey::generate(); }
  void sign_with_unpublished_key() { forger_ = *base::SigningKey::generate(); }

  base::JsonObject claims{{"sub", "u-1"}, {"preferred_username", "alice"}, {"name", "Alice A."}, {"email", "alice@example.com"}};
  std::int64_t now = 0;
  std::string audience = "bulwark", issuer_claim, nonce_claim;  // empty: the right ones
  int discoveries = 0, codes_made = 0;
  bool broken = false;

 private:
  struct Pending {
    std::string nonce, challenge, redirect;
  };

  static const base::SigningKey& first_key() {
    static const base::SigningKey key = *base::SigningKey::generate();
    return key;
  }

  static net::ServerResponse json(int status, const base::Json& body) {
    net::ServerResponse response;
    response.status = status;
    response.body = base::to_text(body);
    return response;
  }

  net::ServerResponse answer(const net::ServerRequest& request) {
    const std::lock_guard lock(mutex_);
    if (broken) return json(500, nullptr);
    if (request.path == "/.well-known/openid-configuration") {
      ++discoveries;
      return json(200, base::JsonObject{{"issuer", issuer()}, {"authorization_endpoint", issuer() + "/authorize?tenant=a"},
                                        {"token_endpoint", issuer() + "/token"}, {"jwks_uri", issuer() + "/keys"}});
    }
    if (request.path == "/keys") return json(200, base::JsonObject{{"keys", base::JsonArray{key_.jwk()}}});
    if (request.path == "/token" && request.method == "POST") return token(request);
    return json(404, nullptr);
  }

  net::ServerResponse token(const net::ServerRequest& request) {
    const auto form = identity::Form::parse(request.body);
    const auto client = identity::parse_client_basic(request.header("authorization"));
    const auto found = pending_.find(std::string(form->get("code")));
    if (!client || client->id != "bulwark" || client->secret != "client secret: 1") return json(401, base::JsonObject{{"error", "invalid_client"}});
    if (found == pending_.end()) return json(400, base::JsonObject{{"error", "invalid_grant"}});
    const Pending pending = found->second;
    pending_.erase(found);
    const std::string challenge = base::base64url_encode(base::sha256_bytes(form->get("code_verifier")));
    if (challenge != pending.challenge || form->get("redirect_uri") != pending.redirect)
      return json(400, base::JsonObject{{"error", "invalid_grant"}});
    base::JsonObject all = claims;
    all["iss"] = issuer_claim.empty() ? issuer() : issuer_claim;
    all["aud"] = audience;
    all["nonce"] = nonce_claim.empty() ? pending.nonce : nonce_claim;
    all["iat"] = now;
    all["exp"] = now + 300;
    return json(200, base::JsonObject{{"token_type", "Bearer"}, {"access_token", "x"}, {"id_token", *(forger_ ? *forger_ : key_).sign(all)}});
  }

  std::mutex mutex_;  // guards what the server's threads touch
  base::SigningKey key_ = first_key();
  std::optional<base::SigningKey> forger_;
  std::map<std::string, Pending> pending_;
  std::unique_ptr<net::HttpServer> server_;
};

}  // namespace identity_test
