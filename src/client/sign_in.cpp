// SPDX-License-Identifier: Apache-2.0
#include "client/sign_in.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace client {

namespace {

constexpr std::string_view kSessionPath = "/api/v1/session";

std::string user_of(const base::Json& session) {
  const base::Json* user = base::find(session, "user");
  return user ? std::string(base::get_string(*user, "name")) : std::string();
}

// "a=1; Path=/; HttpOnly" and "b=2" → "a=1; b=2".
std::string cookies_of(const net::HttpResponse& answer) {
  std::string out;
  for (const auto& [name, value] : answer.headers) {
    if (name != "set-cookie") continue;
    out += out.empty() ? "" : "; ";
    out += base::trim(base::cut(value, ";").first);
  }
  return out;
}

// 401 here is no reason to say how to sign in.
base::Error wrong_credentials(base::Error error) {
  if (error.kind == base::Kind::denied) error.message = base::cut(error.message, "\n").first;
  return error;
}

base::Result<SignedIn> make_token(const Connection& connection, const SignIn& how, const net::Headers& headers) {
  const base::Json wanted{{"name", how.token_name}, {"scope", "/"}, {"actions", base::JsonArray()}, {"days", how.days}};
  const auto made = TRY_CONTEXT(connection.send("POST", "/api/v1/tokens", wanted, headers), "making an API token");
  SignedIn done;
  done.token = base::get_string(made, "secret");
  done.token_id = base::get_string(made, "id");
  if (done.token.empty()) return base::fail(base::Kind::invalid_input, fmt::format("{} gave no API token", connection.url()));
  return done;
}

base::Result<SignedIn> with_password(const Target& target, const SignIn& how) {
  const auto connection = TRY(Connection::open(target));
  const base::Json credentials{{"name", how.user}, {"password", how.password}};
  const auto answer =
      connection.send_bytes("POST", kSessionPath, base::to_text(credentials), {{"Content-Type", "application/json"}});
  if (!answer) return base::fail(wrong_credentials(answer.error()));
  const auto session = TRY(base::parse_json(answer->body, "the session"));
  const net::Headers headers{{"Cookie", cookies_of(*answer)}, {"X-CSRF-Token", std::string(base::get_string(session, "csrf"))}};
  auto done = make_token(connection, how, headers);
  (void)connection.send("DELETE", kSessionPath, nullptr, headers);
  if (done) done->user = user_of(session);
  return done;
}

base::Result<SignedIn> with_token(const Target& target, const SignIn& how) {
  Target known = target;
  known.token = how.token;
  const auto connection = TRY(Connection::open(known));
  const auto session = connection.get(kSessionPath);
  if (!session) return base::fail(wrong_credentials(session.error()));
  SignedIn done;
  done.user = user_of(*session);
  done.token = how.token;
  return done;
}

base::Result<SignedIn> with_client_secret(const Target& target, const SignIn& how) {
  const auto connection = TRY(Connection::open(target));
  const std::string form =
      fmt::format("grant_type=client_credentials&client_id={}&client_secret={}&scope={}", base::percent_encode(how.client_id),
                  base::percent_encode(how.client_secret), base::percent_encode(connection.url() + "/.default"));
  const auto answer = connection.send_bytes("POST", fmt::format("/{}/oauth2/v2.0/token", base::percent_encode(how.tenant)),
                                            form, {{"Content-Type", "application/x-www-form-urlencoded"}});
  if (!answer) return base::fail(wrong_credentials(answer.error()));
  const auto granted = TRY(base::parse_json(answer->body, "the access token"));
  SignIn as_token = how;
  as_token.token = base::get_string(granted, "access_token");
  auto done = TRY(with_token(target, as_token));
  Target known = target;
  known.token = as_token.token;
  const auto made = TRY(make_token(TRY(Connection::open(known)), how, {}));
  done.token = made.token;
  done.token_id = made.token_id;
  return done;
}

}  // namespace

base::Result<SignedIn> sign_in(const Target& target, const SignIn& how) {
  if (!how.token.empty()) return with_token(target, how);
  if (!how.client_id.empty()) return with_client_secret(target, how);
  return with_password(target, how);
}

}  // namespace client
