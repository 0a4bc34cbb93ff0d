// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include "cli/command_line.hpp"
#include "client/contexts.hpp"

namespace {

using cli_test::contains;
using cli_test::run;

class Login : public cli_test::HubCommands {
 protected:
  void SetUp() override {
    HubCommands::SetUp();
    hub_variable_.emplace("BULWARK_HUB", "");
    token_.emplace("BULWARK_TOKEN", "");
  }
  std::string file() const { return (folder_->path() / "contexts.json").string(); }
};

TEST_F(Login, with_a_token_keeps_it_where_only_its_owner_reads_it_and_shows_it_nowhere) {
  const auto login = run({"login", hub_.url(), "--name", "here", "--token-stdin"}, "bwk_typed\n");
  EXPECT_EQ(login.code, 0) << login.err;
  EXPECT_TRUE(login.out.empty());
  struct stat status{};
  ASSERT_EQ(::stat(file().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  const auto whoami = run({"whoami"});
  EXPECT_EQ(whoami.code, 0) << whoami.err;
  EXPECT_TRUE(contains(whoami.out, "ada at " + hub_.url()));
  EXPECT_TRUE(contains(whoami.out, "May: write\n"));
  EXPECT_EQ(hub_.last("GET /api/v1/session").header("authorization"), "Bearer bwk_typed");
  const auto json = run({"whoami", "--format", "json"});
  EXPECT_FALSE(contains(json.out, "csrf"));
  const auto list = run({"context", "list", "--format", "json"});
  EXPECT_EQ(list.code, 0);
  EXPECT_TRUE(contains(list.out, "\"here\""));
  for (const auto* shown : {&login, &whoami, &json, &list}) EXPECT_FALSE(contains(shown->out + shown->err, "bwk_typed"));
}

TEST_F(Login, with_a_password_makes_a_token_that_logout_takes_away) {
  hub_.on("POST /api/v1/session", R"({"user": {"name": "ada"}, "csrf": "c5"})", 200, {{"Set-Cookie", "bulwark_session=s3; Path=/"}});
  hub_.on("POST /api/v1/tokens", R"({"id": "t1", "secret": "bwk_made"})", 201);
  hub_.on("DELETE /api/v1/session", "", 204);
  hub_.on("DELETE /api/v1/tokens/t1", "", 204);
  const auto login = run({"login", hub_.url(), "--username", "ada", "--password-stdin"}, "secret word\r\n");
  EXPECT_EQ(login.code, 0) << login.err;
  EXPECT_TRUE(contains(hub_.last("POST /api/v1/session").body, "\"secret word\""));
  const auto contexts = client::load_contexts(file());
  ASSERT_TRUE(contexts);
  ASSERT_EQ(contexts->list.size(), 1u);
  EXPECT_EQ(contexts->list[0].token, "bwk_made");
  EXPECT_EQ(contexts->current, contexts->list[0].name);
  EXPECT_EQ(run({"logout"}).code, 0);
  EXPECT_EQ(hub_.last("DELETE /api/v1/tokens/t1").header("authorization"), "Bearer bwk_made");
  const auto after = run({"registry", "list"});
  EXPECT_EQ(after.code, 1);
  EXPECT_TRUE(contains(after.err, "bulwark login " + hub_.url()));
}

TEST_F(Login, wrong_usage_is_told_before_anything_is_read_or_sent) {
  EXPECT_EQ(run({"login", hub_.url(), "--token-stdin", "--username", "a"}).code, 3);
  EXPECT_EQ(run({"login", hub_.url(), "--password-stdin"}).code, 3);
  EXPECT_EQ(run({"login", hub_.url(), "--client-id", "a"}).code, 3);
  EXPECT_EQ(run({"login", hub_.url(), "--token-stdin"}, "").code, 3);
  EXPECT_EQ(run({"login", hub_.url(), "--token-stdin", "--name", "a b"}, "x\n").code, 3);
  EXPECT_EQ(run({"login", hub_.url(), "--token-stdin", "--fingerprint", "12"}, "x\n").code, 3);
  EXPECT_EQ(run({"login", "http://hub.example.com", "--token-stdin"}, "x\n").code, 1);
  EXPECT_TRUE(hub_.requests().empty());
}

TEST_F(Login, to_a_certificate_nobody_vouches_for_shows_its_fingerprint_and_works_with_it) {
  const auto identity = net::make_self_signed({"elsewhere.example"}, 30);
  ASSERT_TRUE(identity);
  const auto fingerprint = net::certificate_fingerprint(identity->certificate_pem);
  ASSERT_TRUE(fingerprint);
  test_support::FakeHub secure(*identity);
  secure.on("GET /api/v1/session", R"({"user": {"name": "ada"}})");
  const auto refused = run({"login", secure.url(), "--token-stdin"}, "bwk_typed\n");
  EXPECT_EQ(refused.code, 1);
  EXPECT_TRUE(contains(refused.err, "--fingerprint " + *fingerprint)) << refused.err;
  EXPECT_TRUE(secure.requests().empty());
  const auto wrong = run({"login", secure.url(), "--token-stdin", "--fingerprint", std::string(64, '0')}, "bwk_typed\n");
  EXPECT_EQ(wrong.code, 1);
  EXPECT_TRUE(secure.requests().empty());
  EXPECT_EQ(run({"login", secure.url(), "--token-stdin", "--fingerprint", *fingerprint}, "bwk_typed\n").code, 0);
  EXPECT_EQ(run({"whoami"}).code, 0);
}

TEST_F(Login, contexts_are_chosen_and_forgotten) {
  ASSERT_EQ(run({"login", hub_.url(), "--name", "one", "--token-stdin"}, "bwk_1\n").code, 0);
  ASSERT_EQ(run({"login", hub_.url(), "--name", "two", "--token-stdin"}, "bwk_2\n").code, 0);
  EXPECT_EQ(run({"context", "list", "-o", "name"}).out, "one\ntwo\n");
  EXPECT_EQ(run({"context", "use", "one"}).code, 0);
  EXPECT_EQ(run({"whoami"}).code, 0);
  EXPECT_EQ(hub_.last("GET /api/v1/session").header("authorization"), "Bearer bwk_1");
  EXPECT_EQ(run({"whoami", "--hub", "two"}).code, 0);
  EXPECT_EQ(hub_.last("GET /api/v1/session").header("authorization"), "Bearer bwk_2");
  EXPECT_EQ(run({"context", "remove", "one"}).code, 0);
  EXPECT_EQ(run({"context", "use", "one"}).code, 1);
  const auto none = run({"whoami"});
  EXPECT_EQ(none.code, 1);
  EXPECT_TRUE(contains(none.err, "bulwark login URL"));
}

TEST_F(Login, a_token_is_never_sent_to_a_hub_it_is_not_of) {
  ASSERT_EQ(run({"login", hub_.url(), "--token-stdin"}, "bwk_1\n").code, 0);
  test_support::FakeHub other;
  const auto answer = run({"registry", "list", "--hub", other.url()});
  EXPECT_EQ(answer.code, 1);
  EXPECT_TRUE(contains(answer.err, "bulwark login " + other.url()));
  EXPECT_TRUE(other.requests().empty());
}

}  // namespace
