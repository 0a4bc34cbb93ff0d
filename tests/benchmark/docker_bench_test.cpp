// SPDX-License-Identifier: Apache-2.0
// Another auditor's results on two of the recorded hosts. Where ours differ, docs/cis-docker.md says so and why.
#include <gmock/gmock.h>

#include <map>
#include <set>
#include <sstream>
#include <tuple>

#include "benchmark/facts_support.hpp"

namespace {

using Difference = std::tuple<std::string, std::string, std::string, std::string>;  // host, control, theirs, ours

std::set<Difference> documented() {
  const std::string text = test::read_text("../../docs/cis-docker.md");
  std::set<Difference> out;
  for (const std::string_view line : base::split_lines(std::string_view(text).substr(text.find("## Differences")))) {
    const auto cells = base::split(line, '|');
    if (cells.size() < 7 || (base::trim(cells[1]) != "badfiles" && base::trim(cells[1]) != "insecure")) continue;
    EXPECT_GT(base::trim(cells[5]).size(), 10u) << "without a reason: " << line;
    const auto cell = [&cells](std::size_t at) { return std::string(base::trim(cells[at])); };
    out.emplace(cell(1), cell(2), cell(3), cell(4));
  }
  return out;
}

bool agree(const std::string& theirs, const std::string& ours) {
  static const std::map<std::string, std::set<std::string>> meaning{
      {"PASS", {"pass"}}, {"WARN", {"fail"}}, {"NOTE", {"manual"}}, {"INFO", {"manual", "notApplicable"}}};
  return meaning.at(theirs).contains(ours);
}

std::map<std::string, std::string> statuses_of(const std::string& host) {
  const test::Facts facts = test::facts_of(test::recorded(host));
  std::map<std::string, std::string> out;
  for (const auto& result : assess(*facts, benchmark::cis_docker(), {})) out[result.control->id] = status_name(result.status);
  return out;
}

}  // namespace

TEST(DockerBench, differs_only_where_the_documentation_says_why) {
  std::set<Difference> found;
  std::map<std::string, std::map<std::string, std::string>> ours;
  std::size_t compared = 0;
  const std::string results = test::read_text("docker-bench.results");
  for (const std::string_view line : base::split_lines(results)) {
    if (line.starts_with('#')) continue;
    std::string host, control, theirs;
    std::istringstream(std::string(line)) >> host >> control >> theirs;
    if (!ours.contains(host)) ours[host] = statuses_of(host);
    const std::string& status = ours[host][control];
    if (!agree(theirs, status)) found.emplace(host, control, theirs, status);
    ++compared;
  }
  EXPECT_EQ(compared, 156u);
  EXPECT_THAT(documented(), testing::ElementsAreArray(found));
}
