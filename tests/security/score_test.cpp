// SPDX-License-Identifier: Apache-2.0
#include "security/score.hpp"

#include <gmock/gmock.h>

#include "security/gate.hpp"
#include "security/meter.hpp"
#include "security/plans.hpp"
#include "security/security_testing.hpp"

namespace {

using security_testing::kSubscription;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr store::Millis kDay = 86'400'000;

// A control of 4 points with two recommendations, and one of 6 with one.
security::Recommendations two_controls() {
  const std::string controls = "controls:\n  - {id: a, title: A, description: d, maxScore: 4}\n"
                               "  - {id: b, title: B, description: d, maxScore: 6}\n";
  const auto text = [](char digit, std::string_view control) {
    return "key: 0000000" + std::string(1, digit) + "-0000-4000-8000-000000000000\ntitle: T" + digit + "\nseverity: High\ncontrol: " +
           std::string(control) + "\nresourceType: A/b\ndescription: d\nuserImpact: Low\nimplementationEffort: Low\nremediation: [m]\n";
  };
  const std::string one = text('1', "a"), two = text('2', "a"), three = text('3', "b");
  const security::RecommendationFile files[] = {{"recommendations/controls.yaml", controls}, {"1", one}, {"2", two}, {"3", three}};
  auto read = security::Recommendations::read(files);
  EXPECT_TRUE(read) << read.error().message;
  return std::move(*read);
}

std::string key(char digit) { return "0000000" + std::string(1, digit) + "-0000-4000-8000-000000000000"; }

TEST(Score, is_max_over_applicable_times_healthy) {
  std::vector<security::ScoreInput> inputs;
  for (int i = 0; i < 78; ++i) inputs.push_back({key('1'), std::to_string(i), i < 6 ? "Healthy" : "Unhealthy"});
  const auto score = security::compute_score(two_controls(), inputs);
  EXPECT_NEAR(score.current, 0.31, 0.005) << "the example of Azure's page: 4 / 78 x 6";
  EXPECT_EQ(score.max, 4) << "a control without resources does not count";
  EXPECT_NEAR(score.controls[0].potential_increase, 3.69, 0.005);
}

TEST(Score, a_resource_earns_points_only_with_all_recommendations_healthy) {
  const auto recommendations = two_controls();
  const std::vector<security::ScoreInput> inputs{{key('1'), "x", "Healthy"},       {key('2'), "x", "Unhealthy"},
                                                 {key('1'), "y", "NotApplicable"}, {key('2'), "y", "Healthy"},
                                                 {key('3'), "z", "NotApplicable"}};
  const auto score = security::compute_score(recommendations, inputs);
  EXPECT_EQ(score.current, 2);
  EXPECT_EQ(score.max, 4);
  EXPECT_EQ(score.controls[1].not_applicable, 1);
  EXPECT_EQ(security::score_impact(recommendations, inputs, key('2')), 2);
  EXPECT_EQ(security::score_impact(recommendations, inputs, key('1')), 0);
}

class StateTest : public security_testing::SecurityTest {};

TEST_F(StateTest, score_has_one_row_a_day) {
  const auto set = put_set("set", {}, 10);
  assess(security_testing::image("a", "sha256:aa"), {set, "", "", ""}, 10);
  roll_up(security_testing::registry(), 10);
  const std::string scope = base::to_lower(kSubscription);
  for (const store::Millis now : {kDay, kDay + 5, 2 * kDay})
    write([&](store::Session& session) { return security::record_score(session, *recommendations_, scope, now); });
  const auto days = write([&](store::Session& session) { return security::score_history(session, scope, 30); });
  ASSERT_THAT(days, SizeIs(2));
  EXPECT_EQ(days[0].day, "1970-01-02");
  EXPECT_EQ(days[1].current, 6);
}

TEST_F(StateTest, plans_that_were_never_set_are_on_and_free_ones_say_why) {
  const auto plans = [&] {
    return write([&](store::Session& session) { return security::load_plans(session, base::to_lower(kSubscription)); });
  };
  EXPECT_TRUE(security::registry_scan_on(plans()));
  const std::string free = R"({"properties": {"pricingTier": "Free"}})";
  put_resource(kSubscription + "/providers/Microsoft.Security/pricings/Containers", "microsoft.security/pricings", free);
  EXPECT_TRUE(security::registry_scan_on(plans())) << "the older plan is Standard";
  const auto changed = write([&](store::Session& session) {
    return security::assess_plans(session, *assessor_, kSubscription, 10);
  });
  EXPECT_EQ(changed.after, "Unhealthy");
  put_resource(kSubscription + "/providers/Microsoft.Security/pricings/ContainerRegistry", "microsoft.security/pricings", free);
  const auto scan = security::registry_scan(plans());
  EXPECT_FALSE(scan.on);
  EXPECT_THAT(scan.reason, HasSubstr("set one of them to Standard"));
  EXPECT_TRUE(security::host_alerts(plans()).on);
  EXPECT_FALSE(security::parse_tier(base::JsonObject{}));
}

TEST_F(StateTest, the_meter_counts_a_digest_once_a_month) {
  const std::string registry = base::to_lower(security_testing::kRegistry);
  const auto scan = [&](const std::string& digest, store::Millis at) {
    return write([&](store::Session& session) { return security::meter_scan(session, {digest, registry, "app", at}); });
  };
  EXPECT_TRUE(scan("sha256:aa", kDay));
  EXPECT_FALSE(scan("sha256:aa", 2 * kDay));
  EXPECT_TRUE(scan("sha256:bb", 3 * kDay));
  EXPECT_TRUE(scan("sha256:aa", 40 * kDay));
  const auto page = write([&](store::Session& session) {
    return security::read_meter(session, "1970-01", {base::to_lower(kSubscription)}, 1, 10);
  });
  EXPECT_EQ(page.images, 2);
  ASSERT_THAT(page.rows, SizeIs(1));
  EXPECT_EQ(page.rows[0].digest, "sha256:bb");
  EXPECT_TRUE(security::is_meter_month("2026-11"));
  EXPECT_FALSE(security::is_meter_month("2026-13"));
}

security::ImageFacts clean_image() {
  security::ImageFacts image;
  image.name = "harbor/app:1";
  image.scan_state = "complete";
  image.scanned_at = 10 * kDay;
  return image;
}

TEST(Gate, lets_a_clean_image_in_and_names_each_reason_against_another) {
  EXPECT_TRUE(security::ask_gate({}, clean_image(), 11 * kDay).allowed);
  security::GateRule rule;
  rule.max_age_days = 30;
  rule.require_approval = rule.require_signature = true;
  auto image = clean_image();
  image.open.high = 2;
  const auto answer = security::ask_gate(rule, image, 50 * kDay);
  EXPECT_FALSE(answer.allowed);
  EXPECT_THAT(answer.reasons, ElementsAre(HasSubstr("older than 30 days; scan it again"), HasSubstr("2 High"),
                                          HasSubstr("is not approved"), HasSubstr("is not signed")));
}

TEST(Gate, an_image_that_was_not_scanned_stays_out) {
  auto image = clean_image();
  image.scan_state = "failed";
  image.scanned_at = 0;
  EXPECT_THAT(security::ask_gate({}, image, 0).reasons, ElementsAre(HasSubstr("see why its scan failed")));
}

TEST(Gate, counts_what_the_rule_asks_for) {
  auto image = clean_image();
  image.open.medium = 3;
  image.disregarded.critical = 1;
  EXPECT_TRUE(security::ask_gate({}, image, 11 * kDay).allowed) << "medium is below high, exempt ones are obeyed";
  security::GateRule rule;
  rule.obey_exemptions = false;
  EXPECT_FALSE(security::ask_gate(rule, image, 11 * kDay).allowed);
  rule.only_fixed = true;
  EXPECT_TRUE(security::ask_gate(rule, image, 11 * kDay).allowed) << "there is no fix yet";
}

TEST(Gate, an_approval_runs_out_and_a_refusal_holds_unasked) {
  security::GateRule rule;
  rule.require_approval = true;
  auto image = clean_image();
  image.decision = security::ApprovalDecision::approved;
  image.approval_expires = 12 * kDay;
  EXPECT_TRUE(security::ask_gate(rule, image, 11 * kDay).allowed);
  EXPECT_THAT(security::ask_gate(rule, image, 12 * kDay).reasons, ElementsAre(HasSubstr("ran out")));
  image.decision = security::ApprovalDecision::refused;
  EXPECT_FALSE(security::ask_gate({}, image, 11 * kDay).allowed);
}

}  // namespace
