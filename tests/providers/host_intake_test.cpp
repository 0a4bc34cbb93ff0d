// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "providers/host_testing.hpp"
#include "providers/hybrid_compute/host_assessment.hpp"
#include "providers/hybrid_compute/hybrid_compute.hpp"
#include "security/finding_sets.hpp"
#include "security/rules.hpp"

namespace {

using providers_testing::container;
using providers_testing::control;
using providers_testing::HostTest;
using providers_testing::kStream;
using providers_testing::resource;
using testing::ElementsAre;
using testing::HasSubstr;
namespace hosts = providers::hybrid_compute;

class HostIntake : public HostTest {};

// ---- Batches

TEST_F(HostIntake, takes_each_message_once) {
  const auto key = add_host();
  uplink::Batch batch;
  batch.header.stream = kStream;
  batch.messages.push_back({1, now_, whole({control("2.1", "fail")})});
  batch.messages.push_back({2, now_, change({control("2.2", "fail")})});
  for (int i = 0; i < 2; ++i) {
    const auto reply = take(key, batch);
    ASSERT_TRUE(reply) << reply.error().message;
    EXPECT_EQ(reply->acknowledged, 2u);
  }
  EXPECT_EQ(records("SecurityBaseline").size(), benchmark::cis_docker().controls.size() + 1);
  EXPECT_EQ(records("SecurityBaselineSummary").size(), 1u);
}

TEST_F(HostIntake, goes_on_behind_a_gap_and_says_so) {
  const auto key = add_host();
  tell(key, {machine("web-1", 'a')});
  sequence_ = 41;
  tell(key, {machine("web-1", 'a')});
  EXPECT_EQ(count("SELECT gaps FROM machine_streams"), 40);
  EXPECT_EQ(count("SELECT count(*) FROM host_history WHERE title LIKE '%never came%'"), 1);
}

TEST_F(HostIntake, counts_each_stream_for_itself) {
  const auto key = add_host();
  tell(key, {machine("web-1", 'a'), machine("web-1", 'a')});
  uplink::Batch batch;
  batch.header.stream = "99999999-2222-4333-8444-555555555555";
  batch.messages.push_back({1, now_, whole({control("2.1", "fail")})});
  const auto reply = take(key, batch);
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->acknowledged, 1u);
  EXPECT_EQ(hardening(key), "Unhealthy 1");
}

TEST_F(HostIntake, keeps_the_newest_streams_of_a_machine_alone) {
  const auto key = add_host();
  for (int i = 0; i < 40; ++i) {
    uplink::Batch batch;
    batch.header.stream = base::uuid4();
    now_ += 1'000;
    ASSERT_TRUE(take(key, batch));
  }
  EXPECT_LE(count("SELECT count(*) FROM machine_streams"), 16);
}

TEST_F(HostIntake, changes_nothing_where_a_message_makes_no_sense) {
  const auto key = add_host();
  auto wrong = whole();
  wrong.controls[3].status = "splendid";
  auto other = whole();
  other.benchmark = "cis-windows";
  for (const auto& bad : {wrong, other}) {
    sequence_ = 0;
    const auto reply = report(key, {whole({control("2.1", "fail")}), bad});
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().kind, base::Kind::invalid_input);
    EXPECT_THAT(reply.error().message, HasSubstr("message 2"));
  }
  EXPECT_EQ(count("SELECT count(*) FROM host_controls"), 0);
  EXPECT_EQ(records("SecurityBaseline").size(), 0u);
}

TEST_F(HostIntake, refuses_a_sequence_out_of_all_bounds) {
  const auto key = add_host();
  sequence_ = 1ull << 60;
  EXPECT_FALSE(report(key, {machine("web-1", 'a')}));
}

TEST_F(HostIntake, believes_the_credential_and_not_the_message) {
  const auto mine = add_host("web-1", 'a'), other = add_host("db-1", 'b');
  tell(mine, {machine("db-1", 'b'), whole({control("2.1", "fail")})});
  EXPECT_EQ(hardening(mine), "Unhealthy 1");
  EXPECT_EQ(hardening(other), "NotApplicable AssessmentPending");
  EXPECT_EQ(row(mine)->machine_id, std::string(32, 'a'));
  EXPECT_EQ(row(mine)->name, "web-1");
}

TEST_F(HostIntake, refuses_reports_of_a_machine_that_is_gone) {
  const auto key = add_host();
  write([&](store::Session& session) { return hosts::forget_machine(session, key); });
  for (const auto& bodies : {std::vector<uplink::Body>{}, std::vector<uplink::Body>{machine("web-1", 'a')}}) {
    const auto reply = report(key, bodies);
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().kind, base::Kind::denied);
  }
}

TEST_F(HostIntake, believes_a_clock_within_bounds_and_never_backwards) {
  const auto key = add_host();
  const auto at = [&](store::Millis time) {
    uplink::Batch batch;
    batch.header.stream = kStream;
    batch.messages.push_back({++sequence_, time, machine("web-1", 'a')});
    EXPECT_TRUE(take(key, batch));
    return row(key)->last_at;
  };
  EXPECT_EQ(at(0), now_ - 7LL * 24 * 3'600'000) << "as long ago as is believed";
  EXPECT_EQ(at(now_ - 5'000), now_ - 5'000);
  EXPECT_EQ(at(now_ - 9'000), now_ - 4'999) << "not backwards";
  EXPECT_EQ(at(now_ - 4'999), now_ - 4'998) << "nor does it stand still";
  EXPECT_EQ(at(INT64_MAX), now_) << "not ahead";
  EXPECT_EQ(at(INT64_MIN), now_ + 1);
  now_ -= 2 * 3'600'000;  // the hub's own clock is set right
  EXPECT_EQ(at(now_ - 1'000), now_ - 1'000);
}

// ---- Verdicts

TEST_F(HostIntake, has_one_finding_for_each_control_that_fails) {
  const auto key = add_host();
  tell(key, {whole({control("2.1", "fail", {resource("host", "", "fail", "set wrong")}),
                    control("5.4", "fail", {resource("container", "web", "fail", "is privileged"), resource("container", "db", "fail", "is privileged")})})});
  EXPECT_EQ(hardening(key), "Unhealthy 2");
  std::string evidence, category, vulnerability;
  write([&](store::Session& session) {
    return session.query("SELECT category, vulnerability, detail FROM findings WHERE vulnerability = 'CIS-5.4'", {}, [&](const store::Row& row) {
      category = row.text(0);
      vulnerability = row.text(1);
      evidence = row.text(2);
    });
  });
  EXPECT_EQ(category, "Configuration");
  EXPECT_THAT(evidence, testing::AllOf(HasSubstr("container db: is privileged"), HasSubstr("container web: is privileged")));
}

TEST_F(HostIntake, has_the_same_finding_id_on_every_host) {
  const auto one = add_host("web-1", 'a');
  tell(one, {whole({control("5.4", "fail", {resource("container", "web", "fail", "is privileged")})})});
  const auto two = add_host("web-2", 'b');
  tell(two, {whole({control("5.4", "fail", {resource("container", "other", "fail", "is privileged")})})});
  EXPECT_EQ(count("SELECT count(DISTINCT finding_id) FROM findings"), 1);
  EXPECT_EQ(count("SELECT count(*) FROM findings"), 2);
}

TEST_F(HostIntake, is_not_applicable_without_an_engine) {
  const auto key = add_host("bare", 'a', uplink::EngineKind::none);
  EXPECT_EQ(hardening(key), "NotApplicable AssessmentPending") << "it may not have looked yet";
  tell(key, {machine("bare", 'a', uplink::EngineKind::none), whole({control("1.1.1", "fail")})});
  EXPECT_EQ(hardening(key), "NotApplicable NoContainerEngine");
}

TEST_F(HostIntake, waits_before_an_engine_out_of_reach_becomes_the_verdict) {
  const auto key = add_host();
  tell(key, {whole({control("2.1", "fail")})});
  auto down = machine("web-1", 'a', uplink::EngineKind::unreachable);
  down.engine_error = "connection refused";
  tell(key, {down});
  EXPECT_EQ(hardening(key), "Unhealthy 1") << "an engine that starts again is no news";
  now_ += 5 * 60'000;
  ASSERT_TRUE(hosts::watch_hosts(*hosts_, now_));
  EXPECT_EQ(hardening(key), "NotApplicable EngineUnreachable");
  tell(key, {machine("web-1", 'a')});
  EXPECT_EQ(hardening(key), "Unhealthy 1");
  EXPECT_EQ(records("Operation").size(), 1u);
}

TEST_F(HostIntake, judges_nothing_by_an_assessment_without_the_engine) {
  const auto key = add_host();
  now_ += 1'000;
  tell(key, {machine("web-1", 'a', uplink::EngineKind::unreachable), whole({control("1.1.1", "fail"), control("5.4", "error")})});
  EXPECT_EQ(hardening(key), "NotApplicable EngineUnreachable");
}

TEST_F(HostIntake, does_not_take_a_control_that_cannot_be_judged_for_mended) {
  const auto key = add_host();
  tell(key, {whole({control("5.4", "fail")})});
  tell(key, {change({control("5.4", "error", {resource("host", "", "error", "the engine does not answer")})})});
  EXPECT_EQ(hardening(key), "Unhealthy 1");
  EXPECT_EQ(count("SELECT count(*) FROM findings WHERE detail LIKE '%cannot be judged now: the engine does not answer%'"), 1);
  EXPECT_EQ(count("SELECT count(*) FROM resolved_findings"), 0);
  tell(key, {change({control("5.4", "fail")})});
  EXPECT_EQ(count("SELECT count(*) FROM resolved_findings"), 0) << "and it is not new either";
  tell(key, {change({control("5.4", "error")}), change({control("5.4", "pass")})});
  EXPECT_EQ(hardening(key), "Healthy 0");
}

TEST_F(HostIntake, tells_of_a_control_that_turns_to_fail_once) {
  write([&](store::Session& session) -> base::Result<void> {
    arm::Resource channel;
    channel.id = TRY(arm::ResourceId::parse("/subscriptions/5f0c8ba4-0000-4000-8000-000000000001/providers/Bulwark.Security/notificationChannels/ops"));
    channel.body = {{"properties", base::JsonObject{{"kind", "Webhook"}, {"url", "https://203.0.113.9/"}, {"events", base::JsonArray{"NewFinding"}}, {"minimumSeverity", "Low"}}}};
    return arm::save_resource(session, channel, "test", now_);
  });
  const auto key = add_host();
  tell(key, {whole()});
  const auto told = [&] { return count("SELECT count(*) FROM outbox"); };
  EXPECT_EQ(told(), 0);
  now_ += 1'000;
  tell(key, {change({control("5.4", "fail", {resource("container", "web", "fail", "is privileged")})})});
  EXPECT_EQ(told(), 1);
  now_ += 1'000;
  tell(key, {change({control("5.4", "fail", {resource("container", "db", "fail", "is privileged")})})});  // one more container, the same control
  tell(key, {whole({control("5.4", "fail")})});
  EXPECT_EQ(told(), 1);
  EXPECT_THAT(hardening(key), "Unhealthy 1");
}

TEST_F(HostIntake, keeps_what_a_change_does_not_name) {
  const auto key = add_host();
  tell(key, {whole({control("5.4", "fail", {resource("container", "web", "fail", "is privileged"), resource("container", "db", "fail", "is privileged")})})});
  auto settled = control("5.4", "fail");
  settled.settled = {"container/web"};
  tell(key, {change({settled})});
  EXPECT_EQ(count("SELECT count(*) FROM host_control_resources WHERE control = '5.4'"), 1);
  auto gone = control("5.4", "pass");
  gone.settled = {"container/db"};
  tell(key, {change({gone})});
  EXPECT_EQ(hardening(key), "Healthy 0");
}

TEST_F(HostIntake, caps_what_it_keeps_of_a_control) {
  const auto key = add_host();
  auto many = control("5.4", "fail");
  for (int i = 0; i < 1'000; ++i) many.resources.push_back(resource("container", "c" + std::to_string(i), "fail", std::string(3'000, 'x')));
  many.counts.fail = 1'000;
  many.resources.push_back({"container", std::string(1'000, 'y'), "name", "fail", base::JsonArray{}});
  tell(key, {whole({many})});
  EXPECT_EQ(count("SELECT count(*) FROM host_control_resources"), 200);
  EXPECT_LT(count("SELECT max(length(evidence)) FROM host_control_resources"), 10'000);
}

TEST_F(HostIntake, passes_over_controls_that_it_has_no_words_for) {
  const auto key = add_host();
  auto newer = whole();
  newer.controls.push_back(control("99.1", "fail"));
  tell(key, {newer});
  EXPECT_EQ(hardening(key), "Healthy 0");
}

TEST_F(HostIntake, tells_of_controls_that_could_not_be_judged) {
  const auto key = add_host();
  tell(key, {whole({control("3.1", "error"), control("3.2", "error")})});
  EXPECT_EQ(hardening(key), "Healthy 0");
  const auto failures = records("Operation");
  ASSERT_EQ(failures.size(), 1u);
  EXPECT_THAT(base::get_string(failures[0], "Detail"), HasSubstr("2 controls could not be judged: 3.1, 3.2"));
}

// ---- Rules

class HostRules : public HostTest {
 protected:
  void put_rule(const std::string& rest, const base::JsonObject& properties) {
    write([&](store::Session& session) -> base::Result<void> {
      arm::Resource rule;
      rule.id = TRY(arm::ResourceId::parse("/subscriptions/5f0c8ba4-0000-4000-8000-000000000001/providers/Bulwark.Security/" + rest));
      rule.body = {{"properties", properties}};
      TRY(arm::save_resource(session, rule, "test", now_));
      return assessor_->reassess_scope(session, rule.id.parent().key(), now_);
    });
  }
};

TEST_F(HostRules, hold_by_control_and_label) {
  const auto tagged = make_token(base::JsonObject{{"labels", base::JsonObject{{"Env", "lab"}}}});
  const auto lab = arm::ResourceId::parse(enroll(machine("lab-1", 'a'), tagged)->resource_id)->key();
  const auto live = add_host("live-1", 'b');
  for (const auto& key : {lab, live}) {
    sequence_ = 0;
    tell(key, {whole({control("5.4", "fail"), control("2.1", "fail")})});
  }
  const auto id = security::finding_id(hosts::control_finding(*benchmark::cis_docker().find("5.4")));
  put_rule("disableRules/lab", {{"criteria", base::JsonObject{{"findingIds", base::JsonArray{id}}}}, {"tags", base::JsonObject{{"env", "lab"}}}, {"reason", "a laboratory"}});
  EXPECT_EQ(hardening(lab), "Unhealthy 1");
  EXPECT_EQ(hardening(live), "Unhealthy 2");
  const auto rows = view([&](store::Session& session, const security::Query& query) -> base::Result<base::JsonArray> {
    return hosts::control_rows(session, *TRY(hosts::load_machine(session, lab)), query);
  });
  ASSERT_EQ(rows.size(), benchmark::cis_docker().controls.size());
  for (const auto& row : rows)
    EXPECT_EQ(row.at("disabled").is_null(), base::get_string(row, "id") != "5.4") << base::to_text(row);
}

TEST_F(HostRules, exempt_a_host_as_a_whole) {
  const auto key = add_host();
  tell(key, {whole({control("5.4", "fail")})});
  put_rule("exemptions/all", {{"assessmentKey", security::kHostConfiguration}, {"reason", "accepted"}});
  EXPECT_EQ(hardening(key), "NotApplicable Exempt");
}

TEST(RuleTags, are_read_and_checked) {
  const auto rule = [](const char* tags) {
    return security::parse_disable_rule("/subscriptions/s/providers/bulwark.security/disablerules/r", "r",
                                        *base::parse_json(std::string(R"({"properties": {"criteria": {"categories": ["Configuration"]}, "tags": )") + tags + "}}", "rule"));
  };
  ASSERT_TRUE(rule(R"({"Env": "lab"})"));
  EXPECT_THAT(rule(R"({"Env": "lab"})")->tags, ElementsAre(testing::Pair("env", "lab")));
  EXPECT_FALSE(rule(R"(["lab"])"));
  EXPECT_FALSE(rule(R"({"env": 1})"));
}

// ---- Drift

TEST_F(HostIntake, keeps_drift_but_not_what_was_there_first) {
  const auto key = add_host();
  uplink::Inventory first;
  first.whole = true;
  first.containers = {container("web"), container("db")};
  tell(key, {whole({control("5.4", "fail")}), first});
  const auto history = [&](const std::string& kind) {
    security::Query query = everything();
    query.filters["kind"] = {kind};
    std::vector<std::string> out;
    for (const auto& entry : view([&](store::Session& session, const security::Query& asked) -> base::Result<base::JsonArray> {
           return TRY(hosts::history_page(session, *TRY(hosts::load_machine(session, key)), asked)).rows;
         }, query))
      out.push_back(std::string(base::get_string(entry, "before")) + " > " + std::string(base::get_string(entry, "after")));
    return out;
  };
  EXPECT_THAT(history("control"), ElementsAre());
  EXPECT_THAT(history("container"), ElementsAre());
  uplink::Inventory later;
  later.containers = {container("web", "sha256:aa", "exited"), container("new")};
  later.gone_containers = {"db"};
  tell(key, {change({control("5.4", "pass")}), later});
  EXPECT_THAT(history("control"), ElementsAre("fail > pass"));
  EXPECT_THAT(history("container"), testing::UnorderedElementsAre("running > exited", " > running", "running > removed"));
}

TEST_F(HostIntake, takes_a_whole_inventory_for_all_there_is) {
  const auto key = add_host();
  uplink::Inventory inventory;
  inventory.whole = true;
  inventory.containers = {container("web"), container("db"), container("kept")};
  inventory.networks = {{"n1", "bridge", "bridge", "local"}};
  inventory.volumes = {{"v1", "local", "/var/lib/v1"}};
  tell(key, {inventory});
  uplink::Inventory next;
  next.whole = true;
  next.containers = {container("web")};
  next.kept_containers = {"kept"};
  tell(key, {next});
  EXPECT_EQ(count("SELECT count(*) FROM host_containers"), 2);
  EXPECT_EQ(count("SELECT count(*) FROM host_objects"), 0);
}

TEST_F(HostIntake, makes_texts_of_hosts_safe) {
  const auto key = add_host();
  uplink::Inventory inventory;
  inventory.whole = true;
  inventory.containers = {container("we\x1b[31mb")};
  inventory.containers[0].command = "sh\x07\xff";
  inventory.containers.push_back(container(std::string(2'000, 'i')));
  tell(key, {inventory});
  EXPECT_EQ(count("SELECT count(*) FROM host_containers"), 1) << "an id out of all bounds is none";
  write([&](store::Session& session) {
    return session.query("SELECT id, detail FROM host_containers", {}, [&](const store::Row& row) {
      EXPECT_EQ(row.text(0).find('\x1b'), std::string_view::npos);
      EXPECT_EQ(base::printable(row.text(1)), row.text(1));
    });
  });
}

TEST_F(HostIntake, writes_nothing_where_nothing_changed) {
  const auto key = add_host();
  uplink::Inventory inventory;
  inventory.whole = true;
  inventory.containers = {container("web")};
  tell(key, {inventory});
  const auto before = records("ContainerInventory").size();
  tell(key, {inventory});
  EXPECT_EQ(records("ContainerInventory").size(), before);
}

// ---- Agents

TEST_F(HostIntake, writes_signs_of_life_together) {
  const auto key = add_host();
  tell(key, {machine("web-1", 'a')});
  const auto beats = records("Heartbeat").size();
  now_ += 61'000;
  ASSERT_TRUE(report(key, {}));
  EXPECT_NE(row(key)->heard_at, now_) << "not yet";
  ASSERT_TRUE(hosts::watch_hosts(*hosts_, now_));
  EXPECT_EQ(row(key)->heard_at, now_);
  EXPECT_EQ(records("Heartbeat").size(), beats + 1);
}

TEST_F(HostIntake, knows_connected_late_and_lost) {
  const auto key = add_host();
  tell(key, {machine("web-1", 'a')});
  const auto state_after = [&](store::Millis silence) {
    EXPECT_TRUE(hosts::watch_hosts(*hosts_, now_ + silence));
    return row(key)->state;
  };
  EXPECT_EQ(state_after(150'000), "connected");
  EXPECT_EQ(state_after(150'001), "late");
  EXPECT_EQ(state_after(600'000), "late");
  EXPECT_EQ(state_after(600'001), "lost");
  EXPECT_EQ(records("Operation").size(), 1u);
  now_ += 700'000;
  ASSERT_TRUE(report(key, {}));
  EXPECT_EQ(row(key)->state, "connected") << "at once";
}

TEST_F(HostIntake, counts_messages_that_the_agent_lost) {
  const auto key = add_host();
  uplink::Batch batch;
  batch.header.stream = kStream;
  batch.header.status.lost_messages = 7;
  batch.header.status.problems = {"The reader does not answer"};
  ASSERT_TRUE(take(key, batch));
  ASSERT_TRUE(take(key, batch));
  EXPECT_EQ(count("SELECT lost FROM machine_streams"), 7);
  EXPECT_EQ(records("Operation").size(), 2u) << "lost messages, and the problem, once each";
}

TEST_F(HostIntake, asks_for_what_is_missing) {
  const auto key = add_host();
  const auto first = report(key, {machine("web-1", 'a')});
  ASSERT_TRUE(first);
  EXPECT_THAT(first->requests, ElementsAre("inventory", "packages"));
  uplink::Inventory inventory;
  inventory.whole = true;
  inventory.containers = {container("web", "sha256:aa")};
  uplink::Image image;
  image.id = "sha256:aa";
  image.names = {"web:1"};
  inventory.images = {image};
  const auto second = report(key, {inventory});
  ASSERT_TRUE(second);
  EXPECT_THAT(second->requests, ElementsAre("packages:sha256:aa"));
  EXPECT_THAT(report(key, {})->requests, ElementsAre()) << "once an hour";
  now_ += 3'600'001;
  EXPECT_THAT(report(key, {})->requests, ElementsAre("packages", "packages:sha256:aa"));
}

TEST_F(HostIntake, passes_on_that_a_person_asked_for_an_assessment) {
  const auto key = add_host();
  tell(key, {machine("web-1", 'a')});
  write([&](store::Session& session) -> base::Result<void> {
    auto machine = *TRY(hosts::load_machine(session, key));
    machine.asked_at = now_;
    return hosts::save_machine(session, machine);
  });
  now_ += 1'000;
  EXPECT_THAT(report(key, {})->requests, testing::Contains("assess"));
  auto asked = whole();
  asked.cause = "asked";
  tell(key, {asked});
  EXPECT_THAT(report(key, {})->requests, testing::Not(testing::Contains("assess")));
}

// ---- Records

TEST_F(HostIntake, records_controls_as_azure_has_them) {
  const auto key = add_host();
  tell(key, {whole({control("5.4", "fail", {resource("container", "web", "fail", "is privileged")}), control("1.1.1", "notApplicable"), control("3.1", "error")})});
  std::map<std::string, base::Json> rows;
  for (const auto& record : records("SecurityBaseline")) rows.emplace(base::get_string(record, "CisId"), record);
  ASSERT_EQ(rows.size(), benchmark::cis_docker().controls.size());
  const auto& failed = rows.at("5.4");
  EXPECT_EQ(base::get_string(failed, "AnalyzeResult"), "Failed");
  EXPECT_EQ(base::get_string(failed, "BaselineType"), "Docker");
  EXPECT_EQ(base::get_string(failed, "Computer"), "web-1");
  EXPECT_EQ(base::get_string(failed, "ActualResult"), "container web: is privileged");
  EXPECT_FALSE(base::get_string(failed, "CceId").empty());
  EXPECT_FALSE(base::get_string(failed, "Remediation").empty());
  EXPECT_EQ(base::get_string(rows.at("1.1.1"), "AnalyzeResult"), "NotApplicable");
  EXPECT_EQ(base::get_string(rows.at("3.1"), "AnalyzeResult"), "Error");
  std::set<std::string> numbers;
  for (const auto& row : rows) numbers.emplace(base::get_string(row.second, "CceId"));
  EXPECT_EQ(numbers.size(), rows.size()) << "arg_max by CceId would hide one";
  const auto summaries = records("SecurityBaselineSummary");
  ASSERT_EQ(summaries.size(), 1u);
  const auto total = static_cast<std::int64_t>(rows.size()) - 2;
  EXPECT_EQ(base::get_int(summaries[0], "TotalAssessedRules"), total);
  EXPECT_EQ(base::get_int(summaries[0], "CriticalFailedRules").value() + base::get_int(summaries[0], "WarningFailedRules").value() +
                base::get_int(summaries[0], "InformationalFailedRules").value(), 1);
  EXPECT_EQ(base::get_int(summaries[0], "PercentageOfPassedRules"), std::llround(100.0 * static_cast<double>(total - 1) / static_cast<double>(total)));
}

TEST_F(HostIntake, puts_a_whole_assessment_together_from_its_parts) {
  const auto key = add_host();
  auto all = whole({control("1.1.1", "fail"), control("7.1", "fail")});
  auto first = all, second = all;
  first.more = true;
  first.controls.resize(60);
  second.controls.erase(second.controls.begin(), second.controls.begin() + 60);
  tell(key, {first});
  EXPECT_EQ(row(key)->assessed_at, 0);
  tell(key, {second});
  EXPECT_NE(row(key)->assessed_at, 0);
  EXPECT_EQ(hardening(key), "Unhealthy 2");
  EXPECT_EQ(records("SecurityBaselineSummary").size(), 1u);
}

}  // namespace
