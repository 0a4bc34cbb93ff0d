// SPDX-License-Identifier: Apache-2.0
// What both engines do alike.
#include "workspace/sql_engine.hpp"

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "workspace/clickhouse_error.hpp"
#include "test_engine.hpp"

namespace workspace {
namespace {

using namespace workspace_test;
using std::chrono::milliseconds;
using namespace std::string_literals;

class SqlEngineTest : public EngineTest {
 protected:
  void make_table(const std::string& name) {
    run(fmt::format("CREATE TABLE {}.{} (a Int64, s String) ENGINE = MergeTree ORDER BY a "
                    "SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1",
                    db, name));
  }
  base::Result<void> insert(const std::string& table, const std::string& rows, std::uint64_t count, const std::string& token) {
    RowBatch batch;
    batch.table = db + "." + table;
    batch.rows = rows;
    batch.count = count;
    batch.token = token;
    return engine().insert(batch);
  }
  ClickHouseCode code_of(const SqlQuery& query) {
    const auto answer = engine().query(query);
    return answer ? ClickHouseCode::none : clickhouse_code(answer.error());
  }
};

INSTANTIATE_TEST_SUITE_P(Engines, SqlEngineTest, kWays, way_name);

TEST_P(SqlEngineTest, answers_with_names_types_and_values) {
  const auto answer = ask(
      "SELECT true AS flag, toInt32(-7) AS i, toInt64(-9000000000) AS l, toUInt64(18446744073709551615) AS u, 0.5 AS r, 'a\\0ä' AS s, "
      "toDateTime64('2026-01-02 03:04:05.1234567', 7, 'UTC') AS t, toUUID('00112233-4455-6677-8899-aabbccddeeff') AS g, "
      "toDecimal128('-12.34', 4) AS d, NULL AS n, CAST(NULL AS Nullable(Int32)) AS ni, toLowCardinality('low') AS lc, "
      "toDate('1970-01-02') AS day, toFixedString('xy', 2) AS fixed, toDateTime64('1969-12-31 23:59:59.999', 3, 'UTC') AS before");
  ASSERT_TRUE(answer) << answer.error().message;
  std::string types;
  for (const model::Column& column : answer->table.columns)
    types += fmt::format("{}:{} ", column.name, model::column_type_name(column.type));
  EXPECT_EQ(types,
            "flag:bool i:int l:long u:long r:real s:string t:datetime g:guid d:decimal n:dynamic ni:int lc:string day:datetime "
            "fixed:string before:datetime ");
  EXPECT_EQ(text_of(answer->table), "1|-7|-9000000000|-1|0.500000|a\0ä|639029198451234567|00112233-4455-6677-8899-aabbccddeeff|-12.3400|null|null|low|"
                                     "621356832000000000|xy|621355967999990000"s);
}

TEST_P(SqlEngineTest, an_empty_answer_has_names_and_types) {
  const auto answer = ask("SELECT number AS n, toString(number) AS s FROM numbers(3) WHERE number > 5");
  ASSERT_TRUE(answer) << answer.error().message;
  ASSERT_EQ(answer->table.columns.size(), 2u);
  EXPECT_EQ(answer->table.columns[1].name, "s");
  EXPECT_EQ(answer->table.rows(), 0u);
}

TEST_P(SqlEngineTest, composed_types_are_refused_by_name) {
  const auto answer = ask("SELECT [1, 2] AS list");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, base::Kind::unsupported);
  EXPECT_NE(answer.error().message.find("column list"), std::string::npos) << answer.error().message;
  EXPECT_NE(answer.error().message.find("Array(UInt8)"), std::string::npos) << answer.error().message;
}

TEST_P(SqlEngineTest, tells_how_much_was_read) {
  make_table("t");
  ASSERT_TRUE(insert("t", "{\"a\":1,\"s\":\"x\"}\n{\"a\":2,\"s\":\"y\"}\n", 2, "one"));
  const auto answer = ask("SELECT a, s FROM " + db + ".t WHERE a > 0 ORDER BY a");
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(text_of(answer->table), "1|x\n2|y");
  EXPECT_EQ(answer->statistics.rows_read, 2u);
  EXPECT_GT(answer->statistics.bytes_read, 0u);
}

TEST_P(SqlEngineTest, errors_carry_code_and_text) {
  const auto answer = ask("SELECT nosuch FROM " + db + ".missing");
  ASSERT_FALSE(answer);
  EXPECT_EQ(clickhouse_code(answer.error()), ClickHouseCode::unknown_table);
  EXPECT_EQ(answer.error().kind, base::Kind::not_found);
  EXPECT_EQ(answer.error().message.find("ClickHouse error 60 (UNKNOWN_TABLE): "), 0u) << answer.error().message;
}

TEST_P(SqlEngineTest, a_batch_sent_again_is_stored_once) {
  make_table("t");
  const std::string rows = "{\"a\":1,\"s\":\"x\"}\n{\"a\":2,\"s\":\"y\"}\n";
  ASSERT_TRUE(insert("t", rows, 2, "spool-1:0"));
  ASSERT_TRUE(insert("t", rows, 2, "spool-1:0"));
  EXPECT_EQ(text("SELECT count() FROM " + db + ".t"), "2");
  ASSERT_TRUE(insert("t", rows, 2, "spool-1:1"));  // equal rows that are others
  EXPECT_EQ(text("SELECT count() FROM " + db + ".t"), "4");
}

TEST_P(SqlEngineTest, text_of_rows_never_becomes_a_statement) {
  make_table("t");
  const std::string hostile = R"({"a":1,"s":"x\n\n; DROP TABLE t -- /* ' \" \u0000"})";
  ASSERT_TRUE(insert("t", hostile + "\n" + hostile + "\n", 2, "a"));
  EXPECT_EQ(text("SELECT s FROM " + db + ".t LIMIT 1"), "x\n\n; DROP TABLE t -- /* ' \" \0"s);
  const std::string drop = "{\"a\":1,\"s\":\"x\"}\n\nDROP TABLE " + db + ".t";
  const auto refused = insert("t", drop, 1, "b");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, base::Kind::invalid_input);
  EXPECT_FALSE(insert("t", "{\"a\":1,\"s\":\"x\"}\n;DROP TABLE " + db + ".t\n", 1, "c"));
  EXPECT_EQ(text("SELECT count() FROM " + db + ".t"), "2");
}

TEST_P(SqlEngineTest, a_batch_with_a_bad_row_is_refused_whole) {
  make_table("t");
  const auto refused = insert("t", "{\"a\":1,\"s\":\"x\"}\n{\"a\":\"no number\",\"s\":\"y\"}\n", 2, "bad");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, base::Kind::invalid_input) << refused.error().message;
  EXPECT_FALSE(insert("t", "{\"a\":1,\"nosuch\":\"x\"}\n", 1, "unknown"));
  EXPECT_EQ(text("SELECT count() FROM " + db + ".t"), "0");
}

TEST_P(SqlEngineTest, a_batch_without_a_token_is_refused) {
  make_table("t");
  const auto refused = insert("t", "{\"a\":1,\"s\":\"x\"}\n", 1, "");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, base::Kind::invalid_input);
}

TEST_P(SqlEngineTest, limits_end_a_query_with_their_own_error) {
  SqlQuery query;
  query.sql = "SELECT number FROM numbers(1000000)";
  query.limits.result_rows = 10;
  EXPECT_EQ(code_of(query), ClickHouseCode::too_many_rows_or_bytes);
  query.limits = {};
  query.limits.result_bytes = 1000;
  EXPECT_EQ(code_of(query), ClickHouseCode::too_many_rows_or_bytes);
  query.limits = {};
  query.sql = "SELECT length(toString(groupArray(number))) FROM numbers(100000000)";
  query.limits.memory_bytes = 10 << 20;
  EXPECT_EQ(code_of(query), ClickHouseCode::memory_limit_exceeded);
  query.limits = {};
  query.sql = "SELECT count() FROM numbers(1000000000000) WHERE sin(number) > 2";
  query.limits.time = milliseconds(200);
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(code_of(query), ClickHouseCode::timeout_exceeded);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, milliseconds(5000));
}

TEST_P(SqlEngineTest, a_query_is_cancelled_by_its_id) {
  std::atomic<bool> ended = false;
  base::Result<QueryAnswer> answer;
  std::thread runner([&] {
    answer = ask("SELECT count() FROM numbers(1000000000000) WHERE sin(number) > 2", "job-7_b");
    ended = true;
  });
  for (int i = 0; i < 1000 && !ended; ++i) {  // until the query is there to be cancelled
    ASSERT_TRUE(engine().cancel("job-7_b"));
    std::this_thread::sleep_for(milliseconds(10));
  }
  EXPECT_TRUE(ended);
  runner.join();
  ASSERT_FALSE(answer);
  EXPECT_EQ(clickhouse_code(answer.error()), ClickHouseCode::query_was_cancelled) << answer.error().message;
  EXPECT_EQ(answer.error().kind, base::Kind::cancelled);
}

TEST_P(SqlEngineTest, an_id_that_could_be_sql_is_refused) {
  EXPECT_FALSE(engine().cancel("x' OR 1=1 --"));
  EXPECT_FALSE(ask("SELECT 1", "x' OR 1=1 --"));
  SqlQuery query;
  query.sql = "SELECT 1";
  query.settings = {{"max_threads=1, readonly", "0"}};
  EXPECT_FALSE(engine().query(query));
}

TEST_P(SqlEngineTest, settings_come_with_their_query) {
  SqlQuery query;
  query.sql = "SELECT toString(toDateTime(0)) AS t, getSetting('readonly') AS r";
  query.settings = {{"session_timezone", "Asia/Tokyo"}};
  auto answer = engine().query(query);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(text_of(answer->table), "1970-01-01 09:00:00|1");
}

// What the engine's own read-only mode stops. It is the second wall; what it lets through is the next test.
TEST_P(SqlEngineTest, a_query_cannot_write_or_reach_out) {
  make_table("t");
  for (const std::string& sql : {"INSERT INTO " + db + ".t VALUES (1, 'x')", "DROP TABLE " + db + ".t",
                                 "CREATE TABLE " + db + ".u (a Int8) ENGINE = Memory", std::string("CREATE TEMPORARY TABLE x (a Int8)"),
                                 std::string("SET readonly = 0"), std::string("SELECT 1 SETTINGS readonly = 0"),
                                 std::string("SELECT * FROM file('/etc/hostname', 'LineAsString')"),
                                 std::string("SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')"),
                                 std::string("SELECT * FROM remote('127.0.0.1:1', system.one)")}) {
    const auto answer = ask(sql);
    ASSERT_FALSE(answer) << sql;
    EXPECT_EQ(clickhouse_code(answer.error()), ClickHouseCode::readonly) << sql << ": " << answer.error().message;
  }
  EXPECT_EQ(text("SELECT count() FROM " + db + ".t"), "0");
}

// Why SQL is written by Bulwark alone and checked against a list before it is sent. When a later version of the engine
// stops one of these, this test says so.
TEST_P(SqlEngineTest, read_only_is_no_wall) {
  EXPECT_TRUE(ask("SELECT file('/etc/hostname')"));
  EXPECT_TRUE(ask("SELECT name FROM system.tables LIMIT 1"));
  EXPECT_TRUE(ask("SELECT 1; SELECT 2"));
}

TEST_P(SqlEngineTest, queries_run_beside_one_another) {
  make_table("t");
  std::atomic<int> failures = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&, i] {
      for (int k = 0; k < 20; ++k) {
        const std::string row = fmt::format("{{\"a\":{},\"s\":\"x\"}}\n", i * 1000 + k);
        if (!insert("t", row, 1, fmt::format("{}-{}", i, k))) ++failures;
        if (!ask("SELECT count(), max(s) FROM " + db + ".t")) ++failures;
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(text("SELECT count(), uniqExact(a) FROM " + db + ".t"), "80|80");
}

TEST_P(SqlEngineTest, a_short_query_does_not_wait_for_a_long_one) {
  std::thread runner([&] { ask("SELECT count() FROM numbers(1000000000000) WHERE sin(number) > 2", "long"); });
  std::string running;
  for (int i = 0; i < 1000 && running != "1"; ++i) {
    std::this_thread::sleep_for(milliseconds(10));
    running = text("SELECT count() FROM system.processes WHERE endsWith(query, 'sin(number) > 2')");  // answered while that one runs
  }
  EXPECT_EQ(running, "1");
  EXPECT_TRUE(engine().cancel("long"));
  runner.join();
}

TEST_P(SqlEngineTest, acknowledged_rows_are_there_after_a_restart) {
  make_table("t");
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(insert("t", fmt::format("{{\"a\":{},\"s\":\"x\"}}\n", i), 1, fmt::format("b{}", i)));
  restart();
  EXPECT_EQ(text("SELECT count(), sum(a) FROM " + db + ".t"), "10|45");
  ASSERT_TRUE(insert("t", "{\"a\":9,\"s\":\"x\"}\n", 1, "b9"));  // the tokens survive, too
  EXPECT_EQ(text("SELECT count() FROM " + db + ".t"), "10");
}

}  // namespace
}  // namespace workspace
