// SPDX-License-Identifier: Apache-2.0
// What is computed in memory on more rows than are held at once.
#include <gtest/gtest.h>

#include <set>

#include "both_engines.hpp"
#include "random_rows.hpp"
#include "same_rows.hpp"
#include "test_engine.hpp"

namespace workspace_test {
namespace {

class RowPiecesTest : public EngineTest {
 protected:
  void SetUp() override {
    EngineTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    Dice dice{7};
    table.emplace(make_random_table(dice, "A", true, 28));
    const workspace::TablePlace place{db, ""};
    ASSERT_TRUE(workspace::set_up_table(engine(), table->spec, place));
    workspace::RowBatch batch;
    batch.table = workspace::table_name_sql("A", place);
    batch.rows = table->lines;
    batch.count = table->rows.size();
    batch.token = "rows";
    const auto stored = engine().insert(batch);
    ASSERT_TRUE(stored) << stored.error().message;
    in_memory.add(table->spec.schema, table->rows);
    engine_way.emplace(engine(), db);
    engine_way->add(table->spec);
  }
  std::string difference_of(const std::string& query, bool ordered) {
    const auto expected = in_memory.run(query, kNow);
    const auto got = engine_way->run(query, kNow);
    if (!expected || !got) return expected ? got.error().message : expected.error().message;
    return difference(*expected, *got, ordered, kUnordered);
  }
  base::Result<workspace::QueryOutcome> asked(const std::string& query, std::uint64_t rows) {
    workspace::WorkspaceQueryOptions of;
    of.tables = [this](std::string_view) { return std::vector{std::make_shared<const workspace::TableSpec>(table->spec)}; };
    of.place = [this](std::string_view) { return workspace::TablePlace{db, ""}; };
    const auto service = workspace::make_query_service(engine(), std::move(of));
    workspace::QueryRequest request;
    request.text = query;
    request.workspaces = {{"11111111-2222-3333-4444-555555555555", "", ""}};
    request.limits.result_rows = rows;
    auto outcome = service->run(request);
    if (!outcome) return base::fail(outcome.error().error);
    return std::move(*outcome);
  }

  std::optional<RandomTable> table;
  InMemory in_memory;
  std::optional<OnEngine> engine_way;
};

INSTANTIATE_TEST_SUITE_P(Engines, RowPiecesTest, kWays, way_name);

// No SQL is written of parse_path() and what stands beside it here.
TEST_P(RowPiecesTest, give_what_all_rows_give) {
  for (const char* query : {"A | extend p = parse_path(s) | summarize count(), array_sort_asc(bag_keys(make_bag(bag_pack(tostring(p), 1))))", "A | summarize hll(l) | project dcount_hll(hll_l)",
                            "A | extend p = tostring(parse_path(s)) | summarize n = count() by p, b", "A | where tostring(parse_path(s)) != '' and id > 3 | count",
                            "A | mv-expand d | extend p = parse_path(tostring(d)) | summarize count() by tostring(p)", "A | parse-kv s as (a:string) | summarize count() by a",
                            "A | mv-apply d on (summarize n = count()) | summarize sum(n)",
                            // The condition stands on a subquery, and nobody but the pieces needs the time.
                            "A | summarize n = count() by k = strcat(('_' =~ s), 1.0), x = bin_at(l, id, l) | where (true or (case(bool(null), k, bool(null), 'ALPHA', k) endswith_cs 'ALPHA') or true)",
                            "union (A | extend p = parse_path(s)), (A | extend p = parse_path(m)) | summarize count() by tostring(p)"})
    EXPECT_EQ(difference_of(query, false), "") << query;
}

TEST_P(RowPiecesTest, give_the_best_of_all_rows) {
  for (const char* query : {"A | extend p = tostring(parse_path(s)) | sort by p asc, id desc | take 7 | project id, p", "A | extend p = parse_path(s) | sort by id desc | take 4 | project id, p"})
    EXPECT_EQ(difference_of(query, true), "") << query;
}

TEST_P(RowPiecesTest, give_nested_tops_by_their_levels) {
  for (const char* query : {"A | where isnotnull(id) | top-nested 2 of b by sum(id) asc, top-nested 3 of s by max(id)", "A | where id < 20 | top-nested of bin(id, 5) by n = count(), top-nested 1 of id by x = max(id)",
                            "A | top-nested 1 of b with others = bool(null) by sum(id), top-nested 2 of i by max(id)"})
    EXPECT_EQ(difference_of(query, false), "") << query;
}

TEST_P(RowPiecesTest, a_sample_is_of_different_rows) {
  for (const char* query : {"A | sample 9 | project id", "A | extend p = parse_path(s) | sample 9 | project id"}) {
    const auto got = engine_way->run(query, kNow);
    ASSERT_TRUE(got) << got.error().message;
    std::set<std::int64_t> ids;
    for (const kql::Row& row : got->rows) ids.insert(row[0].integer());
    EXPECT_EQ(ids.size(), 9u) << query;
  }
  const auto all = engine_way->run("A | sample 1000 | count", kNow);
  ASSERT_TRUE(all);
  EXPECT_EQ(all->rows[0][0].integer(), 28);
}

TEST_P(RowPiecesTest, an_answer_ends_with_its_limit) {
  const auto outcome = asked("A | extend p = parse_path(s)", 6);
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->tables[0].rows.rows(), 6u);
  EXPECT_TRUE(outcome->partial);
}

}  // namespace
}  // namespace workspace_test
