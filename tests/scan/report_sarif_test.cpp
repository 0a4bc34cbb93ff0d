// SPDX-License-Identifier: Apache-2.0
#include "scan/report_sarif.hpp"

#include <gmock/gmock.h>

#include <set>

#include "report_testing.hpp"

using testing::HasSubstr;

namespace {

base::Json sarif_run_of(const std::vector<model::Finding>& findings, const model::Inventory& inventory = sample_inventory()) {
  const base::Json log = scan::to_sarif(inventory, findings, sample_context());
  EXPECT_EQ(base::get_string(log, "version"), "2.1.0");
  return base::get_array(log, "runs").at(0);
}

std::string fingerprint_of(const base::Json& result) {
  return std::string(base::get_string(*base::find(result, "partialFingerprints"), "packageVulnerability/v1"));
}

}  // namespace

TEST(ReportSarif, one_rule_an_id_and_one_result_a_finding) {
  auto findings = sample_findings();
  findings.push_back(findings[0]);
  findings[2].package.path = "opt/other/package.json";
  const base::Json run = sarif_run_of(findings);
  const base::JsonArray& rules = base::get_array(*base::find(*base::find(run, "tool"), "driver"), "rules");
  const base::JsonArray& results = base::get_array(run, "results");
  ASSERT_EQ(rules.size(), 2u);
  ASSERT_EQ(results.size(), 3u);
  EXPECT_EQ(base::get_int(results[2], "ruleIndex"), 0);
  EXPECT_EQ(base::get_string(*base::find(rules[0], "properties"), "security-severity"), "9.8");
  EXPECT_EQ(base::get_string(*base::find(rules[1], "properties"), "security-severity"), "5.5");
  EXPECT_EQ(base::get_string(rules[0], "helpUri"), "https://nvd.nist.gov/vuln/detail/CVE-2020-8203");
  EXPECT_EQ(base::get_string(rules[1], "helpUri"), "https://osv.dev/vulnerability/CVE-2021-23337");
  EXPECT_THAT(std::string(base::get_string(*base::find(rules[0], "help"), "text")),
              HasSubstr("Also known as: GHSA-p6mc-m468-83gw\nKnown to be exploited"));
}

TEST(ReportSarif, a_result_says_level_fix_and_place) {
  const base::Json run = sarif_run_of(sample_findings());
  const base::JsonArray& results = base::get_array(run, "results");
  EXPECT_EQ(base::get_string(results[0], "level"), "error");
  EXPECT_EQ(base::get_string(results[1], "level"), "warning");
  EXPECT_EQ(base::get_string(*base::find(results[0], "message"), "text"),
            "npm lodash 4.17.15 is affected by CVE-2020-8203 (CRITICAL): fixed in 4.17.19.");
  EXPECT_THAT(std::string(base::get_string(*base::find(results[1], "message"), "text")), HasSubstr("will not fix"));
  const base::Json& physical = *base::find(base::get_array(results[0], "locations").at(0), "physicalLocation");
  EXPECT_EQ(base::get_string(*base::find(physical, "artifactLocation"), "uri"), "srv/node_modules/lodash/package.json");
  EXPECT_EQ(base::get_string(*base::find(results[0], "properties"), "layer"), "sha256:11");
}

TEST(ReportSarif, locations_are_relative_references) {
  auto findings = sample_findings();
  findings[0].package.path = "/a b/\xff";
  findings[1].package.path.clear();
  const base::Json run = sarif_run_of(findings);
  const auto uri = [&](std::size_t result) {
    const base::Json& location = base::get_array(base::get_array(run, "results").at(result), "locations").at(0);
    return std::string(base::get_string(*base::find(*base::find(location, "physicalLocation"), "artifactLocation"), "uri"));
  };
  EXPECT_EQ(uri(0), "a%20b/%FF");
  EXPECT_EQ(uri(1), "registry.example/app%3A1");
}

TEST(ReportSarif, suppressed_findings_carry_their_reason) {
  const base::Json run = sarif_run_of(sample_findings());
  const base::JsonArray& results = base::get_array(run, "results");
  EXPECT_TRUE(base::get_array(results[0], "suppressions").empty());
  const base::JsonArray& suppressions = base::get_array(results[1], "suppressions");
  ASSERT_EQ(suppressions.size(), 1u);
  EXPECT_EQ(base::get_string(suppressions[0], "kind"), "external");
  EXPECT_EQ(base::get_string(suppressions[0], "justification"), ".bulwarkignore: ignored not reachable");
}

TEST(ReportSarif, warnings_and_partial_results_are_in_the_invocation) {
  const base::Json run = sarif_run_of({});
  const base::Json& invocation = base::get_array(run, "invocations").at(0);
  EXPECT_FALSE(base::get_bool(invocation, "executionSuccessful", true));
  const base::JsonArray& notifications = base::get_array(invocation, "toolExecutionNotifications");
  ASSERT_EQ(notifications.size(), 2u);
  EXPECT_EQ(base::get_string(notifications[0], "level"), "warning");
  EXPECT_EQ(base::get_string(notifications[1], "level"), "error");
}

TEST(ReportSarif, fingerprints_survive_a_rebuild_and_tell_results_apart) {
  auto findings = sample_findings();
  findings.push_back(findings[0]);
  findings[2].package.version = "4.17.10";  // another version at the same place
  const base::Json before = sarif_run_of(findings);
  model::Inventory rebuilt = sample_inventory();
  rebuilt.artifact.digest = "sha256:bb";
  for (auto& finding : findings) finding.package.layer = "sha256:33";
  const base::Json after = sarif_run_of(findings, rebuilt);
  std::set<std::string> distinct;
  for (std::size_t i = 0; i < findings.size(); ++i) {
    distinct.insert(fingerprint_of(base::get_array(before, "results").at(i)));
    EXPECT_EQ(fingerprint_of(base::get_array(before, "results").at(i)), fingerprint_of(base::get_array(after, "results").at(i)));
  }
  EXPECT_EQ(distinct.size(), findings.size());
}
