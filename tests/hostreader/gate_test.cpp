// SPDX-License-Identifier: Apache-2.0
#include "hostreader/gate.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "hostreader/reader_support.hpp"

using hostreader::Gate;
using hostreader::Op;
using testing::HasSubstr;
using testing::Not;

namespace {

struct Asked {
  base::Result<hostreader::Answer> answer;
  bool denied() const { return !answer && answer.error().kind == base::Kind::denied; }
  std::string body() const { return answer ? answer->body : answer.error().message; }
};

class HostReaderGate : public testing::Test {
 protected:
  test::TableHost host = test::docker_host();
  // What is opened in place of what is asked for, and whose it is.
  std::map<std::string, hostreader::OpenedFile> opened;
  Gate gate{host, [this](const std::string& path, std::size_t cap) -> base::Result<hostreader::OpenedFile> {
              if (const auto at = opened.find(path); at != opened.end()) return at->second;
              std::string bytes = TRY(host.read(path, cap));
              return hostreader::OpenedFile{std::move(bytes), path, 0};
            }};

  Asked ask(Op op, std::string path) { return {gate.answer({op, std::move(path), 1u << 20})}; }
};

}  // namespace

TEST_F(HostReaderGate, gives_out_of_answers_what_is_no_secret) {
  host.answers["/info"] = {200, R"({"ID":"x","HttpsProxy":"http://u:hunter2@x","Labels":["k=hunter2"]})"};
  host.answers["/services"] = {200, R"([{"ID":"s","Spec":{"TaskTemplate":{"ContainerSpec":{"Env":["A=hunter2"]}}}}])"};
  host.answers["/volumes"] = {200, R"({"Volumes":[{"Name":"v","Options":{"o":"password=hunter2"}}]})"};
  host.answers["/containers/json?all=1"] = {200, R"([{"Id":"a","Command":"run --password=hunter2"}])"};
  host.answers["/containers/a/top"] = {200, R"({"Titles":["PID","CMD"],"Processes":[["1","/bin/sh /start --password=hunter2"]]})"};
  host.answers["/containers/a/json"] = {200, R"({"Id":"a","Config":{"Env":["A=hunter2"],"Cmd":["hunter2"],"Labels":{"x":"hunter2"}}})"};
  host.answers["/exec/a/json"] = {200, R"({"ID":"a","ProcessConfig":{"arguments":["hunter2"]}})"};
  for (const char* target : {"/info", "/services", "/volumes", "/containers/json?all=1", "/containers/a/top", "/containers/a/json",
                             "/exec/a/json", "/swarm"}) {
    const Asked asked = ask(Op::get, target);
    ASSERT_TRUE(asked.answer.has_value()) << target << ": " << asked.body();
    EXPECT_THAT(asked.body(), Not(HasSubstr("hunter2"))) << target;
    EXPECT_THAT(asked.body(), Not(HasSubstr("SWMTKN"))) << target;
  }
  EXPECT_THAT(ask(Op::get, "/containers/a/top").body(), HasSubstr("/bin/sh /start"));
}

// A local image is catalogued through the reader: without its layers it would seem to have no packages.
TEST_F(HostReaderGate, keeps_what_names_the_layers_of_an_image) {
  host.answers["/images/a/json"] = {
      200, R"({"Id":"sha256:a","Os":"linux","Architecture":"arm64","Variant":"v8","RootFS":{"Type":"layers","Layers":["sha256:b"]},)"
           R"("Config":{"Env":["TOKEN=hunter2"]},"ContainerConfig":{"Env":["TOKEN=hunter2"]}})"};
  host.answers["/images/a/history"] = {200, R"([{"Id":"x","CreatedBy":"ENV TOKEN=hunter2","Size":12},{"CreatedBy":"FROM x"}])"};
  EXPECT_EQ(base::parse_json(ask(Op::get, "/images/a/json").body(), "image").value(),
            base::parse_json(R"({"Id":"sha256:a","Config":{"Env":["TOKEN=****"]},"Os":"linux","Architecture":"arm64",)"
                             R"("Variant":"v8","RootFS":{"Type":"layers","Layers":["sha256:b"]}})", "expected").value());
  EXPECT_EQ(ask(Op::get, "/images/a/history").body(), R"([{"CreatedBy":"ENV TOKEN=****","Size":12},{"CreatedBy":"FROM x"}])");
}

TEST_F(HostReaderGate, keeps_the_status_and_message_of_what_failed) {
  host.answers["/nodes"] = {503, R"({"message":"busy","secret":"hunter2"})"};
  const Asked asked = ask(Op::get, "/nodes");
  ASSERT_TRUE(asked.answer.has_value());
  EXPECT_EQ(asked.answer->value, base::Json(503));
  EXPECT_EQ(asked.body(), R"({"message":"busy"})");
}

TEST_F(HostReaderGate, cuts_texts_that_hold_secrets) {
  EXPECT_THAT(ask(Op::read, "/proc/7/cmdline").body(), HasSubstr("--config-file=/d.json"));
  EXPECT_THAT(ask(Op::read, "/proc/42/cmdline").body(), HasSubstr("/start"));
  host.files["/etc/containerd/config.toml"] = "[grpc]\naddress = \"/run/c.sock\"\n[auth]\npassword = \"hunter2\"\n";
  host.files["/etc/docker/daemon.json"] = R"({"icc":false,"log-opts":{"token":"hunter2"}})";
  for (const char* path : {"/proc/7/cmdline", "/proc/41/cmdline", "/proc/42/cmdline", "/etc/environment", "/etc/containerd/config.toml", "/d.json"}) {
    const Asked asked = ask(Op::read, path);
    EXPECT_TRUE(asked.answer.has_value()) << path << ": " << asked.body();
    EXPECT_THAT(asked.body(), Not(HasSubstr("hunter2"))) << path;
  }
}

TEST_F(HostReaderGate, refuses_what_is_not_listed) {
  host.files["/etc/shadow"] = "root:$6$hunter2";
  host.links["/proc/7/cwd"] = "/srv";
  host.folders["/srv"] = {"secret"};
  host.statuses["/srv/secret"] = {"file", 0, 0, 0600, "/srv/secret"};
  for (const char* path : {"/etc/shadow", "/proc/7/environ", "/etc/docker/../shadow", "/d.json/../etc/shadow", "/proc/7/root/etc/shadow"})
    EXPECT_TRUE(ask(Op::read, path).denied()) << path;
  EXPECT_TRUE(ask(Op::stat, "/srv/secret").denied());
  EXPECT_TRUE(ask(Op::list, "/srv").denied());
  EXPECT_TRUE(ask(Op::link, "/proc/7/cwd").denied());
  EXPECT_TRUE(ask(Op::link, "/proc/7/fd/4").denied()) << "it is no socket";
  EXPECT_TRUE(ask(Op::get, "/containers/a/export").denied());
  const auto followed = gate.follow("/info", [](std::string_view) { return true; });
  ASSERT_FALSE(followed.has_value());
  EXPECT_EQ(followed.error().kind, base::Kind::denied);
}

TEST_F(HostReaderGate, reads_no_other_file_through_a_link) {
  opened["/etc/group"] = {"root:$6$hunter2", "/etc/shadow", 0};
  opened["/etc/environment"] = {"root:x:0:0", "/etc/passwd", 0};
  opened["/etc/os-release"] = {"PRETTY_NAME=x\n", "/usr/lib/os-release", 0};
  EXPECT_TRUE(ask(Op::read, "/etc/group").denied());
  EXPECT_TRUE(ask(Op::read, "/etc/environment").denied()) << "that is cut in another way";
  EXPECT_EQ(ask(Op::read, "/etc/os-release").body(), "PRETTY_NAME=x\n");
}

TEST_F(HostReaderGate, reads_of_a_users_daemon_the_users_own_file) {
  host.files["/proc/7/status"] = "Uid:\t1000\t1000\t1000\t1000\nGid:\t1000\t1000\t1000\t1000\n";
  opened["/d.json"] = {R"({"icc":true})", "/srv/private.json", 0};
  EXPECT_TRUE(ask(Op::read, "/d.json").denied());
  opened["/d.json"] = {R"({"icc":true})", "/users/ann/d.json", 1000};
  EXPECT_EQ(ask(Op::read, "/d.json").body(), R"({"icc":true})");
  opened["/d.json"] = {"root:$6$hunter2", "/d.json", 1000};
  EXPECT_THAT(ask(Op::read, "/d.json").body(), Not(HasSubstr("hunter2"))) << "what is no JSON is not given out";
}

TEST_F(HostReaderGate, lists_folders_of_certificates_and_none_that_a_link_leads_to) {
  host.folders["/etc/docker/certs.d"] = {"reg", "away"};
  host.folders["/etc/docker/certs.d/reg"] = {"ca.crt"};
  host.folders["/etc/docker/certs.d/away"] = {"id_rsa"};
  host.statuses["/etc/docker/certs.d"] = {"dir", 0, 0, 0755, "/etc/docker/certs.d"};
  host.statuses["/etc/docker/certs.d/reg"] = {"dir", 0, 0, 0755, "/etc/docker/certs.d/reg"};
  host.statuses["/etc/docker/certs.d/away"] = {"dir", 0, 0, 0755, "/srv/.ssh"};
  host.statuses["/etc/docker/certs.d/reg/ca.crt"] = {"file", 0, 0, 0444, "/etc/docker/certs.d/reg/ca.crt"};
  EXPECT_EQ(ask(Op::list, "/etc/docker/certs.d").body(), R"(["reg","away"])");
  EXPECT_EQ(ask(Op::list, "/etc/docker/certs.d/reg").body(), R"(["ca.crt"])");
  EXPECT_TRUE(ask(Op::stat, "/etc/docker/certs.d/reg/ca.crt").answer.has_value());
  EXPECT_TRUE(ask(Op::read, "/etc/docker/certs.d/reg/ca.crt").denied()) << "owner and mode are all that is judged";
  EXPECT_TRUE(ask(Op::list, "/etc/docker/certs.d/away").denied());
}

// A user's daemon may name anything as its configuration, to keep the reader waiting.
TEST(HostReaderGateOnFiles, does_not_wait_for_a_pipe) {
  const auto folder = std::move(*base::TempDir::create("pipe"));
  const std::string pipe = folder.path() / "daemon.json";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  test::TableHost host = test::docker_host();
  host.files["/proc/7/cmdline"] = std::string("dockerd\0--config-file=", 22) + pipe + std::string(1, '\0');
  Gate gate(host, [&](const std::string& path, std::size_t cap) -> base::Result<hostreader::OpenedFile> {
    if (path == pipe) return hostreader::open_file(path, cap);
    std::string bytes = TRY(host.read(path, cap));
    return hostreader::OpenedFile{std::move(bytes), path, 0};
  });
  EXPECT_EQ(gate.answer({Op::read, pipe, 1000}).error().kind, base::Kind::denied);
  EXPECT_FALSE(gate.answer({Op::stat, "/srv/x", 0}).has_value());
}

TEST(OpenFile, tells_what_it_really_opened) {
  const auto folder = std::move(*base::TempDir::create("open"));
  const std::string secret = (folder.path() / "secret"), link = (folder.path() / "link"), pipe = (folder.path() / "pipe");
  std::ofstream(secret) << "hunter2";
  std::filesystem::create_symlink(secret, link);
  const auto file = hostreader::open_file(link, 100);
  ASSERT_TRUE(file.has_value()) << file.error().message;
  EXPECT_EQ(file->real_path, std::filesystem::canonical(secret).string());
  EXPECT_EQ(file->bytes, "hunter2");
  EXPECT_EQ(file->uid, static_cast<std::int64_t>(::getuid()));
  EXPECT_EQ(hostreader::open_file(secret, 6).error().kind, base::Kind::too_large);
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(hostreader::open_file(pipe, 100).error().kind, base::Kind::denied) << "and does not wait for a writer";
  EXPECT_EQ(hostreader::open_file(folder.path(), 100).error().kind, base::Kind::denied);
  EXPECT_EQ(hostreader::open_file(secret + "x", 100).error().kind, base::Kind::not_found);
}
