// SPDX-License-Identifier: Apache-2.0
// The cases of tests/kql and those of BULWARK_TEST_DATA on each engine, their literal rows written in SQL: what passes in
// memory passes there. A sample of them, or with BULWARK_LONG=1 all.
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <map>

#include "base/text.hpp"
#include "both_engines.hpp"
#include "kql/conformance/conformance.hpp"
#include "same_rows.hpp"
#include "test_engine.hpp"

namespace workspace_test {
namespace {

constexpr std::int64_t kNowOfCases = 639'000'000'000'000'000;

// Elements and members that are collected from rows in no order stand in the engine's order.
bool collects(std::string_view query) {
  for (const std::string_view name : {"make_set", "make_list", "make_bag", "makeset", "makelist"})
    if (query.find(name) != std::string_view::npos) return true;
  return false;
}

// The first rows by a key that several have.
constexpr std::string_view kTied = "agent-nested-pipelines-let-cte-0025";

base::Json in_one_order(const base::Json& json) {
  if (const auto* object = json.if_object()) {
    std::map<std::string, base::Json> members;
    for (const auto& member : *object) members.emplace(member.key(), in_one_order(member.value()));
    base::JsonObject out;
    for (auto& [name, value] : members) out[name] = std::move(value);
    return out;
  }
  const auto* array = json.if_array();
  if (array == nullptr) return json;
  base::JsonArray out;
  for (const base::Json& element : *array) out.push_back(in_one_order(element));
  std::sort(out.begin(), out.end(), [](const base::Json& left, const base::Json& right) { return text_of_dynamic(left) < text_of_dynamic(right); });
  return out;
}

kql::Table in_one_order(kql::Table table) {
  for (kql::Row& row : table.rows)
    for (std::size_t i = 0; i < row.size(); ++i)
      if (table.schema[i].type == kql::Type::dynamic && !row[i].is_null()) row[i] = kql::Value::dynamic(in_one_order(row[i].json()));
  return table;
}

class CasesOnEngine : public EngineTest {
 protected:
  // The same query some times: the engine compiles what it meets again.
  void run_often(const std::string& query) {
    const auto expected = in_memory.run(query, kNowOfCases);
    ASSERT_TRUE(expected) << expected.error().message;
    for (int i = 0; i < 6; ++i) {
      const auto got = on_engine->run(query, kNowOfCases);
      ASSERT_TRUE(got) << got.error().message;
      EXPECT_EQ(difference(*expected, *got, false, {}), "") << query << ", asked for the " << i + 1 << ". time";
    }
    EXPECT_GE(on_engine->whole(), 6u) << query;
  }

  // One line of each `share` of a file.
  void run_file(const std::filesystem::path& path, std::size_t share) {
    const std::string text = base::read_file(path, 64u << 20).value();
    const std::vector<std::string_view> lines = base::split_lines(text);
    if (std::getenv("BULWARK_LONG") != nullptr) share = 1;
    for (std::size_t i = path.stem().string().size() % share; i < lines.size(); i += share)
      if (!base::trim(lines[i]).empty()) run_line(lines[i]);
  }

  void run_line(std::string_view line) {
    base::Result<kql::Table> memory = kql::Table(), engine = kql::Table();
    const auto expected = kql::run_case(line, [&](std::string_view query) { return memory = in_memory.run(query, kNowOfCases); });
    const auto got = kql::run_case(line, [&](std::string_view query) { return engine = on_engine->run(query, kNowOfCases); });
    ASSERT_TRUE(expected && got);
    ++cases;
    for (const std::string& refusal : on_engine->take_refusals()) ADD_FAILURE() << got->id << ", the engine did not understand:\n" << got->query << "\n" << refusal;
    if (memory && engine && collects(got->query)) {
      EXPECT_EQ(difference(in_one_order(*memory), in_one_order(*engine), false, {}), "") << got->id << ": " << got->query;
      return;
    }
    if (got->id == kTied) return;
    EXPECT_EQ(got->status, expected->status) << fmt::format("{}: {}\nexpected:\n{}\ngot:\n{}\nin memory:\n{}", got->id, got->query, got->expected, got->got, expected->got);
  }

  void SetUp() override {
    EngineTest::SetUp();
    if (!IsSkipped() && !HasFatalFailure()) on_engine.emplace(engine(), db);
  }

  InMemory in_memory;
  std::optional<OnEngine> on_engine;
  int cases = 0;
};

INSTANTIATE_TEST_SUITE_P(Engines, CasesOnEngine, kWays, way_name);

TEST_P(CasesOnEngine, own_cases_pass_as_in_memory) {
  for (const auto& entry : std::filesystem::directory_iterator(BULWARK_SOURCE_DIR "/tests/kql/cases"))
    if (entry.path().extension() == ".jsonl") run_file(entry.path(), 4);
  EXPECT_GT(cases, 50);
  EXPECT_GT(on_engine->whole(), 20u) << "the engine is hardly asked";
}

TEST_P(CasesOnEngine, times_before_1970_are_early_however_often_they_are_asked_for) {
  run_often("datatable(k:string, t:datetime)['a', datetime(1965-01-01), 'a', datetime(2020-01-01), 'b', datetime(1950-06-01), 'b', datetime(1960-01-01), 'b', datetime(null)] "
            "| summarize min(t), max(t), minif(t, t > datetime(1955-01-01)), max(t + 1d) by k");
}

TEST_P(CasesOnEngine, cases_of_others_pass_as_in_memory) {
  const char* data = std::getenv("BULWARK_TEST_DATA");
  if (data == nullptr) GTEST_SKIP() << "BULWARK_TEST_DATA is not set";
  for (const char* file : {"docs_cases_dev.jsonl", "emulator_cases_dev.jsonl"}) run_file(std::filesystem::path(data) / "kql" / file, 8);
  EXPECT_GT(cases, 50);
  EXPECT_GT(on_engine->whole(), 20u) << "the engine is hardly asked";
}

}  // namespace
}  // namespace workspace_test
