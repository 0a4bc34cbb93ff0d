// SPDX-License-Identifier: Apache-2.0
// Every line of tests/kql/cases/*.jsonl: a query and the rows it gives, or that it is refused.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "kql/conformance/conformance.hpp"
#include "kql/run.hpp"

namespace {

constexpr std::int64_t kNow = 639'000'000'000'000'000;

base::Result<kql::Table> run_alone(std::string_view query) {
  kql::BindOptions options;
  options.now = kNow;
  const kql::RowSource none = [](const kql::Relation&) -> base::Result<std::optional<kql::Rows>> { return std::nullopt; };
  kql::RunLimits limits;
  limits.graph_steps = 200'000;
  auto rows = TRY(kql::run_query(query, options, none, limits));
  return std::move(rows.answers.front().table);
}

class KqlCases : public testing::TestWithParam<std::string> {};

TEST_P(KqlCases, give_the_rows_they_say) {
  std::ifstream file(GetParam());
  int cases = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.empty()) continue;
    const auto outcome = kql::run_case(line, run_alone);
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(outcome->status, kql::CaseOutcome::Status::passed)
        << fmt::format("{}: {}\nexpected:\n{}\ngot:\n{}", outcome->id, outcome->query, outcome->expected, outcome->got);
    ++cases;
  }
  EXPECT_GT(cases, 0) << GetParam();
}

std::vector<std::string> case_files() {
  std::vector<std::string> out;
  for (const auto& entry : std::filesystem::directory_iterator(BULWARK_SOURCE_DIR "/tests/kql/cases"))
    if (entry.path().extension() == ".jsonl") out.push_back(entry.path().string());
  return out;
}

INSTANTIATE_TEST_SUITE_P(, KqlCases, testing::ValuesIn(case_files()),
                         [](const auto& given) { return std::filesystem::path(given.param).stem().string(); });

}  // namespace
