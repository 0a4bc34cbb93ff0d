// SPDX-License-Identifier: Apache-2.0
#include "client/sign_in.hpp"

#include <gtest/gtest.h>

#include "support/fake_hub.hpp"

namespace {

using test_support::FakeHub;

client::Target target_of_hub(const FakeHub& hub) {
  client::Target target;
  target.url = hub.url();
  return target;
}

TEST(SignIn, exchanges_a_password_for_a_token_and_ends_the_session) {
  FakeHub hub;
  hub.on("POST /api/v1/session", R"({"user": {"name": "ada"}, "csrf": "c5"})", 200,
         {{"Set-Cookie", "bulwark_session=s3; Path=/; HttpOnly"}});
  hub.on("POST /api/v1/tokens", R"({"id": "t1", "secret": "bwk_made"})", 201);
  hub.on("DELETE /api/v1/session", "", 204);
  client::SignIn how;
  how.user = "ada";
  how.password = "pass \"word\"";
  how.days = 30;
  const auto done = client::sign_in(target_of_hub(hub), how);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->user, "ada");
  EXPECT_EQ(done->token, "bwk_made");
  EXPECT_EQ(done->token_id, "t1");
  EXPECT_EQ(hub.last("POST /api/v1/session").body, R"({"name":"ada","password":"pass \"word\""})");
  for (const auto* request : {"POST /api/v1/tokens", "DELETE /api/v1/session"}) {
    EXPECT_EQ(hub.last(request).header("cookie"), "bulwark_session=s3") << request;
    EXPECT_EQ(hub.last(request).header("x-csrf-token"), "c5") << request;
  }
  EXPECT_EQ(base::get_int(*base::parse_json(hub.last("POST /api/v1/tokens").body, "body"), "days"), 30);
}

TEST(SignIn, wrong_passwords_are_told_without_the_advice_to_sign_in) {
  FakeHub hub;
  hub.on("POST /api/v1/session", R"({"error": {"code": "AuthenticationFailed", "message": "Name or password is wrong."}})", 401);
  client::SignIn how;
  how.user = "ada";
  how.password = "guess";
  const auto done = client::sign_in(target_of_hub(hub), how);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, base::Kind::denied);
  EXPECT_EQ(done.error().message, "AuthenticationFailed: Name or password is wrong.");
}

TEST(SignIn, checks_a_token_and_keeps_it) {
  FakeHub hub;
  hub.on("GET /api/v1/session", R"({"user": {"name": "ci"}})");
  client::SignIn how;
  how.token = "bwk_given";
  const auto done = client::sign_in(target_of_hub(hub), how);
  ASSERT_TRUE(done);
  EXPECT_EQ(done->token, "bwk_given");
  EXPECT_EQ(done->token_id, "");
  EXPECT_EQ(hub.last("GET /api/v1/session").header("authorization"), "Bearer bwk_given");
}

TEST(SignIn, exchanges_client_credentials_for_a_token) {
  FakeHub hub;
  hub.on("POST /organizations/oauth2/v2.0/token", R"({"access_token": "jwt", "token_type": "Bearer"})");
  hub.on("GET /api/v1/session", R"({"user": {"name": "app"}})");
  hub.on("POST /api/v1/tokens", R"({"id": "t2", "secret": "bwk_app"})", 201);
  client::SignIn how;
  how.client_id = "id";
  how.client_secret = "a&b=c";
  const auto done = client::sign_in(target_of_hub(hub), how);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->token, "bwk_app");
  EXPECT_EQ(done->user, "app");
  const auto form = hub.last("POST /organizations/oauth2/v2.0/token");
  EXPECT_NE(form.body.find("client_secret=a%26b%3Dc"), std::string::npos);
  EXPECT_EQ(hub.last("POST /api/v1/tokens").header("authorization"), "Bearer jwt");
}

}  // namespace
