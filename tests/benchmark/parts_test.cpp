// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <cstring>

#include "benchmark/audit_netlink.hpp"
#include "benchmark/audit_rules.hpp"
#include "benchmark/daemon_options.hpp"
#include "benchmark/masking.hpp"
#include "benchmark/shapes.hpp"

using benchmark::DaemonOptions;
using testing::ElementsAre;

namespace {

struct Row {
  const char* rule;
  const char* path;
  bool covered;
};

}  // namespace

TEST(AuditRules, cover_a_path_by_what_they_mean) {
  const Row rows[] = {
      {"-w /etc/docker -k docker", "/etc/docker", true},
      {"-w /etc/docker/ -p wa", "/etc/docker/daemon.json", true},
      {"-w /etc/docker -p rwxa", "/etc/dockerx", false},
      {"-w /etc/docker -p w", "/etc/docker", false},
      {"-w / -p wa", "/etc/docker", true},
      {"-a always,exit -F path=/etc/docker -F perm=wa", "/etc/docker", true},
      {"-a exit,always -F path=/etc/docker -F perm=wa", "/etc/docker/daemon.json", false},
      {"-a always,exit -F dir=/etc -F perm=war -F key=docker", "/etc/docker", true},
      {"-a always,exit -F arch=b64 -S all -F dir=/etc -F perm=wa", "/etc/docker", true},
      {"-a always,exit -S open -F dir=/etc -F perm=wa", "/etc/docker", false},
      {"-a always,exit -F dir=/etc -F perm=wa -F auid>=1000", "/etc/docker", false},
      {"-a never,exit -F dir=/etc", "/etc/docker", false},
      {"-a always,user -F dir=/etc -F perm=wa", "/etc/docker", false},
      {"-w /opt/etc/docker -p wa", "/etc/docker", false},
  };
  for (const Row& row : rows) {
    const auto rule = benchmark::parse_audit_rule(row.rule);
    ASSERT_TRUE(rule.has_value()) << row.rule;
    const std::vector<benchmark::AuditRule> rules{*rule};
    const auto* found = benchmark::rule_for(rules, row.path);
    EXPECT_EQ(found && covers(*found), row.covered) << row.rule;
  }
  for (const char* line : {"", "# -w /etc", "-D", "-b 8192", "-e 2", "--loginuid-immutable"})
    EXPECT_FALSE(benchmark::parse_audit_rule(line)) << line;
}

TEST(AuditRules, are_read_from_the_kernels_form) {
  const std::string path = "/etc/docker", key = "d k";
  std::string bytes(sizeof(std::uint32_t) * (3 + 4 * 64 + 1), '\0');
  const auto put = [&bytes](std::size_t word, std::uint32_t value) { std::memcpy(bytes.data() + 4 * word, &value, 4); };
  put(0, 4);  // exit list
  put(1, 2);  // always
  put(2, 3);  // fields
  for (std::size_t word = 0; word < 63; ++word) put(3 + word, ~0u);
  const std::uint32_t fields[] = {107, 106, 210}, values[] = {11, 2 | 8, 3};
  for (std::size_t at = 0; at < 3; ++at) {
    put(67 + at, fields[at]);
    put(131 + at, values[at]);
    put(195 + at, 0x40000000);
  }
  put(259, 14);
  EXPECT_EQ(benchmark::audit_rule_text(bytes + path + key).value_or("?"),
            "-a always,exit -S all -F dir=/etc/docker -F perm=wa -F key=d?k");
  EXPECT_EQ(benchmark::audit_rule_text(bytes + "/etc").error().kind, base::Kind::corrupt);
  EXPECT_EQ(benchmark::audit_rule_text("short").error().kind, base::Kind::corrupt);
}

TEST(DaemonOptions, come_from_arguments_and_from_the_file) {
  const base::Json config{{"icc", false}, {"hosts", {"fd://", "tcp://0.0.0.0:2376"}}, {"log-level", nullptr}};
  const DaemonOptions options({"dockerd", "-D", "--iptables=false", "-l", "warn", "-H", "unix:///a", "-Hunix:///b", "--tlsverify",
                               "--insecure-registry", "x:5000", "stray", "--data-root"},
                              &config);
  EXPECT_EQ(options.value("debug"), "true");
  EXPECT_EQ(DaemonOptions({"dockerd", "--icc=0", "--tlsverify=T"}, nullptr).value("icc"), "false");
  EXPECT_EQ(DaemonOptions({"dockerd", "--icc=0", "--tlsverify=T"}, nullptr).value("tlsverify"), "true");
  EXPECT_EQ(options.value("iptables"), "false");
  EXPECT_EQ(options.value("log-level"), "warn");
  EXPECT_EQ(options.value("tlsverify"), "true");
  EXPECT_EQ(options.value("icc"), "false");
  EXPECT_EQ(options.value("experimental"), std::nullopt);
  EXPECT_THAT(options.values("hosts"), ElementsAre("unix:///a", "unix:///b"));
  EXPECT_THAT(options.values("insecure-registries"), ElementsAre("x:5000"));
  EXPECT_EQ(options.evidence("icc").source, "daemon.json");
  EXPECT_EQ(options.evidence("iptables").source, "dockerd arguments");
}

TEST(Masking, hides_values_of_secrets_alone) {
  EXPECT_TRUE(benchmark::promises_secret("DB_PASSWORD"));
  EXPECT_TRUE(benchmark::promises_secret("dbpassword"));
  EXPECT_FALSE(benchmark::promises_secret("DB_PASSWORD_FILE"));
  EXPECT_FALSE(benchmark::promises_secret("OLDPWD"));
  EXPECT_FALSE(benchmark::promises_secret("TOKENIZER"));
  EXPECT_EQ(benchmark::masked("ENV DB_PASSWORD=hunter2 USER=ann"), "ENV DB_PASSWORD=**** USER=ann");
  EXPECT_EQ(benchmark::masked("RUN TOKEN='a b' make"), "RUN TOKEN=**** make");
  EXPECT_FALSE(benchmark::assigns_secret("RUN curl -H token=$TOKEN"));
  EXPECT_EQ(benchmark::masked_variable("A=b=c"), "A=****");
  EXPECT_EQ(benchmark::masked_variable("A="), "A=");
}

TEST(Shapes, keep_what_checks_read) {
  const base::Json inspect{{"Id", "a"},
                           {"Path", "/bin/sh"},
                           {"Args", {"--password=x"}},
                           {"Config",
                            {{"Env", {"SECRET=1"}},
                             {"Cmd", {"x"}},
                             {"User", "app"},
                             {"Healthcheck", {{"Test", {"CMD-SHELL", "curl -u a:b"}}}},
                             {"Labels", {{"password", "x"}, {"io.kubernetes.pod.name", "web"}}}}},
                           {"HostConfig", {{"Privileged", "yes"}, {"Memory", 5}, {"Binds", {"/a:/b"}}}},
                           {"State", 7}};
  EXPECT_EQ(benchmark::kept_container(inspect), (base::Json{{"Id", "a"},
                                                            {"Path", "/bin/sh"},
                                                            {"State", 7},
                                                            {"HostConfig", {{"Privileged", "yes"}, {"Memory", 5}}},
                                                            {"Config",
                                                             {{"User", "app"},
                                                              {"Labels", {{"io.kubernetes.pod.name", "web"}}},
                                                              {"Healthcheck", {{"Test", base::JsonArray{"CMD-SHELL"}}}}}}}));
}
