// SPDX-License-Identifier: Apache-2.0
#include "benchmark/facts.hpp"

#include <gmock/gmock.h>

#include "benchmark/facts_support.hpp"
#include "benchmark/report_json.hpp"

using benchmark::EngineKind;
using benchmark::HostFacts;
using benchmark::Status;
using testing::HasSubstr;

namespace {

std::map<std::string, int> count_statuses(const HostFacts& facts) {
  std::map<std::string, int> out;
  for (const auto& result : assess(facts, benchmark::cis_docker(), {})) ++out[std::string(status_name(result.status))];
  return out;
}

std::string reason_of(std::string_view id, const HostFacts& facts) {
  return judge(test::control(id), facts, {}).resources.front().verdict.evidence.front().message;
}

}  // namespace

TEST(HostFacts, refuse_what_is_no_document_of_theirs) {
  EXPECT_EQ(HostFacts::parse("[]", "x").error().kind, base::Kind::invalid_input);
  EXPECT_EQ(HostFacts::parse("{", "x").error().kind, base::Kind::invalid_input);
  EXPECT_EQ(HostFacts::parse("{}", "x").error().kind, base::Kind::invalid_input);
  EXPECT_EQ(HostFacts::parse(R"({"schemaVersion":2})", "x").error().kind, base::Kind::unsupported);
  std::string many = R"({"schemaVersion":1,"containers":{"value":[0)";
  for (int i = 0; i < 50'000; ++i) many += ",0";
  EXPECT_EQ(HostFacts::parse(many + "]}}", "x").error().kind, base::Kind::too_large);
}

TEST(HostFacts, without_an_engine_make_every_control_not_applicable) {
  const auto facts = test::facts_of({{"schemaVersion", 1}});
  EXPECT_EQ(facts->engine_kind(), EngineKind::none);
  EXPECT_EQ(count_statuses(*facts), (std::map<std::string, int>{{"notApplicable", 117}}));
  EXPECT_THAT(reason_of("5.5", *facts), HasSubstr("no container engine"));
  const auto containerd = test::facts_of({{"schemaVersion", 1}, {"containerd", {{"value", {{"address", "/run/c.sock"}}}}}});
  EXPECT_THAT(reason_of("5.5", *containerd), HasSubstr("containerd runs here without"));
}

TEST(HostFacts, of_an_engine_that_cannot_be_asked_pass_nothing_about_containers) {
  base::Json document = test::recorded("hardened");
  test::edit(document, "engine.version", R"({"error":"permission denied"})");
  test::edit(document, "engine.info", "null");
  test::edit(document, "containers", "null");
  test::edit(document, "images", "null");
  const auto facts = test::facts_of(std::move(document));
  EXPECT_EQ(facts->engine_kind(), EngineKind::unreachable);
  for (const auto& control : benchmark::cis_docker().controls) {
    if (control.check->scope != benchmark::Scope::container) continue;
    EXPECT_EQ(judge(control, *facts, {}).status, Status::error) << control.id;
  }
  EXPECT_EQ(judge(test::control("3.5"), *facts, {}).status, Status::pass) << "files are read without the engine";
}

// An engine that answers with nothing in its answers, on a host of which nothing was found.
TEST(HostFacts, that_say_nothing_pass_nothing) {
  const auto facts = HostFacts::parse(R"(
      {"schemaVersion":1,"engine":{"socket":"/var/run/docker.sock","version":{"value":{}},"info":{"value":{}},"networks":{"value":[{"Driver":"overlay"},{"Name":"bridge","Driver":"bridge"}]},"swarm":{"value":{}},"nodes":{"value":[{}]},"secrets":{"value":{}}},
      "containers":{"value":[{"inspect":{"value":{}}}]},"images":{"value":[{"inspect":{"value":{}},"history":{"value":[{}]}}]},"daemon":{"value":{}},"daemonConfig":{"value":{}},"files":{},"auditRules":{"value":{}},"mounts":{"value":{}},"groups":{"value":{"docker":{}}},"environment":{"value":{}}})",
                                      "empty");
  ASSERT_TRUE(facts.has_value());
  for (const auto& result : assess(**facts, benchmark::cis_docker(), {}))
    EXPECT_NE(result.status, Status::pass) << result.control->id;
}

TEST(HostFacts, of_podman_leave_out_what_is_about_a_daemon) {
  base::Json document = test::recorded("hardened");
  test::edit(document, "engine.version.value.Components", R"([{"Name":"Podman Engine"}])");
  const auto facts = test::facts_of(std::move(document));
  for (const char* id : {"1.1.3", "2.14", "3.17", "5.1", "7.1"})
    EXPECT_EQ(judge(test::control(id), *facts, {}).status, Status::not_applicable) << id;
  for (const char* id : {"4.1", "5.5", "5.11"}) EXPECT_EQ(judge(test::control(id), *facts, {}).status, Status::pass) << id;
  EXPECT_EQ(judge(test::control("1.2.1"), *facts, {}).status, Status::manual);
}

TEST(HostFacts, judge_one_container_as_they_judge_all) {
  const auto facts = test::facts_of(test::recorded("default-many"));
  for (const auto& control : benchmark::cis_docker().controls) {
    if (control.check->scope != benchmark::Scope::container) continue;
    const auto all = judge(control, *facts, {});
    ASSERT_EQ(all.resources.size(), facts->containers().size());
    for (std::size_t at = 0; at < all.resources.size(); at += 7)
      EXPECT_EQ(judge_container(control, *facts, facts->containers()[at], {}).status, all.resources[at].verdict.status)
          << control.id;
  }
}

TEST(Controls, that_an_event_touches_are_those_whose_checks_read_it) {
  const auto touched = controls_reading(benchmark::cis_docker(), benchmark::kReadsAudit);
  ASSERT_EQ(touched.size(), 16u);
  EXPECT_EQ(touched.front()->id, "1.1.3");
  const auto facts = test::facts_of(test::recorded("hardened"));
  EXPECT_THAT(paths_read(test::control("3.17"), *facts), testing::ElementsAre("/etc/docker/daemon.json"));
  EXPECT_THAT(paths_read(test::control("3.13"), *facts), testing::ElementsAre("/etc/docker/tls/key.pem"));
  EXPECT_TRUE(paths_read(test::control("5.5"), *facts).empty());
}

TEST(Controls, are_117_with_known_ids) {
  const auto& controls = benchmark::cis_docker().controls;
  std::map<std::string, int> sections;
  std::set<std::string> cce;
  std::size_t with_cce = 0;
  for (const auto& control : controls) {
    ++sections[control.section];
    EXPECT_FALSE(control.remediation.empty()) << control.id;
    if (control.cce_id.empty()) continue;
    ++with_cce;
    cce.insert(control.cce_id);
  }
  EXPECT_EQ(sections, (std::map<std::string, int>{{"1", 20}, {"2", 18}, {"3", 24}, {"4", 12}, {"5", 32}, {"6", 2}, {"7", 9}}));
  EXPECT_EQ(with_cce, 103u);
  EXPECT_EQ(cce.size(), with_cce) << "each rule of the original baseline is one control";
}

TEST(Controls, at_fault_are_told_with_their_lines) {
  const auto loaded =
      benchmark::load_benchmark({{"x.yaml",
                                  "section: '9'\ntitle: T\ncontrols:\n  - id: '9.1'\n    title: A\n    severity: awful\n"
                                  "    rationale: R\n    remediation: [a]\n    check: no_such\n    colour: red\n"}});
  ASSERT_FALSE(loaded.has_value());
  for (const char* fault : {"x.yaml:6", "x.yaml:9", "x.yaml:10"}) EXPECT_THAT(loaded.error().message, HasSubstr(fault));
}

TEST(Filter, takes_controls_sections_and_levels) {
  const auto facts = test::facts_of(test::recorded("hardened"));
  const auto count = [&](const benchmark::Filter& filter) { return assess(*facts, benchmark::cis_docker(), {}, filter).size(); };
  EXPECT_EQ(count({{"5.1"}, {}, {}, 2}), 1u) << "and not 5.10";
  EXPECT_EQ(count({{}, {}, {"1.1"}, 2}), 18u);
  EXPECT_EQ(count({{}, {"1.1", "7"}, {}, 2}), 117u - 18 - 9);
  EXPECT_EQ(count({{}, {}, {"1.1"}, 1}), 6u);
}

TEST(AuditReport, has_the_members_that_are_promised) {
  const auto facts = test::facts_of(test::recorded("insecure"));
  const auto results = assess(*facts, benchmark::cis_docker(), {});
  const base::Json report = to_report_json(*facts, benchmark::cis_docker(), results);
  const auto keys = [](const base::Json& value) {
    std::vector<std::string> out;
    for (const auto& member : value.get_object()) out.emplace_back(member.key());
    return out;
  };
  EXPECT_THAT(keys(report), testing::ElementsAre("schemaVersion", "host", "benchmark", "results", "summary"));
  for (const base::Json& result : report.at("results").get_array())
    ASSERT_THAT(keys(result), testing::ElementsAre("id", "cceId", "title", "section", "level", "severity", "status", "evidence",
                                                   "remediation", "resources"));
  const base::Json& tls = report.at("results").get_array()[26];
  EXPECT_EQ(tls.at("id"), "2.7");
  EXPECT_EQ(tls.at("cceId"), "CIS-CE-2-06");
  EXPECT_EQ(tls.at("status"), "fail");
  EXPECT_EQ(report.at("summary").at("total"), 117);
  EXPECT_THAT(to_junit(*facts, benchmark::cis_docker(), results), HasSubstr("<failure type=\"critical\""));
}
