// SPDX-License-Identifier: Apache-2.0
#include "benchmark/collect.hpp"

#include <gmock/gmock.h>

#include "benchmark/facts_support.hpp"
#include "benchmark/table_host.hpp"

using testing::HasSubstr;
using testing::Not;
using test::TableHost;
using test::docker_host;

namespace {

const std::string kId = test::kContainer;
const std::string kGone = test::kGoneContainer;

base::Json collected(TableHost& host) { return benchmark::collect(host, {"test", base::Seconds(), 10'000}); }

}  // namespace

TEST(Collector, keeps_what_checks_read_and_no_secret) {
  TableHost host = docker_host();
  const base::Json facts = collected(host);
  const std::string text = base::to_text(facts);
  EXPECT_THAT(text, Not(HasSubstr("hunter2")));
  EXPECT_THAT(text, Not(HasSubstr("SWMTKN")));
  const base::Json& list = facts.at("containers").at("value");
  ASSERT_EQ(list.get_array().size(), 1u) << "a container that went away is left out";
  const base::Json& web = list.get_array()[0];
  EXPECT_EQ(web.at("commands").at("value"), (base::JsonArray{"/usr/sbin/nginx", "/bin/sh /start"}));
  EXPECT_EQ(web.at("process").at("value"),
            (base::JsonObject{
                {"uid", 100000}, {"containerUid", 0}, {"capEff", "00000000a80425fb"}, {"seccomp", 2}, {"noNewPrivs", 1}}));
  EXPECT_EQ(web.at("execs").at("value").at("list").get_array().size(), 1u);
  EXPECT_THAT(base::to_text(facts.at("images").at("error")), HasSubstr("500"));
  EXPECT_EQ(facts.at("engine").at("nodes").at("error"), "the engine answered 503: busy");
}

TEST(Collector, finds_the_daemon_and_its_files) {
  TableHost host = docker_host();
  const base::Json facts = collected(host);
  const base::Json& daemon = facts.at("daemon").at("value");
  EXPECT_EQ(daemon.at("exe"), "/opt/dockerd");
  EXPECT_EQ(daemon.at("uid"), 0);
  EXPECT_EQ(daemon.at("listeners"), (base::JsonArray{base::JsonObject{{"address", "127.0.0.1"}, {"port", 2377}}}));
  EXPECT_EQ(facts.at("daemonConfig").at("value"),
            (base::JsonObject{{"path", "/d.json"}, {"content", base::JsonObject{{"icc", false}}}}));
  EXPECT_EQ(facts.at("files").at("/d.json").at("mode"), "0640");
  EXPECT_TRUE(facts.at("files").at("/opt/dockerd").is_null());
  EXPECT_EQ(facts.at("links").at("/lib"), "/usr/lib");
  EXPECT_EQ(facts.at("mounts").at("value"), (base::JsonArray{"/", "/var/lib/my docker"}))
      << "what is bound over itself is no mount of its own";
  EXPECT_EQ(facts.at("groups").at("value").at("docker").at("members"), (base::JsonArray{"ann", "bob", "eve"}));
  EXPECT_EQ(facts.at("environment").at("value"), (base::JsonObject{{"DOCKER_CONTENT_TRUST", "1"}}));
  EXPECT_EQ(test::status_of("3.17", facts), "pass");
  EXPECT_EQ(test::status_of("4.1", facts), "error") << "the engine's answer has no user";
}

TEST(Collector, takes_rules_of_files_where_the_kernel_cannot_be_asked) {
  TableHost host = docker_host();
  host.rules = base::fail(base::Kind::denied, "not allowed");
  EXPECT_EQ(collected(host).at("auditRules").at("error"), "not allowed");
  host.folders["/etc/audit/rules.d"] = {"b.rules", "a.rules", "notes"};
  host.files["/etc/audit/rules.d/a.rules"] = "-D\n# none\n-w /a -p wa\n";
  host.files["/etc/audit/rules.d/b.rules"] = "-w /b -p wa\n";
  EXPECT_EQ(collected(host).at("auditRules").at("value").at("rules"), (base::JsonArray{"-w /a -p wa", "-w /b -p wa"}));
}

TEST(Collector, of_a_host_without_an_engine_says_so) {
  TableHost host;
  host.socket.clear();
  const auto facts = test::facts_of(collected(host));
  EXPECT_EQ(facts->engine_kind(), benchmark::EngineKind::none);
  TableHost hidden = docker_host();
  hidden.socket.clear();
  EXPECT_EQ(test::facts_of(collected(hidden))->engine_kind(), benchmark::EngineKind::unreachable) << "dockerd runs";
}

TEST(Collector, collects_one_container_alone) {
  TableHost host = docker_host();
  EXPECT_EQ(benchmark::collect_container(host, kId), collected(host).at("containers").at("value").at(0));
  EXPECT_TRUE(benchmark::collect_container(host, kGone).is_null());
  EXPECT_TRUE(benchmark::collect_container(host, "../info").is_null());
}
