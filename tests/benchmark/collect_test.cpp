// SPDX-License-Identifier: Apache-2.0
#include "benchmark/collect.hpp"

#include <gmock/gmock.h>

#include <map>

#include "benchmark/facts_support.hpp"

using benchmark::EngineAnswer;
using benchmark::FileStatus;
using testing::HasSubstr;
using testing::Not;

namespace {

const std::string kId(64, 'a');
const std::string kGone(64, 'b');

// A host of tables: what stands in none does not exist.
class TableHost : public benchmark::HostReader {
 public:
  std::string socket = "/var/run/docker.sock";
  std::map<std::string, EngineAnswer> answers;
  std::map<std::string, std::string> files, links;
  std::map<std::string, FileStatus> statuses;
  std::map<std::string, std::vector<std::string>> folders;
  base::Result<std::vector<std::string>> rules = std::vector<std::string>{"-w /etc/docker -p wa"};

  std::string engine_socket() const override { return socket; }
  base::Result<EngineAnswer> get(std::string_view path) override {
    if (const auto at = answers.find(std::string(path)); at != answers.end()) return at->second;
    return EngineAnswer{404, R"({"message":"no such thing"})"};
  }
  std::optional<int> engine_process() override { return 7; }
  base::Result<FileStatus> stat(const std::string& path) override { return found(statuses, path); }
  base::Result<std::string> read(const std::string& path, std::size_t) override { return found(files, path); }
  base::Result<std::string> read_link(const std::string& path) override { return found(links, path); }
  base::Result<std::vector<std::string>> list(const std::string& folder) override { return found(folders, folder); }
  base::Result<std::vector<std::string>> audit_rules() override { return rules; }

 private:
  template <typename Value>
  static base::Result<Value> found(const std::map<std::string, Value>& table, const std::string& path) {
    const auto at = table.find(path);
    if (at == table.end()) return base::fail(base::Kind::not_found, path + " does not exist");
    return at->second;
  }
};

TableHost docker_host() {
  using namespace std::string_literals;
  TableHost host;
  host.answers["/version"] = {200, R"({"Version":"27.5.0"})"};
  host.answers["/info"] = {
      200,
      R"({"DockerRootDir":"/var/lib/docker","Swarm":{"LocalNodeState":"active","ControlAvailable":true},"HttpProxy":"http://u:p@x"})"};
  host.answers["/networks"] = {200, "[]"};
  host.answers["/swarm"] = {200,
                            R"({"JoinTokens":{"Manager":"SWMTKN-1"},"Spec":{"EncryptionConfig":{"AutoLockManagers":true}}})"};
  host.answers["/nodes"] = {503, R"({"message":"busy"})"};
  host.answers["/containers/json?all=1"] = {200, R"([{"Id":")" + kId + R"("},{"Id":")" + kGone + R"("}])"};
  host.answers["/containers/" + kId + "/json"] = {
      200, R"({"Id":")" + kId +
               R"(","Name":"/web","State":{"Running":true,"Pid":41},"Config":{"Env":["A=hunter2"]},"ExecIDs":["e1","e2"]})"};
  host.answers["/exec/e1/json"] = {200, R"({"ID":"e1","ProcessConfig":{"privileged":true,"user":"0","arguments":["hunter2"]}})"};
  host.answers["/images/json"] = {500, "broken"};
  host.folders["/proc"] = {"7", "41", "42", "self"};
  host.files["/proc/7/comm"] = "dockerd\n";
  host.files["/proc/7/cmdline"] =
      "dockerd\0--config-file=/d.json\0--log-opt\0splunk-token=hunter2\0-H\0unix:///var/run/docker.sock\0"s;
  host.files["/proc/7/status"] = "Name:\tdockerd\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\n";
  host.links["/proc/7/exe"] = "/opt/dockerd";
  host.folders["/proc/7/fd"] = {"3", "4"};
  host.links["/proc/7/fd/3"] = "socket:[100]";
  host.links["/proc/7/fd/4"] = "/dev/null";
  host.files["/proc/7/net/tcp"] =
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
      "   0: 0100007F:0949 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 100 1\n"
      "   1: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 200 1\n";
  host.files["/proc/7/mountinfo"] =
      "1 0 8:1 / / rw - ext4 /dev/a rw\n"
      "2 1 8:2 / /var/lib/my\\040docker rw - ext4 /dev/b rw\n"
      "3 1 8:1 /var/lib/docker /var/lib/docker rw - ext4 /dev/a rw\n";
  host.files["/proc/41/cgroup"] = "0::/system.slice/docker-" + kId + ".scope\n";
  host.files["/proc/42/cgroup"] = "3:cpu:/docker/" + kId + "\n";
  host.files["/proc/41/cmdline"] = "/usr/sbin/nginx\0-g\0hunter2\0"s;
  host.files["/proc/42/cmdline"] = "/bin/sh\0/start\0--password=hunter2\0"s;
  host.files["/proc/41/status"] =
      "Uid:\t100000\t100000\t100000\t100000\nCapEff:\t00000000a80425fb\nNoNewPrivs:\t1\nSeccomp:\t2\n";
  host.files["/proc/41/uid_map"] = "         0     100000      65536\n";
  host.files["/d.json"] = R"({"icc":false,"proxies":{"http-proxy":"http://u:hunter2@x"}})";
  host.files["/etc/group"] = "root:x:0:\ndocker:x:106:ann,bob\n";
  host.files["/etc/passwd"] = "eve:x:1001:106::/nowhere:/bin/sh\n";
  host.files["/etc/environment"] = "PATH=/bin\nDOCKER_CONTENT_TRUST=\"1\"\nPASSWORD=hunter2\n";
  host.statuses["/d.json"] = {"file", 0, 0, 0640, "/d.json"};
  host.statuses["/lib"] = {"dir", 0, 0, 0755, "/usr/lib"};
  return host;
}

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
