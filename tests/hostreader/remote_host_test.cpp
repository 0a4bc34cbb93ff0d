// SPDX-License-Identifier: Apache-2.0
#include "hostreader/remote_host.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "benchmark/collect.hpp"
#include "benchmark/facts_support.hpp"
#include "hostreader/reader_support.hpp"
#include "support/fake_engine.hpp"

using test::Reader;
using testing::AllOf;
using testing::HasSubstr;

namespace {

base::Json collected_by(benchmark::HostReader& host) { return benchmark::collect(host, {"test", base::Seconds(), 10'000}); }

}  // namespace

TEST(RemoteHost, collects_what_is_collected_locally) {
  test::TableHost local = test::docker_host();
  local.files["/etc/containerd/config.toml"] = "[grpc]\naddress = \"/run/my/containerd.sock\"\n";
  local.statuses["/run/my/containerd.sock"] = {"socket", 0, 0, 0660, "/run/my/containerd.sock"};
  local.folders["/etc/docker/certs.d"] = {"reg"};
  local.folders["/etc/docker/certs.d/reg"] = {"ca.crt"};
  local.statuses["/etc/docker/certs.d/reg"] = {"dir", 0, 0, 0755, "/etc/docker/certs.d/reg"};
  local.statuses["/etc/docker/certs.d/reg/ca.crt"] = {"file", 1000, 0, 0644, "/etc/docker/certs.d/reg/ca.crt"};
  local.answers["/images/json"] = {200, R"([{"Id":"sha256:1"}])"};
  local.answers["/images/sha256:1/json"] = {200, R"({"Id":"sha256:1","Config":{"Env":["PASSWORD=hunter2"]}})"};
  local.answers["/images/sha256:1/history"] = {200, R"([{"CreatedBy":"ENV PASSWORD=hunter2"}])"};
  local.answers["/services"] = {200, "no JSON"};
  local.links["/proc/7/exe"] = "/opt/dockerd";
  local.statuses["/opt/dockerd"] = {"file", 0, 0, 0755, "/opt/dockerd"};
  const Reader reader(local);
  const auto host = reader.host();
  const base::Json here = collected_by(local), there = collected_by(*host);
  EXPECT_EQ(base::to_pretty_text(there), base::to_pretty_text(here));
  EXPECT_EQ(here.at("files").at("/opt/dockerd").at("mode"), "0755");
  EXPECT_EQ(here.at("files").at("/etc/docker/certs.d/reg/ca.crt").at("uid"), 1000);
  EXPECT_EQ(benchmark::collect_container(*host, test::kContainer), benchmark::collect_container(local, test::kContainer));
}

TEST(RemoteHost, collects_hosts_of_other_kinds_alike) {
  test::TableHost bare;
  bare.socket.clear();
  bare.files["/proc/self/mountinfo"] = bare.files["/proc/1/mountinfo"] = "1 0 8:1 / / rw - ext4 /dev/a rw\n";
  test::TableHost silent = test::docker_host();
  silent.answers.clear();
  test::TableHost without_audit = test::docker_host();
  without_audit.rules = base::fail(base::Kind::denied, "not allowed");
  without_audit.folders["/etc/audit/rules.d"] = {"a.rules"};
  without_audit.files["/etc/audit/rules.d/a.rules"] = "-w /a -p wa\n";
  test::TableHost broken_config = test::docker_host();
  broken_config.files["/d.json"] = "{ // no JSON";
  test::TableHost list_config = test::docker_host();
  list_config.files["/d.json"] = "[1]";
  for (test::TableHost* local : {&bare, &silent, &without_audit, &broken_config, &list_config}) {
    const Reader reader(*local);
    EXPECT_EQ(base::to_pretty_text(collected_by(*reader.host())), base::to_pretty_text(collected_by(*local)));
  }
}

TEST(RemoteHost, takes_recorded_containers_through_unchanged) {
  const base::Json recorded = test::recorded("default-many");
  test::TableHost local = test::docker_host();
  base::JsonArray ids;
  for (const base::Json& container : recorded.at("containers").at("value").get_array()) {
    const std::string id(base::get_string(container, "id"));
    ids.push_back(base::JsonObject{{"Id", id}});
    if (const base::Json* inspect = base::find(container.at("inspect"), "value"))
      local.answers["/containers/" + id + "/json"] = {200, base::to_text(*inspect)};
  }
  local.answers["/containers/json?all=1"] = {200, base::to_text(ids)};
  local.answers["/info"] = {200, base::to_text(recorded.at("engine").at("info").at("value"))};
  const Reader reader(local);
  const base::Json here = collected_by(local);
  EXPECT_GT(here.at("containers").at("value").get_array().size(), 10u);
  EXPECT_EQ(base::to_pretty_text(collected_by(*reader.host())), base::to_pretty_text(here));
}

TEST(RemoteHost, without_a_reader_makes_errors_and_no_verdicts) {
  const auto host = hostreader::remote_host({"/nowhere/reader.sock", std::chrono::seconds(1)});
  const auto facts = test::facts_of(collected_by(*host));
  EXPECT_EQ(facts->engine_kind(), benchmark::EngineKind::unreachable);
  EXPECT_THAT(facts->engine_error(), AllOf(HasSubstr("/nowhere/reader.sock"), HasSubstr("bulwark-host-reader.socket")));
  for (const auto& result : benchmark::assess(*facts, benchmark::cis_docker(), {}, {}))
    EXPECT_TRUE(result.status == benchmark::Status::error || result.status == benchmark::Status::manual)
        << result.control->id << " is " << benchmark::status_name(result.status);
  EXPECT_THAT(base::to_text(benchmark::collect_container(*host, test::kContainer)), HasSubstr("error"));
}

TEST(RemoteHost, that_is_lost_on_the_way_has_not_been_read) {
  test::TableHost local = test::docker_host();
  auto reader = std::make_unique<Reader>(local);
  const auto host = reader->host();
  // The reader ends while it is asked for the kernel's audit rules, behind all that the engine is asked for.
  class Ending : public benchmark::HostReader {
   public:
    Ending(benchmark::HostReader& inner, std::unique_ptr<Reader>& reader) : inner_(inner), reader_(reader) {}
    std::string engine_socket() const override { return inner_.engine_socket(); }
    base::Result<benchmark::EngineAnswer> get(std::string_view path) override { return inner_.get(path); }
    base::Result<void> follow(std::string_view, const std::function<bool(std::string_view)>&) override { return {}; }
    std::optional<int> engine_process() override { return inner_.engine_process(); }
    base::Result<benchmark::FileStatus> stat(const std::string& path) override { return inner_.stat(path); }
    base::Result<std::string> read(const std::string& path, std::size_t cap) override { return inner_.read(path, cap); }
    base::Result<std::string> read_link(const std::string& path) override { return inner_.read_link(path); }
    base::Result<std::vector<std::string>> list(const std::string& folder) override { return inner_.list(folder); }
    base::Result<std::vector<std::string>> audit_rules() override {
      reader_.reset();
      return inner_.audit_rules();
    }
    base::Result<void> reached() override { return inner_.reached(); }

   private:
    benchmark::HostReader& inner_;
    std::unique_ptr<Reader>& reader_;
  } ending(*host, reader);
  const base::Json document = collected_by(ending);
  EXPECT_THAT(base::to_text(document.at("containers").at("error")), HasSubstr("host reader"));
  const auto facts = test::facts_of(document);
  for (const auto& result : benchmark::assess(*facts, benchmark::cis_docker(), {}, {}))
    EXPECT_TRUE(result.status == benchmark::Status::error || result.status == benchmark::Status::manual)
        << result.control->id << " is " << benchmark::status_name(result.status);
}

TEST(RemoteHost, finds_a_reader_that_came_back) {
  test::TableHost local = test::docker_host();
  Reader reader(local);
  const auto host = reader.host();
  ASSERT_TRUE(host->read("/etc/group", 1000).has_value());
  reader.stop();
  reader.start();
  EXPECT_TRUE(host->read("/etc/group", 1000).has_value());
  EXPECT_TRUE(host->reached().has_value()) << "nothing was lost";
  reader.stop();
  EXPECT_EQ(host->read("/etc/group", 1000).error().kind, base::Kind::unavailable);
  reader.start();
  EXPECT_TRUE(host->read("/etc/group", 1000).has_value());
  EXPECT_FALSE(host->reached().has_value()) << "meanwhile something was";
  EXPECT_TRUE(host->reached().has_value());
}

TEST(RemoteHost, follows_streams_beside_other_questions) {
  std::atomic<bool> ended{false};
  const test::FakeEngine engine([&](net_test::Connection& peer, const std::string& target) {
    if (target == "/version") return peer.answer("200 OK", R"({"Version":"27.5.0"})");
    if (target == "/images/none/get") return peer.answer("404 Not Found", R"({"message":"no such image"})");
    peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    if (target == "/images/big/get") {
      const std::string piece(100'000, 'x');
      for (int i = 0; i < 50; ++i) peer.write("186a0\r\n" + piece + "\r\n");
      return peer.write("0\r\n\r\n");
    }
    peer.write("4\r\none\n\r\n");
    peer.wait_for_hangup();
    ended = true;
    return false;
  });
  benchmark::LocalHostOptions options;
  options.socket = engine.path();
  const auto local = benchmark::local_host(options);
  const Reader reader(*local);
  const auto host = reader.host();
  std::string events;
  const auto done = host->follow("/events", [&](std::string_view bytes) {
    events += bytes;
    return events.empty() || !bytes.empty() || !host->get("/version").has_value();
  });
  EXPECT_TRUE(done.has_value()) << done.error().message;
  EXPECT_EQ(events, "one\n");
  for (int i = 0; i < 1000 && !ended; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_TRUE(ended) << "the engine's stream ends when nobody listens any more";
  std::size_t size = 0;
  EXPECT_TRUE(host->follow("/images/big/get", [&](std::string_view bytes) { return size += bytes.size(), true; }).has_value());
  EXPECT_EQ(size, 5'000'000u);
  const auto missing = host->follow("/images/none/get", [](std::string_view) { return true; });
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().kind, base::Kind::not_found);
}
