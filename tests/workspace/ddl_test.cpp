// SPDX-License-Identifier: Apache-2.0
#include "workspace/ddl.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "kql/sql/sql_writer.hpp"
#include "test_engine.hpp"

namespace workspace {
namespace {

using namespace workspace_test;

TableSpec small_table() {
  TableSpec out;
  out.schema.name = "T";
  out.schema.columns = {{"Host", model::ColumnType::string, ""},
                        {"Line", model::ColumnType::string, ""},
                        {"Took", model::ColumnType::timespan, ""},
                        {"TimeGenerated", model::ColumnType::datetime, ""},
                        {"Type", model::ColumnType::string, ""}};
  out.low_cardinality = {"Host", "Type"};
  out.text_index = {"Line"};
  out.sort_key = {"Host", "TimeGenerated"};
  out.retention_days = 3000;  // the rows of these tests have fixed dates
  return out;
}

class DdlTest : public EngineTest {
 protected:
  TablePlace place() const { return {db, ""}; }
  void set_up(const TableSpec& table) {
    const auto done = set_up_table(engine(), table, place());
    ASSERT_TRUE(done) << table.schema.name << ": " << done.error().message;
  }
  void insert(const std::string& rows, std::uint64_t count, const std::string& token) {
    RowBatch batch;
    batch.table = table_name_sql("T", place());
    batch.rows = rows;
    batch.count = count;
    batch.token = token;
    const auto done = engine().insert(batch);
    ASSERT_TRUE(done) << done.error().message;
  }
};

INSTANTIATE_TEST_SUITE_P(Engines, DdlTest, kWays, way_name);

TEST_P(DdlTest, makes_every_built_in_table) {
  const auto specs = TableSpecs::load();
  ASSERT_TRUE(specs) << specs.error().message;
  for (const TableSpec& table : specs->all()) set_up(table);
  for (const TableSpec& table : specs->all()) set_up(table);  // and finds nothing to do the second time
  EXPECT_EQ(text("SELECT count() FROM system.tables WHERE database = '" + db + "' AND engine = 'MergeTree'"), std::to_string(specs->all().size()));
  EXPECT_EQ(text("SELECT count() FROM system.mutations WHERE database = '" + db + "'"), "0");
}

TEST_P(DdlTest, sets_up_the_tables_of_a_place_together) {
  const std::string days = "SELECT name, toInt32(extract(engine_full, 'toIntervalDay.(\\d+)')) FROM system.tables WHERE database = '" + db + "' ORDER BY name";
  std::vector<TableSpec> tables{small_table()};
  ASSERT_TRUE(set_up_tables(engine(), tables, place()));
  EXPECT_EQ(text(days), "T|3000");
  tables[0].schema.columns.push_back({"More", model::ColumnType::int64, ""});
  tables[0].retention_days = 2000;
  tables.push_back(small_table());
  tables[1].schema.name = "U";
  ASSERT_TRUE(set_up_tables(engine(), tables, place()));
  EXPECT_EQ(text(days), "T|2000\nU|3000");
  EXPECT_EQ(text("SELECT table FROM system.columns WHERE database = '" + db + "' AND name = 'More'"), "T");
  tables[1].schema.columns[0].type = model::ColumnType::int64;
  const auto other = set_up_tables(engine(), tables, place());
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().kind, base::Kind::conflict);
}

TEST_P(DdlTest, stores_ticks_nulls_and_the_table_s_name) {
  set_up(small_table());
  insert("{\"Host\":\"a\",\"Line\":\"x\",\"Took\":10000000,\"TimeGenerated\":\"2026-01-02 03:04:05.1234567\"}\n"
         "{\"Host\":\"a\",\"TimeGenerated\":\"2026-01-02 03:04:05.1234568\"}\n",
         2, "one");
  EXPECT_EQ(text("SELECT Host, Line, Took, TimeGenerated, Type FROM " + db + ".T ORDER BY TimeGenerated"),
            "a|x|10000000|639029198451234567|T\na||null|639029198451234568|T");
}

TEST_P(DdlTest, a_term_is_found_through_the_text_index) {
  set_up(small_table());
  std::string rows;
  for (int i = 0; i < 50'000; ++i)
    rows += fmt::format("{{\"Host\":\"h{:03}\",\"Line\":\"line {} {}\",\"TimeGenerated\":\"2026-01-02 03:04:05\"}}\n", i % 500, i,
                        i == 12'345 ? "OOMKilled_by" : "ok");
  insert(rows, 50'000, "one");
  const auto answer = ask(fmt::format("SELECT count() FROM {}.T WHERE hasAllTokens({}, 'oomkilled')", db, kql::term_index_sql("Line", model::ColumnType::string)));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(text_of(answer->table), "1");
  EXPECT_LT(answer->statistics.rows_read, 50'000u);
}

TEST_P(DdlTest, a_batch_of_two_days_is_stored_once) {
  set_up(small_table());
  const std::string rows =
      "{\"Host\":\"a\",\"TimeGenerated\":\"2026-01-02 03:04:05\"}\n{\"Host\":\"a\",\"TimeGenerated\":\"2026-01-03 03:04:05\"}\n";
  insert(rows, 2, "one");
  insert(rows, 2, "one");
  EXPECT_EQ(text("SELECT count(), uniqExact(_partition_id) FROM " + db + ".T"), "2|2");
}

TEST_P(DdlTest, rows_past_retention_are_not_kept) {
  TableSpec table = small_table();
  table.retention_days = 3;
  set_up(table);
  insert("{\"Host\":\"old\",\"TimeGenerated\":\"2020-01-02 03:04:05\"}\n", 1, "one");
  run("OPTIMIZE TABLE " + db + ".T FINAL");
  EXPECT_EQ(text("SELECT count() FROM " + db + ".T"), "0");
}

TEST_P(DdlTest, changes_go_forward_only) {
  TableSpec table = small_table();
  set_up(table);
  insert("{\"Host\":\"a\",\"TimeGenerated\":\"2026-01-02 03:04:05\"}\n", 1, "one");
  table.schema.columns.push_back({"Detail", model::ColumnType::dynamic, ""});
  table.text_index.push_back("Detail");
  table.retention_days = 4383;
  set_up(table);
  insert("{\"Host\":\"b\",\"TimeGenerated\":\"2026-01-02 03:04:05\",\"Detail\":\"{\\\"a\\\":1}\"}\n", 1, "two");
  EXPECT_EQ(text("SELECT Host, Detail FROM " + db + ".T ORDER BY Host"), "a|\nb|{\"a\":1}");
  EXPECT_EQ(text("SELECT count() FROM system.data_skipping_indices WHERE database = '" + db + "'"), "2");
  EXPECT_EQ(text("SELECT countIf(position(engine_full, 'toIntervalDay(4383)') > 0) FROM system.tables WHERE database = '" + db + "'"), "1");

  table.schema.columns.pop_back();  // a column that is no longer named stays
  table.text_index.pop_back();
  set_up(table);
  EXPECT_EQ(text("SELECT count() FROM system.columns WHERE name = 'Detail' AND database = '" + db + "'"), "1");

  table.schema.columns[2].type = model::ColumnType::real;
  const auto refused = set_up_table(engine(), table, place());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, base::Kind::conflict);
  EXPECT_NE(refused.error().message.find("column Took of table T"), std::string::npos) << refused.error().message;
}

TEST_P(DdlTest, names_are_quoted) {
  TableSpec table = small_table();
  table.schema.name = "T` (a Int8) ENGINE = Memory -- ";
  set_up(table);
  EXPECT_EQ(text("SELECT count() FROM system.tables WHERE database = '" + db + "' AND engine = 'MergeTree'"), "1");
}

// A cluster cannot be had here; that ClickHouse's parser takes the statements can be shown.
TEST_P(DdlTest, a_cluster_gets_replicated_and_distributed_tables) {
  const TablePlace place{"ws", "bulwark"};
  TableSpec table = small_table();
  const std::vector<std::string> made = create_table_sql(table, place);
  ASSERT_EQ(made.size(), 2u);
  EXPECT_EQ(made[0].find("CREATE TABLE IF NOT EXISTS `ws`.`T_local` ON CLUSTER `bulwark` ("), 0u) << made[0];
  EXPECT_NE(made[0].find("ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')"), std::string::npos);
  EXPECT_NE(made[0].find("SETTINGS replicated_deduplication_window = "), std::string::npos);
  EXPECT_EQ(made[1], "CREATE TABLE IF NOT EXISTS `ws`.`T` ON CLUSTER `bulwark` AS `ws`.`T_local` "
                     "ENGINE = Distributed('bulwark', 'ws', 'T_local', sipHash64(`Host`, `TimeGenerated`))");
  ExistingTable existing;
  existing.columns = {{"Host", "LowCardinality(String)"}, {"TimeGenerated", "DateTime64(7, 'UTC')"}, {"Type", "LowCardinality(String)"}};
  existing.retention_days = 7;
  auto altered = update_table_sql(table, existing, place);
  ASSERT_TRUE(altered) << altered.error().message;
  ASSERT_EQ(altered->size(), 4u);  // columns and index where the rows are, then the columns of the distributed one, then retention
  EXPECT_EQ((*altered)[0].find("ALTER TABLE `ws`.`T_local` ON CLUSTER `bulwark` ADD COLUMN"), 0u) << (*altered)[0];
  EXPECT_EQ((*altered)[2].find("ALTER TABLE `ws`.`T` ON CLUSTER `bulwark` ADD COLUMN"), 0u) << (*altered)[2];
  std::vector<std::string> all = made;
  all.insert(all.end(), altered->begin(), altered->end());
  all.push_back(create_database_sql(place));
  for (const std::string& sql : all) {
    run("EXPLAIN AST " + sql);
  }
}

}  // namespace
}  // namespace workspace
