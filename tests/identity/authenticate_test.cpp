// SPDX-License-Identifier: Apache-2.0
#include "identity/fixture.hpp"

namespace {

using identity_test::holds;

using AuthenticateTest = identity_test::IdentityTest;

TEST_F(AuthenticateTest, request_without_credentials_has_no_caller) {
  const auto found = identity_->authenticate(request());
  ASSERT_TRUE(found);
  EXPECT_FALSE(*found);
  const auto basic = identity_->authenticate(request("GET", {{"authorization", "Basic YTpi"}}));
  ASSERT_TRUE(basic);
  EXPECT_FALSE(*basic);
}

TEST_F(AuthenticateTest, session_names_its_principal_and_groups_through_groups) {
  const auto alice = add_user("alice");
  const auto team = add_group("team", {alice.id}), all = add_group("all", {team.id});
  add_group("others", {});
  const identity::Caller found = caller(with_cookie(sign_in("alice")));
  EXPECT_EQ(found.principal.name, "alice");
  EXPECT_EQ(found.how, "session");
  EXPECT_EQ(found.scope_key, "/");
  EXPECT_EQ(std::set(found.groups.begin(), found.groups.end()), (std::set<std::string>{team.id, all.id}));
}

TEST_F(AuthenticateTest, groups_in_a_circle_end) {
  const auto alice = add_user("alice");
  const auto one = add_group("one", {alice.id}), two = add_group("two", {one.id});
  ASSERT_TRUE(identity_->put_group(one, {alice.id, two.id}));
  EXPECT_EQ(caller(with_cookie(sign_in("alice"))).groups.size(), 2u);
}

TEST_F(AuthenticateTest, change_of_a_group_counts_from_the_next_request) {
  const auto alice = add_user("alice");
  const auto session = sign_in("alice");
  EXPECT_TRUE(caller(with_cookie(session)).groups.empty());
  const auto team = add_group("team", {alice.id});
  EXPECT_EQ(caller(with_cookie(session)).groups.size(), 1u);
  ASSERT_TRUE(identity_->set_disabled(team.id, true));
  EXPECT_TRUE(caller(with_cookie(session)).groups.empty());
}

TEST_F(AuthenticateTest, unknown_cookie_and_token_are_refused) {
  identity::SignIn made_up;
  made_up.session_token = "nonsense";
  EXPECT_TRUE(refused(with_cookie(made_up)));
  EXPECT_TRUE(refused(with_bearer("bwk_nonsense")));
  EXPECT_TRUE(refused(with_bearer("a.b.c")));
  EXPECT_TRUE(refused(with_bearer(std::string(100'000, 'x'))));
}

TEST_F(AuthenticateTest, writes_with_the_cookie_need_the_session_s_csrf_token) {
  add_user("alice");
  const auto session = sign_in("alice");
  EXPECT_TRUE(refused(with_cookie(session, "POST")));
  EXPECT_TRUE(refused(with_cookie(session, "DELETE", {{"x-csrf-token", "guess"}})));
  caller(with_cookie(session, "POST", {{"x-csrf-token", session.csrf}}));
  EXPECT_TRUE(refused(with_cookie(session, "POST", {{"x-csrf-token", session.csrf}, {"sec-fetch-site", "cross-site"}})));
  EXPECT_EQ(*identity_->csrf_of(caller(with_cookie(session))), session.csrf);
}

TEST_F(AuthenticateTest, signed_out_session_is_refused) {
  add_user("alice");
  const auto session = sign_in("alice");
  ASSERT_TRUE(identity_->sign_out(caller(with_cookie(session))));
  EXPECT_TRUE(refused(with_cookie(session)));
}

TEST_F(AuthenticateTest, idle_session_ends_and_used_one_goes_on) {
  add_user("alice");
  const auto idle = sign_in("alice"), used = sign_in("alice");
  for (int hour = 0; hour < 7; ++hour) {
    pass(std::chrono::hours(1));
    caller(with_cookie(used));
  }
  pass(std::chrono::hours(1));
  EXPECT_TRUE(refused(with_cookie(idle)));
  caller(with_cookie(used));
}

TEST_F(AuthenticateTest, session_ends_at_its_longest_however_used) {
  add_user("alice");
  const auto session = sign_in("alice");
  for (int hour = 1; hour < 24 * 7; ++hour) {
    pass(std::chrono::hours(1));
    caller(with_cookie(session));
  }
  pass(std::chrono::hours(1));
  EXPECT_TRUE(refused(with_cookie(session)));
}

TEST_F(AuthenticateTest, use_is_written_down_at_most_once_a_minute) {
  add_user("alice");
  const auto session = sign_in("alice");
  const std::int64_t before = count("SELECT seen_at FROM sessions");
  pass(std::chrono::seconds(59));
  caller(with_cookie(session));
  EXPECT_EQ(count("SELECT seen_at FROM sessions"), before);
  pass(std::chrono::seconds(1));
  caller(with_cookie(session));
  EXPECT_EQ(count("SELECT seen_at FROM sessions"), now_.load());
}

TEST_F(AuthenticateTest, disabled_principal_is_refused_at_once_everywhere) {
  const auto alice = add_user("alice");
  const auto session = sign_in("alice");
  const auto token = *identity_->add_token(alice.id, "ci", "", {}, std::chrono::hours(1));
  caller(with_cookie(session));
  caller(with_bearer(token.secret));
  ASSERT_TRUE(identity_->set_disabled(alice.id, true));
  EXPECT_TRUE(refused(with_cookie(session)));
  EXPECT_TRUE(refused(with_bearer(token.secret)));
  ASSERT_TRUE(identity_->set_disabled(alice.id, false));
  EXPECT_TRUE(refused(with_cookie(session)));  // sessions ended
  caller(with_bearer(token.secret));
}

TEST_F(AuthenticateTest, removed_principal_leaves_nothing) {
  const auto alice = add_user("alice");
  const auto team = add_group("team", {alice.id});
  const auto session = sign_in("alice");
  const auto token = *identity_->add_token(alice.id, "ci", "", {}, std::chrono::hours(1));
  caller(with_bearer(token.secret));
  ASSERT_TRUE(identity_->remove(alice.id));
  EXPECT_TRUE(refused(with_cookie(session)));
  EXPECT_TRUE(refused(with_bearer(token.secret)));
  EXPECT_TRUE(identity_->members(team.id)->empty());
  EXPECT_EQ(identity_->remove(alice.id).error().kind, base::Kind::not_found);
}

TEST_F(AuthenticateTest, change_by_another_process_is_seen_within_seconds) {
  const auto alice = add_user("alice");
  const auto session = sign_in("alice");
  caller(with_cookie(session));
  ASSERT_TRUE(database_->write([&](store::Session& s) {
    return s.run("UPDATE principals SET disabled = 1 WHERE id = ?", {std::string_view(alice.id)});
  }));
  pass(std::chrono::seconds(10));
  EXPECT_TRUE(refused(with_cookie(session)));
}

TEST_F(AuthenticateTest, token_carries_what_it_is_narrowed_to) {
  const auto alice = add_user("alice");
  const auto made = identity_->add_token(alice.id, "ci", "/subscriptions/S1/resourceGroups/Dev/", {"Microsoft.Security/*/read"},
                                         std::chrono::hours(2));
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->secret.substr(0, 4), "bwk_");
  const identity::Caller found = caller(with_bearer(made->secret, "POST"));  // no cookie: no CSRF token
  EXPECT_EQ(found.how, "token");
  EXPECT_EQ(found.scope_key, "/subscriptions/s1/resourcegroups/dev");
  EXPECT_EQ(found.actions, std::vector<std::string>{"Microsoft.Security/*/read"});
  EXPECT_EQ(identity_->tokens(alice.id)->at(0).used_at, now_.load());
  pass(std::chrono::hours(2));
  EXPECT_TRUE(refused(with_bearer(made->secret)));
}

TEST_F(AuthenticateTest, removed_token_is_refused) {
  const auto alice = add_user("alice");
  const auto made = *identity_->add_token(alice.id, "ci", "/", {}, std::chrono::hours(2));
  caller(with_bearer(made.secret));
  EXPECT_EQ(identity_->tokens("")->size(), 1u);
  ASSERT_TRUE(identity_->remove_token(made.token.id));
  EXPECT_TRUE(refused(with_bearer(made.secret)));
  EXPECT_EQ(identity_->remove_token(made.token.id).error().kind, base::Kind::not_found);
}

TEST_F(AuthenticateTest, token_that_makes_no_sense_is_not_made) {
  const auto alice = add_user("alice");
  const auto kind = [&](const char* name, const char* scope, std::vector<std::string> actions, int hours) {
    return identity_->add_token(alice.id, name, scope, actions, std::chrono::hours(hours)).error().kind;
  };
  EXPECT_EQ(kind("", "/", {}, 1), base::Kind::invalid_input);
  EXPECT_EQ(kind("ci", "subscriptions/s1", {}, 1), base::Kind::invalid_input);
  EXPECT_EQ(kind("ci", "/", {""}, 1), base::Kind::invalid_input);
  EXPECT_EQ(kind("ci", "/", {"a b"}, 1), base::Kind::invalid_input);
  EXPECT_EQ(kind("ci", "/", {}, 0), base::Kind::invalid_input);
  EXPECT_EQ(kind("ci", "/", {}, 24 * 1000), base::Kind::invalid_input);
  EXPECT_EQ(identity_->add_token(add_group("g", {}).id, "ci", "/", {}, std::chrono::hours(1)).error().kind, base::Kind::invalid_input);
  EXPECT_EQ(identity_->add_token("nobody", "ci", "/", {}, std::chrono::hours(1)).error().kind, base::Kind::not_found);
}

}  // namespace
