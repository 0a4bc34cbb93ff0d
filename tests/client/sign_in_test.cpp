// SPDX-License-Identifier: Apache-2.0
#include "client/sign_in.hpp"

#include <gtest/gtest.h>

#include "client/images.hpp"
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

class Images : public testing::Test {
 protected:
  void SetUp() override {
    hub_.on("GET /api/v1/registries", R"({"value": [
      {"id": "/subscriptions/1/r/prod", "name": "prod", "url": "https://registry.example.com"},
      {"id": "/subscriptions/1/r/local", "name": "local", "url": "127.0.0.1:5000"}], "total": 2, "next": null})");
    auto connection = client::Connection::open(target_of_hub(hub_));
    ASSERT_TRUE(connection);
    connection_.emplace(std::move(*connection));
  }
  FakeHub hub_;
  std::optional<client::Connection> connection_;
};

TEST_F(Images, are_found_by_tag_and_by_digest) {
  hub_.on("GET /api/v1/registries/prod/images", R"({"value": [
    {"id": "1", "registry": "prod", "repository": "team/app", "digest": "sha256:aa", "tags": ["1.4.1"]},
    {"id": "2", "registry": "prod", "repository": "team/app", "digest": "sha256:bb", "tags": ["latest", "1.4"]}], "next": null})");
  hub_.on("GET /api/v1/registries/prod/images/sha256:bb", R"({"id": "2", "registry": "prod"})");
  const auto by_tag = client::find_image(*connection_, {"registry.example.com", "team/app", "1.4", ""});
  ASSERT_TRUE(by_tag) << by_tag.error().message;
  ASSERT_TRUE(*by_tag);
  EXPECT_EQ(base::get_string(**by_tag, "id"), "2");
  EXPECT_EQ(hub_.last("GET /api/v1/registries/prod/images").parameter("repository"), "team/app");
  const auto by_digest = client::find_image(*connection_, {"registry.example.com", "team/app", "", "sha256:bb"});
  ASSERT_TRUE(by_digest && *by_digest);
  EXPECT_EQ(hub_.last("GET /api/v1/registries/prod/images/sha256:bb").parameter("repository"), "team/app");
  const auto none = client::find_image(*connection_, {"registry.example.com", "team/app", "9", ""});
  ASSERT_TRUE(none);
  EXPECT_FALSE(*none);
}

TEST_F(Images, registries_are_found_by_name_and_host_and_unknown_ones_name_those_there_are) {
  EXPECT_EQ(client::find_registry(*connection_, "PROD")->host, "registry.example.com");
  EXPECT_EQ(client::find_registry(*connection_, "127.0.0.1:5000")->name, "local");
  const auto none = client::find_registry(*connection_, "other.example.com");
  ASSERT_FALSE(none);
  EXPECT_NE(none.error().message.find("prod (registry.example.com)"), std::string::npos);
  const auto row = base::parse_json(R"({"registry": "local", "repository": "app", "digest": "sha256:cc"})", "row");
  EXPECT_EQ(client::image_name_of(*row, *client::registries(*connection_)), "127.0.0.1:5000/app@sha256:cc");
}

}  // namespace
