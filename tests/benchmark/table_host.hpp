// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "benchmark/host_reader.hpp"

namespace test {

// A host of tables: what stands in none does not exist.
class TableHost : public benchmark::HostReader {
 public:
  std::string socket = "/var/run/docker.sock";
  std::map<std::string, benchmark::EngineAnswer> answers;
  std::map<std::string, std::string> files, links;
  std::map<std::string, benchmark::FileStatus> statuses;
  std::map<std::string, std::vector<std::string>> folders;
  base::Result<std::vector<std::string>> rules = std::vector<std::string>{"-w /etc/docker -p wa"};

  std::string engine_socket() const override { return socket; }
  base::Result<benchmark::EngineAnswer> get(std::string_view path) override {
    if (const auto at = answers.find(std::string(path)); at != answers.end()) return at->second;
    return benchmark::EngineAnswer{404, R"({"message":"no such thing"})"};
  }
  base::Result<void> follow(std::string_view path, const std::function<bool(std::string_view bytes)>& sink) override {
    const auto at = answers.find(std::string(path));
    if (at == answers.end()) return base::fail(base::Kind::not_found, std::string(path) + " does not exist");
    sink(at->second.body);
    return {};
  }
  std::optional<int> engine_process() override { return 7; }
  base::Result<benchmark::FileStatus> stat(const std::string& path) override { return found(statuses, path); }
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

inline const std::string kContainer(64, 'a');
inline const std::string kGoneContainer(64, 'b');

// A host with Docker, one container, and secrets ("hunter2") wherever there may be some.
inline TableHost docker_host() {
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
  host.answers["/containers/json?all=1"] = {200, R"([{"Id":")" + kContainer + R"("},{"Id":")" + kGoneContainer + R"("}])"};
  host.answers["/containers/" + kContainer + "/json"] = {
      200, R"({"Id":")" + kContainer +
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
  host.files["/proc/41/cgroup"] = "0::/system.slice/docker-" + kContainer + ".scope\n";
  host.files["/proc/42/cgroup"] = "3:cpu:/docker/" + kContainer + "\n";
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

}  // namespace test
