// SPDX-License-Identifier: Apache-2.0
#include "identity/fixture.hpp"

namespace {

using identity_test::kGoodPassword;

using AdministrationTest = identity_test::IdentityTest;

TEST_F(AdministrationTest, principals_are_found_by_id_and_name) {
  const auto alice = add_user("alice");
  const auto client = *identity_->add_service_principal("pipeline");
  EXPECT_EQ(identity_->find(alice.id)->name, "alice");
  EXPECT_EQ(identity_->find("ALICE")->id, alice.id);
  EXPECT_EQ(identity_->find(client.principal.name)->id, client.principal.id);
  EXPECT_EQ(identity_->find("bob").error().kind, base::Kind::not_found);
  EXPECT_EQ(identity_->principals()->size(), 2u);
}

TEST_F(AdministrationTest, name_of_several_principals_is_no_answer) {
  add_user("ops");
  add_group("ops", {});
  EXPECT_EQ(identity_->find("ops").error().kind, base::Kind::conflict);
}

TEST_F(AdministrationTest, names_that_could_mislead_are_refused) {
  for (const char* bad : {"", " alice", "al\nice", "6f1c2d3e-0000-4000-8000-00000000000b"}) {
    identity::Principal user;
    user.name = bad;
    EXPECT_EQ(identity_->put_user(user, std::nullopt).error().kind, base::Kind::invalid_input) << bad;
  }
}

TEST_F(AdministrationTest, changed_user_keeps_its_password_and_disabled_state) {
  identity::Principal alice = add_user("alice");
  ASSERT_TRUE(identity_->set_disabled(alice.id, true));
  alice.display_name = "Alice A.";
  alice.disabled = false;
  ASSERT_TRUE(identity_->put_user(alice, std::nullopt));
  EXPECT_TRUE(identity_->find(alice.id)->disabled);
  EXPECT_EQ(identity_->find(alice.id)->display_name, "Alice A.");
  ASSERT_TRUE(identity_->set_disabled(alice.id, false));
  sign_in("alice");
}

TEST_F(AdministrationTest, new_password_by_an_administrator_ends_sessions) {
  const auto alice = add_user("alice");
  const auto session = sign_in("alice");
  caller(with_cookie(session));
  EXPECT_EQ(identity_->put_user(alice, "password1234").error().kind, base::Kind::invalid_input);
  ASSERT_TRUE(identity_->put_user(alice, "another fine phrase 7"));
  EXPECT_TRUE(refused(with_cookie(session)));
  sign_in("alice", "another fine phrase 7");
}

TEST_F(AdministrationTest, group_holds_principals_that_exist) {
  const auto alice = add_user("alice");
  auto group = add_group("team", {alice.id});
  EXPECT_EQ(*identity_->members(group.id), std::vector<std::string>{alice.id});
  EXPECT_EQ(identity_->put_group(group, {"nobody"}).error().kind, base::Kind::not_found);
  EXPECT_EQ(*identity_->members(group.id), std::vector<std::string>{alice.id});  // rolled back
  EXPECT_EQ(identity_->put_group(group, {group.id}).error().kind, base::Kind::invalid_input);
  EXPECT_EQ(identity_->put_group(alice, {}).error().kind, base::Kind::invalid_input);
  EXPECT_EQ(identity_->members(alice.id).error().kind, base::Kind::invalid_input);
}

TEST_F(AdministrationTest, links_are_for_local_enabled_users_alone) {
  identity::Principal remote;
  remote.name = "remote";
  remote.local = false;
  const auto bob = add_user("bob");
  ASSERT_TRUE(identity_->set_disabled(bob.id, true));
  EXPECT_EQ(identity_->make_link(identity_->put_user(remote, std::nullopt)->id).error().kind, base::Kind::invalid_input);
  EXPECT_EQ(identity_->make_link(add_group("team", {}).id).error().kind, base::Kind::invalid_input);
  EXPECT_EQ(identity_->make_link(bob.id).error().kind, base::Kind::conflict);
  EXPECT_EQ(identity_->renew_secret(bob.id).error().kind, base::Kind::invalid_input);
  remote.name = "remote2";
  EXPECT_EQ(identity_->put_user(remote, kGoodPassword).error().kind, base::Kind::invalid_input);
}

TEST_F(AdministrationTest, options_that_cannot_work_are_refused) {
  const auto kind = [&](auto change) {
    identity::Options wrong = options();
    change(wrong);
    const auto opened = identity::Identity::open(*database_, nobody_, wrong);
    return opened ? base::Kind::internal : opened.error().kind;
  };
  using O = identity::Options;
  EXPECT_EQ(kind([](O& o) { o.tenant_id.clear(); }), base::Kind::invalid_input);
  EXPECT_EQ(kind([](O& o) { o.issuer_url = "https://hub/path"; }), base::Kind::invalid_input);
  EXPECT_EQ(kind([](O& o) { o.failures_before_lock = 0; }), base::Kind::invalid_input);
  EXPECT_EQ(kind([](O& o) { o.oidc.emplace().issuer = "http://idp.example.com"; }), base::Kind::invalid_input);
}

}  // namespace
