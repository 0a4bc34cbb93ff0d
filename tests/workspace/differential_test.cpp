// SPDX-License-Identifier: Apache-2.0
// Random queries on random tables: what the engine answers is what the evaluator computes.
//
// The seed is the same each time; BULWARK_SEED=N takes another one, BULWARK_LONG=1 a new one and many more queries.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <random>

#include "both_engines.hpp"
#include "random_query.hpp"
#include "random_rows.hpp"
#include "same_rows.hpp"
#include "test_engine.hpp"

namespace workspace_test {
namespace {

std::uint64_t chosen_seed() {
  if (const char* seed = std::getenv("BULWARK_SEED")) return std::strtoull(seed, nullptr, 10);
  return std::getenv("BULWARK_LONG") != nullptr ? std::random_device{}() : 20261129;
}
std::size_t chosen_count(Way way) {
  if (const char* count = std::getenv("BULWARK_QUERIES")) return std::strtoull(count, nullptr, 10);
  if (std::getenv("BULWARK_LONG") != nullptr) return 20'000;
  return way == Way::embedded ? 400 : 100;
}

class DifferentialTest : public EngineTest {
 protected:
  void SetUp() override {
    EngineTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    engine_way.emplace(engine(), db);
    tables.push_back(make_random_table(dice, "A", true, 28));
    tables.push_back(make_random_table(dice, "B", false, 17));
    for (const RandomTable& table : tables) store(table);
  }
  void store(const RandomTable& table) {
    const workspace::TablePlace place{db, ""};
    const auto made = workspace::set_up_table(engine(), table.spec, place);
    ASSERT_TRUE(made) << made.error().message;
    // Two parts, so that the engine has something to put together.
    const std::size_t half = table.lines.find('\n', table.lines.size() / 2) + 1;
    for (const std::string_view lines : {std::string_view(table.lines).substr(0, half), std::string_view(table.lines).substr(half)}) {
      workspace::RowBatch batch;
      batch.table = workspace::table_name_sql(table.spec.schema.name, place);
      batch.rows = lines;
      batch.count = static_cast<std::uint64_t>(std::count(lines.begin(), lines.end(), '\n'));
      batch.token = fmt::format("{}:{}", table.spec.schema.name, lines.size());
      const auto stored = engine().insert(batch);
      ASSERT_TRUE(stored) << stored.error().message;
    }
    in_memory.add(table.spec.schema, table.rows);
    engine_way->add(table.spec);
  }

  SchemaOf schema_of = [this](const std::string& query) -> std::optional<kql::Schema> {
    const kql::Bound bound = kql::bind_text(query, in_memory.options(kNow));
    if (!bound.diagnostics.empty() || bound.query.answers.empty()) return std::nullopt;
    return bound.query.answers.front().rows->schema;
  };

  // What differs; empty where nothing does, or where the evaluator has no answer.
  std::string compared(const RandomQuery& query) {
    const auto expected = in_memory.run(query.text(), kNow);
    const auto got = engine_way->run(query.text(), kNow);
    if (!expected) return {};
    if (!got) return "no answer: " + got.error().message;
    return difference(*expected, *got, query.ordered, kUnordered);
  }

  // The same difference with as few steps as it takes.
  std::string shortened(RandomQuery& query, std::string found) {
    for (std::size_t i = query.steps.size(); i-- > 0;) {
      if (i + 1 < query.steps.size() && query.steps[i + 1].rfind("take ", 0) == 0) continue;  // which needs the order of this one
      RandomQuery fewer = query;
      fewer.steps.erase(fewer.steps.begin() + static_cast<std::ptrdiff_t>(i));
      fewer.ordered = false;
      if (!schema_of(fewer.text())) continue;
      std::string still = compared(fewer);
      if (still.empty()) continue;
      found = std::move(still);
      query = std::move(fewer);
    }
    return found;
  }

  const std::uint64_t seed = chosen_seed();
  Dice dice{seed};
  std::vector<RandomTable> tables;
  InMemory in_memory;
  std::optional<OnEngine> engine_way;
};

INSTANTIATE_TEST_SUITE_P(Engines, DifferentialTest, kWays, way_name);

TEST_P(DifferentialTest, stored_rows_are_those_in_memory) {
  for (const std::string table : {"A", "B"}) EXPECT_EQ(compared({table, {}, false}), "") << table;
}

// The engine makes a group of a constant though there is no row.
TEST_P(DifferentialTest, without_rows_there_is_no_group) {
  for (const std::string query : {"B | mv-expand n = dynamic([]) | distinct k = 1", "B | extend k = 1 | mv-expand n = dynamic([]) | distinct k", "B | project k = 1 | mv-expand n = dynamic([]) | take 5 | summarize count() by k, m = 2",
                                  "B | extend k = 1 | where s == 'no such text' | summarize by k", "B | extend k = 1 | extend m = k + 1 | where false | sort by x | summarize dcount(x) by m"})
    EXPECT_EQ(compared({query, {}, false}), "") << query;
}

TEST_P(DifferentialTest, what_is_null_has_no_place_in_a_text) {
  for (const std::string query : {"A | extend k = indexof(d, 'a')", "A | extend k = indexof(p, '\\\\')", "A | extend k = indexof(x, '1')", "A | extend k = indexof(s, 'a')", "A | extend k = indexof(p.a, 'a')"})
    EXPECT_EQ(compared({query, {}, false}), "") << query;
}

TEST_P(DifferentialTest, a_part_from_no_place_is_empty) {
  for (const std::string query : {"A | extend k = substring(m, i)", "A | extend k = substring(m, l, 3)", "A | extend k = substring(m, -i, l)", "A | extend k = substring(m, 1, i)", "A | extend k = substring(m, id, 2)"})
    EXPECT_EQ(compared({query, {}, false}), "") << query;
}

TEST_P(DifferentialTest, the_last_day_has_no_place_in_a_week) {
  for (const std::string query : {"A | extend k = dayofweek(iif(x > 0, datetime(9999-12-31T23:59:59.9999999Z), t))", "A | extend k = dayofweek(iif(x > 0, datetime(9999-12-30), t))", "A | extend k = dayofweek(t)"})
    EXPECT_EQ(compared({query, {}, false}), "") << query;
}

TEST_P(DifferentialTest, groups_and_backslashes_stand_in_replaced_texts) {
  for (const std::string query : {R"(A | extend k = replace_regex(s, 'a', @'\\'))", R"(A | extend k = replace_regex(s, '(a)(.)', @'<\2\1\0>'))", R"(A | extend k = replace_regex(s, '(?i)[^a-z]+', @'\\1'))", R"(A | extend k = replace_regex(m, 'a', @'<\0>'))"})
    EXPECT_EQ(compared({query, {}, false}), "") << query;
}

TEST_P(DifferentialTest, random_queries_have_the_same_rows) {
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
  const std::size_t count = chosen_count(GetParam());
  std::size_t differences = 0;
  for (std::size_t n = 0; n < count && differences < 20; ++n) {
    RandomQuery query = QueryMaker(dice, schema_of).make();
    std::string found = compared(query);
    for (const std::string& refusal : engine_way->take_refusals()) ADD_FAILURE() << "the engine did not understand (seed " << seed << "):\n" << query.text() << "\n" << refusal;
    if (found.empty()) continue;
    ++differences;
    found = shortened(query, found);
    ADD_FAILURE() << "seed " << seed << ", query " << n << ":\n" << query.text() << "\n" << found;
  }
  const auto& counts = engine_way->counts();
  std::printf("%zu queries, %llu of them one statement; %llu statements, %llu of them met a value that SQL has no exact answer for\n", count,
              static_cast<unsigned long long>(engine_way->whole()), static_cast<unsigned long long>(counts.sent), static_cast<unsigned long long>(counts.inexact));
  EXPECT_GT(engine_way->whole() * 4, count) << "too few of the queries are the engine's";
}

}  // namespace
}  // namespace workspace_test
