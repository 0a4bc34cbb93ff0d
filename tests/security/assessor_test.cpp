// SPDX-License-Identifier: Apache-2.0
#include "security/assessor.hpp"

#include <gmock/gmock.h>

#include <random>

#include "base/time.hpp"
#include "security/security_testing.hpp"

namespace {

using model::Severity;
using security_testing::finding;
using security_testing::image;
using security_testing::kRegistry;
using security_testing::kSubscription;
using security_testing::registry;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

class AssessorTest : public security_testing::SecurityTest {
 protected:
  std::vector<std::string> resolved() {
    return rows("SELECT vulnerability, cause FROM resolved_findings ORDER BY id", 2);
  }
  std::string changed_at(const std::string& type) {
    return rows("SELECT status_changed_at FROM assessments WHERE resource_type = '" + type + "'", 1).at(0);
  }
};

const std::vector<model::Finding>& three() {
  static const std::vector<model::Finding> findings{finding("CVE-1", "openssl", Severity::critical, "1.1"),
                                                    finding("CVE-2", "zlib", Severity::high),
                                                    finding("CVE-3", "bash", Severity::negligible)};
  return findings;
}

TEST_F(AssessorTest, counts_by_severity_and_names_what_is_new) {
  const auto set = put_set("set", three(), 10);
  const auto change = assess(image("nginx", "sha256:aa"), {set, "", "", ""}, 10);
  EXPECT_EQ(change.before, "");
  EXPECT_EQ(change.after, "Unhealthy");
  EXPECT_EQ(change.counts, (security::Counts{1, 1, 0, 1, 0, 1, 0}));
  EXPECT_THAT(change.new_findings, SizeIs(3));
  ASSERT_THAT(changes_, SizeIs(1));
  EXPECT_THAT(assess(image("nginx", "sha256:aa"), {set, "", "", ""}, 11).new_findings, IsEmpty());
  EXPECT_THAT(changes_, SizeIs(1)) << "nothing changed, nobody is told";
}

TEST_F(AssessorTest, is_healthy_without_findings_and_told_apart_from_a_failed_scan) {
  const auto set = put_set("set", {}, 10);
  EXPECT_EQ(assess(image("scratch", "sha256:aa"), {set, "", "", ""}, 10).after, "Healthy");
  const auto failed = assess(image("broken", "sha256:bb"), {std::nullopt, "NotApplicable", "ScanFailed", "cut short"}, 10);
  EXPECT_EQ(failed.after, "NotApplicable");
  EXPECT_EQ(failed.cause, "ScanFailed");
}

TEST_F(AssessorTest, keeps_when_the_status_changed_until_it_changes) {
  const auto set = put_set("set", three(), 10);
  const std::string type = image("x", "y").resource_type;
  assess(image("nginx", "sha256:aa"), {set, "", "", ""}, 10);
  assess(image("nginx", "sha256:aa"), {set, "", "", ""}, 20);
  EXPECT_EQ(changed_at(type), "10");
  put_set("set", {}, 30);
  assess(image("nginx", "sha256:aa"), {set, "", "", ""}, 30);
  EXPECT_EQ(changed_at(type), "30");
  EXPECT_THAT(rows("SELECT first_evaluated_at FROM assessments", 1), ElementsAre("10"));
}

TEST_F(AssessorTest, resolves_what_left_a_set_for_each_assessment_that_used_it) {
  const auto set = put_set("set", three(), 10);
  for (const char* digest : {"sha256:aa", "sha256:bb"}) assess(image("nginx", digest), {set, "", "", ""}, 10);
  put_set("set", {three()[0], finding("CVE-9", "curl", Severity::low)}, 20);
  const auto change = assess(image("nginx", "sha256:aa"), {set, "", "", ""}, 20);
  EXPECT_THAT(change.new_findings, SizeIs(1));
  EXPECT_THAT(resolved(), UnorderedElementsAre("CVE-2 Fixed", "CVE-3 Fixed"));
  write([&](store::Session& session) { return assessor_->reassess_set(session, set, "RescanWithNewData", 20); });
  EXPECT_THAT(resolved(), UnorderedElementsAre("CVE-2 Fixed", "CVE-3 Fixed", "CVE-2 RescanWithNewData",
                                               "CVE-3 RescanWithNewData"));
  EXPECT_THAT(rows("SELECT * FROM set_changes", 1), IsEmpty()) << "all have seen them";
}

TEST_F(AssessorTest, compares_with_the_set_that_the_resource_had_before) {
  const auto first = put_set("first", three(), 10), second = put_set("second", {three()[0]}, 20);
  assess(image("nginx", "sha256:aa"), {first, "", "", ""}, 10);
  const auto change = assess(image("nginx", "sha256:aa"), {second, "", "", ""}, 20);
  EXPECT_THAT(change.new_findings, IsEmpty());
  EXPECT_THAT(resolved(), SizeIs(2));
}

TEST_F(AssessorTest, disabled_findings_leave_the_counts_and_come_back_when_the_rule_runs_out) {
  const auto set = put_set("set", three(), 10);
  put_disable_rule("low", R"({"criteria": {"severities": ["Low"]}, "expires": "1970-01-01T00:00:01Z", "reason": "noise"})");
  EXPECT_EQ(assess(image("nginx", "sha256:aa"), {set, "", "", ""}, 10).counts, (security::Counts{1, 1, 0, 0, 0, 1, 1}));
  EXPECT_THAT(rows("SELECT cause, reason FROM suppressions", 2), ElementsAre("Disabled noise"));
  reassess_scope(kSubscription, 1000);
  EXPECT_THAT(rows("SELECT low, disabled FROM assessments", 2), UnorderedElementsAre("1 0", "1 0"));
  EXPECT_THAT(rows("SELECT * FROM suppressions", 1), IsEmpty());
}

TEST_F(AssessorTest, exempting_a_finding_resolves_it_and_can_make_the_image_healthy) {
  const auto set = put_set("set", {three()[0]}, 10);
  const auto subject = image("nginx", "sha256:aa");
  assess(subject, {set, "", "", ""}, 10);
  put_exemption(subject.resource_id, "one", ",\"findingIds\":[\"" + security::finding_id(three()[0]) + "\"]");
  reassess_scope(subject.resource_id, 20);
  EXPECT_THAT(rows("SELECT status, disabled FROM assessments", 2), UnorderedElementsAre("Healthy 1", "Healthy 1"));
  EXPECT_THAT(resolved(), ElementsAre("CVE-1 Exempt"));
}

TEST_F(AssessorTest, an_exempt_resource_is_not_applicable_until_the_exemption_goes) {
  const auto set = put_set("set", three(), 10);
  const auto subject = image("nginx", "sha256:aa");
  put_exemption(kRegistry, "all", "");
  EXPECT_EQ(assess(subject, {set, "", "", ""}, 10).cause, "Exempt");
  EXPECT_EQ(roll_up(registry(), 10).cause, "Exempt");
  delete_resource(kRegistry + "/providers/Bulwark.Security/exemptions/all");
  reassess_scope(kRegistry, 20);
  EXPECT_THAT(rows("SELECT status, cause, critical FROM assessments", 3), ElementsAre("Unhealthy  1", "Unhealthy  1"));
}

TEST_F(AssessorTest, an_exemption_gives_back_a_verdict_that_had_no_findings) {
  const security::Subject subject{kSubscription, "Microsoft.Resources/subscriptions",
                                  std::string(security::kDefenderForContainers)};
  assess(subject, {std::nullopt, "Unhealthy", "", "Containers is Free"}, 10);
  const std::string id = kSubscription + "/providers/Bulwark.Security/exemptions/plan";
  put_resource(id, "bulwark.security/exemptions",
               R"({"properties": {"assessmentKey": "E599A9FE-30E3-47C6-A173-8B4B6D9D3255", "category": "Mitigated"}})");
  reassess_scope(kSubscription, 20);
  EXPECT_THAT(rows("SELECT status, cause FROM assessments", 2), ElementsAre("NotApplicable Exempt"));
  delete_resource(id);
  reassess_scope(kSubscription, 30);
  EXPECT_THAT(rows("SELECT status, cause, description FROM assessments", 3), ElementsAre("Unhealthy  Containers is Free"));
}

TEST_F(AssessorTest, findings_that_vex_answers_do_not_count) {
  model::Finding answered = three()[0];
  answered.suppressed = model::Suppression{"vex.json", "code not in path", "not_affected"};
  const auto set = put_set("set", {answered}, 10);
  EXPECT_EQ(assess(image("nginx", "sha256:aa"), {set, "", "", ""}, 10).after, "Healthy");
  EXPECT_THAT(rows("SELECT cause, reason FROM suppressions", 2),
              ElementsAre("NotAffected not_affected (vex.json): code not in path"));
}

TEST_F(AssessorTest, a_registry_is_as_its_images_are) {
  const auto bad = put_set("bad", three(), 10), good = put_set("good", {}, 10);
  assess(image("a", "sha256:aa"), {std::nullopt, "NotApplicable", "UnsupportedImage", ""}, 10);
  EXPECT_EQ(roll_up(registry(), 10).cause, "UnsupportedImage");
  assess(image("b", "sha256:bb"), {good, "", "", ""}, 11);
  EXPECT_EQ(roll_up(registry(), 11).after, "Healthy");
  assess(image("c", "sha256:cc"), {bad, "", "", ""}, 12);
  assess(image("c", "sha256:dd"), {bad, "", "", ""}, 12);
  assess(image("c", "sha256:ee", kRegistry + "2"), {bad, "", "", ""}, 12);
  const auto change = roll_up(registry(), 12);
  EXPECT_EQ(change.before, "Healthy");
  EXPECT_EQ(change.after, "Unhealthy");
  EXPECT_EQ(change.counts.open(), 6) << "those of harbor2 are not harbor's";
}

TEST_F(AssessorTest, what_is_removed_is_resolved_and_the_parent_follows) {
  const auto set = put_set("set", three(), 10);
  put_disable_rule("low", R"({"criteria": {"severities": ["Low"]}})");
  assess(image("c", "sha256:cc"), {set, "", "", ""}, 10);
  roll_up(registry(), 10);
  const auto gone = base::to_lower(image("c", "sha256:cc").resource_id);
  changes_.clear();
  write([&](store::Session& session) { return assessor_->remove(session, gone, "ResourceDeleted", 20); });
  EXPECT_THAT(resolved(), UnorderedElementsAre("CVE-1 ResourceDeleted", "CVE-2 ResourceDeleted"));
  for (const char* table : {"assessments", "suppressions"})
    EXPECT_THAT(rows(std::string("SELECT * FROM ") + table, 1), IsEmpty());
  ASSERT_THAT(changes_, SizeIs(2));
  EXPECT_EQ(changes_[1].subject.resource_id, kRegistry);
  EXPECT_EQ(changes_[1].after, "");
}

TEST_F(AssessorTest, tells_nobody_of_what_is_rolled_back) {
  const auto set = put_set("set", three(), 10);
  const auto done = database_->write([&](store::Session& session) -> base::Result<void> {
    TRY(assessor_->assess(session, image("a", "sha256:aa"), {set, "", "", ""}, 10));
    return base::fail(base::Kind::cancelled, "stop");
  });
  EXPECT_FALSE(done);
  EXPECT_THAT(changes_, IsEmpty());
}

// After any changes of sets, rules and exemptions, what is stored is what the findings, asked one by one, come to.
class RandomAssessorTest : public AssessorTest {
 protected:
  std::mt19937 random_{20261129};
  std::size_t pick(std::size_t count) { return random_() % count; }

  std::vector<model::Finding> random_findings() {
    std::vector<model::Finding> out;
    for (int i = 0; i < 12; ++i)
      if (pick(2))
        out.push_back(finding(fmt::format("CVE-{}", i), i % 3 ? "openssl" : "zlib", static_cast<Severity>(i % 6),
                              i % 4 ? "" : "2.0"));
    return out;
  }

  void random_rule(store::Millis now) {
    const std::string name = fmt::format("r{}", pick(3));
    static const char* const kCriteria[] = {R"({"severities": ["Low", "High"]})", R"({"packages": ["zlib"]})",
                                            R"({"patchable": true})", R"({"cvssBelow": 5})",
                                            R"({"vulnerabilities": ["cve-1", "cve-5"], "packages": ["openssl"]})"};
    const std::string criteria = kCriteria[pick(5)];
    const auto expires = base::format_time(base::Seconds(std::chrono::seconds(now / 1000 + static_cast<long>(pick(3)))));
    if (pick(4) == 0) delete_resource(kSubscription + "/providers/Bulwark.Security/disableRules/" + name);
    else put_disable_rule(name, fmt::format(R"({{"criteria": {}, "expires": "{}"}})", criteria, expires));
  }

  void random_exemption() {
    const std::string scope = pick(4) ? image("app", fmt::format("sha256:{}", pick(4))).resource_id : kRegistry;
    if (pick(2)) delete_resource(scope + "/providers/Bulwark.Security/exemptions/e");
    else put_exemption(scope, "e", pick(3) ? ",\"findingIds\":[\"" +
                                       security::finding_id(finding("CVE-4", "openssl", Severity::high)) + "\"]" : "");
  }

  // What counts, by a query that knows nothing of stored counts: (image, finding) pairs.
  std::vector<std::string> open() {
    return rows("SELECT a.resource_key, f.finding_id FROM assessments a JOIN findings f ON f.set_id = a.set_id WHERE NOT "
                "EXISTS (SELECT 1 FROM suppressions s WHERE s.assessment_id = a.id AND s.finding_id = f.finding_id) "
                "ORDER BY 1, 2", 2);
  }

  void expect_counts_hold() {
    EXPECT_THAT(
        rows("SELECT a.id FROM assessments a WHERE a.set_id IS NOT NULL AND (critical + high + medium + low + unrated <> "
             "(SELECT count(*) FROM findings f WHERE f.set_id = a.set_id AND NOT EXISTS (SELECT 1 FROM suppressions s WHERE "
             "s.assessment_id = a.id AND s.finding_id = f.finding_id)) OR disabled <> (SELECT count(*) FROM suppressions s "
             "WHERE s.assessment_id = a.id) OR high <> (SELECT count(*) FROM findings f WHERE f.set_id = a.set_id AND "
             "f.severity = 4 AND NOT EXISTS (SELECT 1 FROM suppressions s WHERE s.assessment_id = a.id AND s.finding_id = "
             "f.finding_id)))", 1), IsEmpty());
    EXPECT_THAT(rows("SELECT id FROM assessments p WHERE verdict_status = 'RolledUp' AND (critical <> (SELECT "
                     "sum(critical) FROM assessments c WHERE c.resource_key LIKE p.resource_key || '/%') OR (status = "
                     "'Unhealthy') <> (SELECT max(status = 'Unhealthy') FROM assessments c WHERE c.resource_key LIKE "
                     "p.resource_key || '/%'))", 1), IsEmpty());
  }
};

TEST_F(RandomAssessorTest, stored_counts_equal_the_findings_one_by_one) {
  std::int64_t sets[2] = {put_set("0", random_findings(), 1000), put_set("1", random_findings(), 1000)};
  for (int i = 0; i < 4; ++i) assess(image("app", fmt::format("sha256:{}", i)), {sets[i % 2], "", "", ""}, 1000);
  roll_up(registry(), 1000);
  for (store::Millis now = 2000; now < 120'000; now += 1000) {
    const auto before = open();
    const auto statuses = rows("SELECT id, status, status_changed_at FROM assessments ORDER BY id", 3);
    run("DELETE FROM resolved_findings");
    if (pick(3) == 0) {
      const std::size_t chosen = pick(2);
      put_set(std::to_string(chosen), random_findings(), now);
      write([&](store::Session& session) { return assessor_->reassess_set(session, sets[chosen], "Fixed", now); });
    }
    random_rule(now);
    random_exemption();
    reassess_scope(kSubscription, now);
    expect_counts_hold();

    // What counted and no longer does is resolved, and nothing else is (a finding may have gone and come in two steps).
    std::vector<std::string> gone, after = open();
    std::set_difference(before.begin(), before.end(), after.begin(), after.end(), std::back_inserter(gone));
    const auto kept = rows("SELECT DISTINCT resource_key, finding_id FROM resolved_findings ORDER BY 1, 2", 2);
    EXPECT_TRUE(std::includes(kept.begin(), kept.end(), gone.begin(), gone.end()));
    const auto now_statuses = rows("SELECT id, status, status_changed_at FROM assessments ORDER BY id", 3);
    ASSERT_EQ(statuses.size(), now_statuses.size());
    for (std::size_t i = 0; i < statuses.size(); ++i) {
      const std::string last = std::to_string(now);
      if (statuses[i] != now_statuses[i]) { EXPECT_EQ(base::cut_last(now_statuses[i], " ").second, last); }
    }
  }
}

}  // namespace
