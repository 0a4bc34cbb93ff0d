// SPDX-License-Identifier: Apache-2.0
#include <thread>

#include "identity/fixture.hpp"

namespace {

using identity_test::holds;
using identity_test::kGoodPassword;

class SignInTest : public identity_test::IdentityTest {
 protected:
  base::Error failure(const std::string& name, const std::string& password) {
    const auto done = identity_->sign_in(name, password, request("POST"));
    EXPECT_FALSE(done);
    return done ? base::Error{} : done.error();
  }
};

TEST_F(SignInTest, first_start_makes_one_administrator_and_a_link) {
  const auto first = identity_->first_start();
  ASSERT_TRUE(first && *first);
  EXPECT_EQ((*first)->administrator.name, "admin");
  const auto again = identity_->first_start();
  ASSERT_TRUE(again);
  EXPECT_FALSE(*again);
  const auto session = identity_->redeem_link((*first)->link_token, kGoodPassword, request("POST"));
  ASSERT_TRUE(session) << session.error().message;
  EXPECT_EQ(caller(with_cookie(*session)).principal.id, (*first)->administrator.id);
  EXPECT_EQ(sign_in("admin").principal.id, (*first)->administrator.id);
}

TEST_F(SignInTest, link_works_once_and_for_a_day) {
  const std::string id = add_user("alice", nullptr).id;
  const std::string link = *identity_->make_link(id);
  ASSERT_TRUE(identity_->redeem_link(link, kGoodPassword, request("POST")));
  EXPECT_EQ(identity_->redeem_link(link, "another fine phrase 7", request("POST")).error().kind, base::Kind::denied);
  const std::string late = *identity_->make_link(id);
  pass(std::chrono::hours(24));
  EXPECT_EQ(identity_->redeem_link(late, "another fine phrase 7", request("POST")).error().kind, base::Kind::denied);
  sign_in("alice");
}

TEST_F(SignInTest, new_link_ends_the_one_before) {
  const std::string id = add_user("alice", nullptr).id;
  const std::string first = *identity_->make_link(id), second = *identity_->make_link(id);
  EXPECT_FALSE(identity_->redeem_link(first, kGoodPassword, request("POST")));
  EXPECT_TRUE(identity_->redeem_link(second, kGoodPassword, request("POST")));
}

TEST_F(SignInTest, weak_password_leaves_the_link_usable) {
  const std::string link = *identity_->make_link(add_user("alice", nullptr).id);
  EXPECT_EQ(identity_->redeem_link(link, "short", request("POST")).error().kind, base::Kind::invalid_input);
  EXPECT_TRUE(identity_->redeem_link(link, kGoodPassword, request("POST")));
}

TEST_F(SignInTest, lost_password_link_ends_sessions) {
  const std::string id = add_user("alice").id;
  const auto before = sign_in("alice");
  caller(with_cookie(before));
  ASSERT_TRUE(identity_->redeem_link(*identity_->make_link(id), "another fine phrase 7", request("POST")));
  EXPECT_TRUE(refused(with_cookie(before)));
}

TEST_F(SignInTest, wrong_name_and_wrong_password_read_the_same) {
  add_user("alice");
  const std::string disabled = add_user("bob").id;
  ASSERT_TRUE(identity_->set_disabled(disabled, true));
  const base::Error password = failure("alice", "not it at all"), name = failure("nobody", kGoodPassword),
                    off = failure("bob", kGoodPassword);
  EXPECT_EQ(password.kind, base::Kind::denied);
  EXPECT_EQ(password.message, name.message);
  EXPECT_EQ(password.message, off.message);
  EXPECT_FALSE(holds(password.message, "not it at all"));
}

TEST_F(SignInTest, names_are_compared_without_case) {
  add_user("Alice");
  EXPECT_EQ(sign_in("aLICE").principal.name, "Alice");
  identity::Principal other;
  other.name = "ALICE";
  EXPECT_EQ(identity_->put_user(other, std::nullopt).error().kind, base::Kind::conflict);
}

TEST_F(SignInTest, user_without_password_cannot_sign_in) {
  add_user("alice", nullptr);
  EXPECT_EQ(failure("alice", "").kind, base::Kind::denied);
}

TEST_F(SignInTest, name_is_locked_after_failures_and_opens_again) {
  add_user("alice");
  for (int i = 0; i < 3; ++i) failure("alice", "wrong guess here");
  const base::Error locked = failure("alice", kGoodPassword);
  EXPECT_EQ(locked.kind, base::Kind::unavailable);
  EXPECT_TRUE(holds(locked.message, "try again in 900 seconds")) << locked.message;
  open();  // a restart forgets nothing
  EXPECT_EQ(failure("alice", kGoodPassword).kind, base::Kind::unavailable);
  pass(std::chrono::minutes(15));
  sign_in("alice");
}

TEST_F(SignInTest, unknown_names_lock_as_known_ones_do) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(failure("nobody", "wrong guess here").kind, base::Kind::denied);
  EXPECT_EQ(failure("nobody", "wrong guess here").kind, base::Kind::unavailable);
}

TEST_F(SignInTest, success_clears_the_count_of_the_name) {
  add_user("alice");
  for (int round = 0; round < 3; ++round) {
    failure("alice", "wrong guess here");
    failure("alice", "wrong guess here");
    sign_in("alice");
  }
}

TEST_F(SignInTest, address_is_locked_after_failures_at_many_names) {
  add_user("alice");
  for (int i = 0; i < 30; ++i) EXPECT_EQ(failure("guess" + std::to_string(i), "wrong guess here").kind, base::Kind::denied);
  EXPECT_EQ(failure("alice", kGoodPassword).kind, base::Kind::unavailable);
  peer_ = "192.0.2.8";
  sign_in("alice");
}

TEST_F(SignInTest, addresses_of_one_ipv6_subscriber_count_together) {
  for (int i = 0; i < 30; ++i) {
    peer_ = "2001:db8:0:7::" + std::to_string(i + 1);
    failure("guess" + std::to_string(i), "wrong guess here");
  }
  peer_ = "2001:db8:0:7:ffff::1";
  EXPECT_EQ(failure("alice", kGoodPassword).kind, base::Kind::unavailable);
  peer_ = "2001:db8:0:8::1";
  EXPECT_EQ(failure("alice", kGoodPassword).kind, base::Kind::denied);
}

TEST_F(SignInTest, guesses_at_once_do_not_run_past_the_lock) {
  add_user("alice");
  std::atomic<int> denied = 0, locked = 0;
  std::vector<std::thread> guessers;
  for (int i = 0; i < 8; ++i)
    guessers.emplace_back([&] {
      const auto done = identity_->sign_in("alice", "wrong guess here", request("POST"));
      ++(done.error().kind == base::Kind::denied ? denied : locked);
    });
  for (std::thread& guesser : guessers) guesser.join();
  EXPECT_LE(denied, 4);  // 3, and one that was inside the gate at the same time
  EXPECT_EQ(denied + locked, 8);
}

TEST_F(SignInTest, changed_password_ends_other_sessions_and_keeps_this_one) {
  add_user("alice");
  const auto here = sign_in("alice"), elsewhere = sign_in("alice");
  const identity::Caller me = caller(with_cookie(here));
  caller(with_cookie(elsewhere));
  EXPECT_EQ(identity_->change_password(me, "not the old one", "another fine phrase 7").error().kind, base::Kind::denied);
  ASSERT_TRUE(identity_->change_password(me, kGoodPassword, "another fine phrase 7"));
  EXPECT_TRUE(refused(with_cookie(elsewhere)));
  caller(with_cookie(here));
  EXPECT_EQ(failure("alice", kGoodPassword).kind, base::Kind::denied);
  sign_in("alice", "another fine phrase 7");
}

TEST_F(SignInTest, ended_rows_are_deleted_by_later_sign_ins) {
  const std::string id = add_user("alice").id;
  sign_in("alice");
  ASSERT_TRUE(identity_->make_link(id));
  failure("nobody", "wrong guess here");
  pass(std::chrono::hours(24 * 8));
  sign_in("alice");
  EXPECT_EQ(count("SELECT count(*) FROM sessions"), 1);
  EXPECT_EQ(count("SELECT count(*) FROM one_time_links"), 0);
  EXPECT_EQ(count("SELECT count(*) FROM sign_in_failures"), 0);
}

TEST_F(SignInTest, secrets_are_not_in_the_database) {
  const std::string id = add_user("alice").id;
  const auto session = sign_in("alice");
  const std::string link = *identity_->make_link(id);
  const std::string token = identity_->add_token(id, "ci", "", {}, std::chrono::hours(1))->secret;
  const std::string client = identity_->add_service_principal("ci")->secret;
  ASSERT_TRUE(database_->backup_to(dir_.path() / "copy.db"));
  const std::string bytes = *base::read_file(dir_.path() / "copy.db");
  for (const std::string& secret : {std::string(kGoodPassword), session.session_token, link, token, client, std::string("PRIVATE KEY")})
    EXPECT_FALSE(holds(bytes, secret));
}

}  // namespace
