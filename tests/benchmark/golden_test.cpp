// SPDX-License-Identifier: Apache-2.0
// Verdicts over the six recorded hosts: tests/benchmark/NAME.verdicts has a line a control, "5.4 fail bad-caps bad-cap-all",
// with the containers, images and networks at fault.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <map>

#include "benchmark/facts_support.hpp"

using benchmark::Status;

namespace {

std::string verdicts(const benchmark::HostFacts& facts) {
  std::string out;
  for (const auto& result : assess(facts, benchmark::cis_docker(), {})) {
    out += fmt::format("{} {}", result.control->id, status_name(result.status));
    for (const auto& resource : result.resources)
      if (resource.scope != benchmark::Scope::host && resource.verdict.status == Status::fail) out += " " + resource.name;
    out += "\n";
  }
  return out;
}

class Recorded : public testing::TestWithParam<const char*> {};

}  // namespace

TEST_P(Recorded, has_the_verdicts_on_file) {
  const auto facts = test::facts_of(test::recorded(GetParam()));
  EXPECT_EQ(verdicts(*facts), test::read_text(std::string(GetParam()) + ".verdicts"));
}

TEST_P(Recorded, names_every_control_once_with_evidence) {
  const auto facts = test::facts_of(test::recorded(GetParam()));
  const auto results = assess(*facts, benchmark::cis_docker(), {});
  ASSERT_EQ(results.size(), 117u);
  for (const auto& result : results) {
    ASSERT_FALSE(result.resources.empty()) << result.control->id;
    for (const auto& resource : result.resources) {
      ASSERT_FALSE(resource.verdict.evidence.empty()) << result.control->id;
      const auto& first = resource.verdict.evidence.front();
      EXPECT_FALSE(first.source.empty() && first.message.empty()) << result.control->id;
      const bool decided = resource.verdict.status == Status::pass || resource.verdict.status == Status::fail;
      EXPECT_FALSE(decided && first.source.empty()) << result.control->id << ": a pass or failure names where it comes from";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Hosts, Recorded,
                         testing::Values("badfiles", "default-many", "default-many-all", "hardened", "insecure", "swarm"),
                         [](const auto& host) {
                           std::string name = host.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

// A container's name says what it is: bad-* breaks the control that it is named after, good-* keeps the rules of isolation.
TEST(RecordedContainers, are_judged_as_they_are_named) {
  const std::pair<const char*, const char*> broken[] = {
      {"5.5", "bad-privileged"},   {"5.10", "bad-hostnet"},      {"5.16", "bad-hostpid"},       {"5.17", "bad-hostipc"},
      {"5.21", "bad-hostuts"},     {"5.32", "bad-dockersock"},   {"5.6", "bad-mount-etc"},      {"5.6", "bad-mount-root"},
      {"5.6", "bad-mount-etcsub"}, {"5.4", "bad-caps"},          {"5.4", "bad-cap-all"},        {"5.22", "bad-seccomp"},
      {"5.8", "bad-port80"},       {"5.14", "bad-port-any"},     {"5.15", "bad-restart-always"}, {"5.15", "bad-restart-10"},
      {"5.20", "bad-prop-shared"}, {"5.25", "bad-cgroupparent"}, {"5.7", "bad-sshd"},           {"5.29", "bad-pids-unlimited"},
      {"5.26", "bad-nnp-false"},   {"5.11", "bad-exited"},       {"5.32", "bad-mount-root"},    {"4.1", "bad-paused"}};
  const auto facts = test::facts_of(test::recorded("default-many-all"));
  const auto status_of = [&](const char* id, std::string_view name) {
    for (const auto& container : facts->containers())
      if (container.name == name) return judge_container(test::control(id), *facts, container, {}).status;
    ADD_FAILURE() << "no container " << name;
    return Status::error;
  };
  for (const auto& entry : broken)
    EXPECT_EQ(status_of(entry.first, entry.second), Status::fail) << entry.first << " " << entry.second;
  for (const char* id :
       {"4.1", "5.4", "5.5", "5.6", "5.8", "5.10", "5.11", "5.12", "5.13", "5.14", "5.15", "5.26", "5.27", "5.29", "5.32"})
    EXPECT_EQ(status_of(id, "good-hardened"), Status::pass) << id;
  EXPECT_EQ(status_of("5.7", "bad-hostpid"), Status::pass) << "it only sees the host's sshd";
  EXPECT_EQ(status_of("5.6", "ok-mount-etc-ro"), Status::pass);
  EXPECT_EQ(status_of("5.14", "bad-port-v6"), Status::pass) << "[::1] is one interface";
  EXPECT_EQ(status_of("5.26", "ok-nnp"), Status::pass);
  EXPECT_EQ(status_of("5.12", "ok-nanocpus"), Status::pass);
  EXPECT_EQ(status_of("5.18", "bad-device"), Status::manual);
}
