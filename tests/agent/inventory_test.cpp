// SPDX-License-Identifier: Apache-2.0
#include "agent/inventory.hpp"

#include <gmock/gmock.h>

#include <cstdlib>

#include "agent/engine_rows.hpp"
#include "agent/facts_host.hpp"
#include "agent/machine.hpp"
#include "agent/management.hpp"
#include "benchmark/collect.hpp"

using namespace agent;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

base::Json json_of(std::string_view text) { return base::parse_json(text, "test").value(); }

Things a_few() {
  Things things;
  for (const char* id : {"a", "b"}) {
    uplink::Container container;
    container.id = id;
    container.state = "running";
    things.containers[id] = container;
  }
  things.images["sha256:i"] = {"sha256:i", {"n:1"}, {}, 1, 2};
  things.volumes["v"] = {"v", "local", "/m"};
  return things;
}

std::unique_ptr<benchmark::HostFacts> facts_of_host(benchmark::HostReader& host) {
  return benchmark::HostFacts::from_json(benchmark::collect(host, {"test", {}, 1'000})).value();
}

std::string by_of(const Labels& labels, std::string_view name = "x") { return management_of_container(labels, name).by; }

}  // namespace

TEST(EngineRows, take_a_container_apart) {
  const auto row = container_of(json_of(R"({"Id":"4f1c","Name":"/web","Created":"2026-11-21T17:23:50.304378431Z","Path":"nginx",
    "Args":["--password=hunter2"],"Image":"sha256:aa","RestartCount":3,"State":{"Status":"exited","Running":false,"ExitCode":0,
    "StartedAt":"2026-11-21T17:23:51Z","FinishedAt":"2026-11-21T17:24:00.5Z"},"HostConfig":{"Privileged":true,"NetworkMode":"host"},
    "Config":{"Image":"nginx:1.25","User":"101","Labels":{"a":"b","com.amazonaws.ecs.cluster":"c"}},
    "NetworkSettings":{"Ports":{"80/tcp":[{"HostIp":"0.0.0.0","HostPort":"8080"},{"HostIp":"::","HostPort":"8080"}],"443/tcp":null}}})"));
  EXPECT_EQ(row.name, "web");
  EXPECT_EQ(row.created_at, 1'795'281'830'304);
  EXPECT_EQ(row.exit_code, 0);
  EXPECT_EQ(row.finished_at - row.started_at, 9'500);
  EXPECT_EQ(row.restarts, 3);
  EXPECT_TRUE(row.privileged);
  EXPECT_EQ(row.image, "nginx:1.25");
  EXPECT_EQ(row.image_id, "sha256:aa");
  EXPECT_EQ(row.command, "nginx") << "arguments may carry passwords";
  EXPECT_THAT(row.ports, ElementsAre("0.0.0.0:8080->80/tcp", "[::]:8080->80/tcp"));
  EXPECT_EQ(row.management.by, "ecs");
}

TEST(EngineRows, of_a_container_that_runs_or_never_ran_have_no_exit_code) {
  EXPECT_FALSE(container_of(json_of(R"({"Id":"a","State":{"Running":true,"ExitCode":0,"FinishedAt":"2026-01-01T00:00:00Z"}})")).exit_code);
  EXPECT_FALSE(container_of(json_of(R"({"Id":"a","State":{"ExitCode":0,"FinishedAt":"0001-01-01T00:00:00Z"}})")).exit_code);
}

TEST(EngineRows, of_an_engine_that_lies_are_empty_where_it_does) {
  const auto row = container_of(json_of(R"({"Id":7,"Name":[],"State":"x","Config":null,"HostConfig":[1],"NetworkSettings":{"Ports":{"80/tcp":7}}})"));
  EXPECT_EQ(row.id, "");
  EXPECT_THAT(row.ports, IsEmpty());
  EXPECT_FALSE(image_of(json_of("{}")));
  EXPECT_FALSE(network_of(json_of("7")));
  EXPECT_FALSE(volume_of(json_of("null")));
}

TEST(EngineRows, keep_labels_of_orchestrators_among_thousands) {
  base::JsonObject labels;
  for (int i = 0; i < 5'000; ++i) labels["a" + std::to_string(i)] = std::string(10'000, 'x');
  labels["io.kubernetes.pod.name"] = "web-0";
  const auto row = container_of(base::JsonObject{{"Id", "a"}, {"Config", base::JsonObject{{"Labels", std::move(labels)}}}});
  EXPECT_EQ(row.labels.size(), 64u);
  EXPECT_EQ(row.labels.front().first, "io.kubernetes.pod.name");
  EXPECT_LE(row.labels.back().second.size(), 256u);
  EXPECT_EQ(row.management.by, "kubelet");
}

TEST(EngineRows, of_recorded_engines_name_every_container) {
  const char* data = std::getenv("BULWARK_TEST_DATA");
  if (!data) GTEST_SKIP() << "BULWARK_TEST_DATA is not set";
  for (const char* scenario : {"default-many", "hardened", "insecure", "swarm"}) {
    const auto text = base::read_file(std::string(data) + "/docker-samples/" + scenario + "/containers-inspect.json");
    ASSERT_TRUE(text) << text.error().message;
    const base::Json list = json_of(*text);
    std::map<std::string, std::string> managed;
    for (const base::Json& inspect : list.get_array()) {
      const auto row = container_of(inspect);
      EXPECT_FALSE(row.id.empty() || row.name.empty() || row.image_id.empty() || row.state.empty());
      EXPECT_GT(row.created_at, 1'700'000'000'000);
      if (row.management.managed) managed[row.name] = row.management.by;
    }
    if (std::string_view(scenario) != "default-many") continue;
    EXPECT_THAT(managed, Contains(testing::Pair(testing::_, "kubelet")));
  }
}

TEST(Management, is_told_by_labels_of_orchestrators_and_not_by_compose) {
  EXPECT_EQ(by_of({{"io.kubernetes.pod.name", "x"}}), "kubelet");
  EXPECT_EQ(by_of({{"com.docker.swarm.service.id", "x"}}), "swarm");
  EXPECT_EQ(by_of({{"com.amazonaws.ecs.task-arn", "x"}}), "ecs");
  EXPECT_EQ(by_of({{"com.hashicorp.nomad.alloc_id", "x"}}), "nomad");
  EXPECT_EQ(by_of({{"io.rancher.container.name", "x"}}), "rancher");
  EXPECT_EQ(by_of({}, "k8s_POD_web"), "kubelet");
  EXPECT_EQ(by_of({{"com.docker.compose.project", "x"}, {"io.kubernetes.pod.name", "x"}}), "kubelet");
  const auto compose = management_of_container({{"com.docker.compose.project", "x"}}, "x");
  EXPECT_FALSE(compose.managed);
  EXPECT_THAT(compose.reason, HasSubstr("Compose"));
}

TEST(Management, of_a_host_is_told_by_its_files_processes_swarm_and_containers) {
  test::TableHost host = test::docker_host();
  EXPECT_FALSE(management_of_files(host).managed);
  host.files["/proc/42/comm"] = "kubelet\n";
  EXPECT_EQ(management_of_files(host).by, "kubelet");
  host.statuses["/etc/kubernetes/azure.json"] = {"file", 0, 0, 0600, ""};
  const auto aks = management_of_files(host);
  EXPECT_EQ(aks.by, "aks");
  EXPECT_THAT(aks.reason, HasSubstr("/etc/kubernetes/azure.json"));

  EXPECT_EQ(management_of_host(aks, true, {}).by, "aks");
  EXPECT_EQ(management_of_host({}, true, {}).by, "swarm");
  uplink::Container container;
  container.name = "task";
  container.management = {true, "nomad", "it has the label x"};
  EXPECT_THAT(management_of_host({}, false, {container}).reason, HasSubstr("container task"));
  const auto none = management_of_host({}, false, {});
  EXPECT_FALSE(none.managed);
  EXPECT_FALSE(none.reason.empty());
}

TEST(Inventory, is_what_the_engine_lists) {
  test::FactsHost host("default-many");
  Things things;
  take_containers(*facts_of_host(host), things);
  EXPECT_TRUE(take_images(host, things));
  EXPECT_TRUE(take_networks(host, things));
  EXPECT_TRUE(take_volumes(host, things));
  EXPECT_EQ(things.containers.size(), host.containers.size());
  EXPECT_EQ(things.images.size(), host.images.size());
  EXPECT_FALSE(things.networks.empty());
}

TEST(Inventory, keeps_what_a_lying_engine_does_not_say) {
  test::FactsHost host("default-many");
  Things things;
  take_containers(*facts_of_host(host), things);
  (void)take_images(host, things);
  (void)take_networks(host, things);
  const auto before = things;
  host.answers["/images/json"] = {200, R"({"message":"lies"})"};
  host.answers["/networks"] = {500, ""};
  host.answers["/containers/" + host.containers.begin()->first + "/json"] = {200, "not JSON"};
  EXPECT_FALSE(take_images(host, things));
  EXPECT_FALSE(take_networks(host, things));
  take_containers(*facts_of_host(host), things);
  EXPECT_TRUE(is_empty(changes_between(before, things)));
  host.answers["/containers/json?all=1"] = {200, "7"};
  take_containers(*facts_of_host(host), things);
  EXPECT_TRUE(is_empty(changes_between(before, things)));
}

TEST(Inventory, of_an_engine_that_repeats_an_id_has_each_once) {
  test::TableHost host = test::docker_host();
  host.answers["/containers/json?all=1"] = {200, R"([{"Id":"aa"},{"Id":"aa"}])"};
  host.answers["/containers/aa/json"] = {200, R"({"Id":"other"})"};
  Things things;
  take_containers(*facts_of_host(host), things);
  ASSERT_EQ(things.containers.size(), 1u);
  EXPECT_EQ(things.containers.begin()->second.id, "aa");
}

TEST(Inventory, of_a_host_whose_engine_was_removed_is_empty) {
  test::FactsHost host("default-many");
  Things things;
  take_containers(*facts_of_host(host), things);
  EXPECT_FALSE(things.containers.empty());
  take_containers(*benchmark::HostFacts::from_json(base::JsonObject{{"schemaVersion", 1}}).value(), things);
  EXPECT_TRUE(things.containers.empty());
}

TEST(Inventory, changes_are_what_came_changed_and_went) {
  const Things before = a_few();
  Things now = before;
  now.containers["a"].state = "exited";
  now.containers.erase("b");
  now.containers["c"].id = "c";
  now.volumes.clear();
  const auto changes = changes_between(before, now);
  ASSERT_EQ(changes.containers.size(), 2u);
  EXPECT_THAT(changes.gone_containers, ElementsAre("b"));
  EXPECT_THAT(changes.images, IsEmpty());
  EXPECT_THAT(changes.gone_volumes, ElementsAre("v"));
  EXPECT_TRUE(is_empty(changes_between(now, now)));
}

TEST(Inventory, that_does_not_fit_one_message_names_what_the_others_said) {
  Things things;
  for (int i = 0; i < 2'500; ++i) {
    const std::string id = "c" + std::to_string(i);
    things.containers[id].id = id;
  }
  const auto parts = whole_messages(things);
  ASSERT_EQ(parts.size(), 3u);
  EXPECT_FALSE(parts[0].whole);
  EXPECT_FALSE(parts[1].whole);
  EXPECT_TRUE(parts[2].whole);
  EXPECT_EQ(parts[2].containers.size() + parts[2].kept_containers.size(), 2'500u);
  const auto nothing = whole_messages({});
  ASSERT_EQ(nothing.size(), 1u);
  EXPECT_TRUE(nothing[0].whole) << "that there is nothing is news too";
}

TEST(Machine, is_described_by_what_its_files_say) {
  test::FactsHost host("default-many");
  host.files["/proc/sys/kernel/hostname"] = "web-1\n";
  host.files["/etc/machine-id"] = "0123456789abcdef0123456789abcdef\n";
  host.files["/etc/os-release"] = "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\nVERSION_ID='12'\n";
  auto machine = this_machine(host);
  EXPECT_EQ(machine.name, "web-1");
  EXPECT_EQ(machine.machine_id, "0123456789abcdef0123456789abcdef");
  EXPECT_EQ(machine.os, "Debian GNU/Linux 12 (bookworm)");
  EXPECT_EQ(machine.os_id, "debian");
  EXPECT_EQ(machine.os_version, "12");
  EXPECT_GT(machine.cpus, 0);
  const auto facts = facts_of_host(host);
  machine = machine_with_engine(machine, *facts, {true, "ecs", "x"});
  EXPECT_EQ(machine.engine, uplink::EngineKind::docker);
  EXPECT_FALSE(machine.engine_version.empty());
  EXPECT_EQ(machine.management.by, "ecs");
  host.files["/etc/machine-id"] = "uninitialized\n";
  EXPECT_EQ(this_machine(host).machine_id, "");
}
