// SPDX-License-Identifier: Apache-2.0
#include "identity/fake_provider.hpp"
#include "identity/fixture.hpp"

namespace {

using identity_test::holds;

class OidcTest : public identity_test::IdentityTest {
 protected:
  identity::Options options() override {
    identity::Options options = IdentityTest::options();
    identity::OidcOptions& oidc = options.oidc.emplace();
    oidc.issuer = provider_.issuer();
    oidc.client_id = "bulwark";
    oidc.client_secret = client_secret_;
    oidc.redirect_uri = "https://hub.example.com:8443/signin/oidc";
    provider_.now = now_ / 1000;
    return options;
  }
  net::HttpTransport& transport() override { return *transport_; }

  // The browser's request at the redirect URI.
  net::ServerRequest callback(const identity::OidcStart& start, std::vector<std::pair<std::string, std::string>> query) const {
    net::ServerRequest made = request("GET", {{"cookie", start.cookie.substr(0, start.cookie.find(';'))}});
    made.query = std::move(query);
    return made;
  }

  base::Result<identity::SignIn> finish() {
    const auto start = identity_->oidc_start(request());
    if (!start) return base::fail(start.error());
    return identity_->oidc_finish(callback(*start, provider_.visit(start->location)));
  }

  base::Kind failure() {
    const auto done = finish();
    EXPECT_FALSE(done);
    EXPECT_TRUE(done || !holds(done.error().message, client_secret_)) << done.error().message;
    return done ? base::Kind::internal : done.error().kind;
  }

  std::string client_secret_ = "client secret: 1";
  identity_test::FakeProvider provider_;
  std::unique_ptr<net::HttpTransport> transport_ = net::curl_transport({});
};

TEST_F(OidcTest, first_sign_in_makes_the_user_and_later_ones_find_it) {
  const auto first = finish();
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(first->principal.name, "alice");
  EXPECT_EQ(first->principal.display_name, "Alice A.");
  EXPECT_FALSE(first->principal.local);
  EXPECT_EQ(caller(with_cookie(*first)).principal.id, first->principal.id);
  provider_.claims["preferred_username"] = "alice.renamed";
  provider_.claims["email"] = "new@example.com";
  const auto second = finish();
  ASSERT_TRUE(second);
  EXPECT_EQ(second->principal.id, first->principal.id);
  EXPECT_EQ(second->principal.email, "new@example.com");
  EXPECT_EQ(provider_.discoveries, 1);
}

TEST_F(OidcTest, browser_is_sent_with_pkce_and_a_bound_cookie) {
  const auto start = identity_->oidc_start(request());
  ASSERT_TRUE(start) << start.error().message;
  EXPECT_EQ(start->location.substr(0, provider_.issuer().size() + 20), provider_.issuer() + "/authorize?tenant=a&");
  for (const char* part : {"response_type=code", "client_id=bulwark", "code_challenge_method=S256", "scope=openid%20profile%20email",
                           "redirect_uri=https%3A%2F%2Fhub.example.com%3A8443%2Fsignin%2Foidc"})
    EXPECT_TRUE(holds(start->location, part)) << start->location;
  for (const char* part : {"HttpOnly", "SameSite=Lax", "Secure", "Max-Age=600"}) EXPECT_TRUE(holds(start->cookie, part));
}

TEST_F(OidcTest, answer_brought_by_another_browser_is_refused) {
  const auto mine = *identity_->oidc_start(request()), theirs = *identity_->oidc_start(request());
  const auto query = provider_.visit(theirs.location);
  EXPECT_EQ(identity_->oidc_finish(callback(mine, query)).error().kind, base::Kind::denied);
  net::ServerRequest bare = request();
  bare.query = query;
  EXPECT_EQ(identity_->oidc_finish(bare).error().kind, base::Kind::denied);
}

TEST_F(OidcTest, answer_after_ten_minutes_or_twice_is_refused) {
  const auto start = *identity_->oidc_start(request());
  const auto query = provider_.visit(start.location);
  pass(std::chrono::minutes(10));
  EXPECT_EQ(identity_->oidc_finish(callback(start, query)).error().kind, base::Kind::denied);
  const auto again = *identity_->oidc_start(request());
  const auto code = provider_.visit(again.location);
  provider_.now = now_ / 1000;
  ASSERT_TRUE(identity_->oidc_finish(callback(again, code)));
  EXPECT_FALSE(identity_->oidc_finish(callback(again, code)));
}

TEST_F(OidcTest, tokens_that_are_not_for_this_sign_in_are_refused) {
  provider_.audience = "another client";
  EXPECT_EQ(failure(), base::Kind::denied);
  provider_.audience = "bulwark";
  provider_.issuer_claim = "https://elsewhere.example.com";
  EXPECT_EQ(failure(), base::Kind::denied);
  provider_.issuer_claim.clear();
  provider_.nonce_claim = "replayed";
  EXPECT_EQ(failure(), base::Kind::denied);
  provider_.nonce_claim.clear();
  provider_.now = now_ / 1000 - 3600;
  EXPECT_EQ(failure(), base::Kind::denied);
  provider_.now = now_ / 1000;
  provider_.sign_with_unpublished_key();
  EXPECT_EQ(failure(), base::Kind::denied);
}

TEST_F(OidcTest, new_key_of_the_provider_is_fetched) {
  ASSERT_TRUE(finish());
  provider_.new_key();
  pass(std::chrono::minutes(2));
  provider_.now = now_ / 1000;
  const auto done = finish();
  EXPECT_TRUE(done) << done.error().message;
}

TEST_F(OidcTest, claimed_groups_that_exist_are_given_and_taken_back) {
  const auto devs = add_group("devs", {}), ops = add_group("ops", {});
  provider_.claims["groups"] = base::JsonArray{"/Devs", "unknown", "ops"};
  auto session = *finish();
  ASSERT_TRUE(identity_->put_group(ops, {session.principal.id}));
  EXPECT_EQ(caller(with_cookie(session)).groups.size(), 2u);
  provider_.claims["groups"] = base::JsonArray{"ops"};
  session = *finish();
  EXPECT_EQ(caller(with_cookie(session)).groups, std::vector<std::string>{ops.id});
}

TEST_F(OidcTest, membership_given_by_hand_outlives_the_claim) {
  const auto user = *finish();
  const auto devs = add_group("devs", {user.principal.id});
  provider_.claims["groups"] = base::JsonArray{"devs"};
  ASSERT_TRUE(finish());
  provider_.claims["groups"] = base::JsonArray{};
  EXPECT_EQ(caller(with_cookie(*finish())).groups, std::vector<std::string>{devs.id});
}

TEST_F(OidcTest, local_user_of_the_same_name_is_not_taken_over) {
  add_user("alice");
  EXPECT_EQ(failure(), base::Kind::conflict);
}

TEST_F(OidcTest, prepared_user_is_bound_by_its_first_sign_in_alone) {
  identity::Principal prepared;
  prepared.name = "alice";
  prepared.local = false;
  const auto put = identity_->put_user(prepared, std::nullopt);
  ASSERT_TRUE(put) << put.error().message;
  EXPECT_EQ(finish()->principal.id, put->id);
  provider_.claims["sub"] = "u-2";
  EXPECT_EQ(failure(), base::Kind::conflict);
}

TEST_F(OidcTest, disabled_user_is_refused) {
  ASSERT_TRUE(identity_->set_disabled(finish()->principal.id, true));
  EXPECT_EQ(failure(), base::Kind::denied);
}

TEST_F(OidcTest, errors_say_what_to_configure) {
  provider_.claims.erase("preferred_username");
  EXPECT_TRUE(holds(finish().error().message, "username_claim"));
  client_secret_ = "a wrong secret";
  open();
  EXPECT_TRUE(holds(finish().error().message, "client_secret"));
  provider_.broken = true;
  open();
  EXPECT_TRUE(holds(finish().error().message, "check the issuer"));
}

TEST_F(OidcTest, refusal_of_the_provider_is_passed_on) {
  const auto start = *identity_->oidc_start(request());
  auto query = provider_.visit(start.location);
  query[0] = {"error", "access_denied"};
  EXPECT_TRUE(holds(identity_->oidc_finish(callback(start, query)).error().message, "access_denied"));
}

using NoOidcTest = identity_test::IdentityTest;

TEST_F(NoOidcTest, sign_in_through_nobody_is_unsupported) {
  EXPECT_EQ(identity_->oidc_start(request()).error().kind, base::Kind::unsupported);
  EXPECT_EQ(identity_->oidc_finish(request()).error().kind, base::Kind::unsupported);
}

}  // namespace
