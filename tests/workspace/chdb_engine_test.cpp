// SPDX-License-Identifier: Apache-2.0
// The embedded engine: the library itself and its place in this process.
#include "workspace/chdb_engine.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <set>

#include "test_engine.hpp"

#ifndef BULWARK_SANITIZED

namespace workspace {
namespace {

using namespace workspace_test;

class ChdbEngineTest : public ::testing::Test {
 protected:
  void SetUp() override { NEED_ENGINE_LIBRARY(); }
  std::string text(const std::string& sql) {
    SqlQuery query;
    query.sql = sql;
    const auto answer = engines().get(Way::embedded).query(query);
    return answer ? text_of(answer->table) : answer.error().message;
  }
};

TEST_F(ChdbEngineTest, has_every_function_and_the_version_that_is_pinned) {
  const auto api = load_chdb(find_chdb_library());
  ASSERT_TRUE(api) << api.error().message;
  EXPECT_EQ(text("SELECT version()"), kChdbEngineVersion);
}

TEST_F(ChdbEngineTest, each_query_has_a_session_of_its_own_with_its_settings) {
  std::set<std::string> marks;
  for (int round = 0; round < 3; ++round) {
    for (const std::string zone : {"UTC", "Asia/Tokyo", "Africa/Cairo", "America/Lima", "Pacific/Fiji", "Europe/Oslo"}) {
      SqlQuery query;
      query.sql = "SELECT getSetting('session_timezone'), getSetting('readonly'), getSetting('log_comment')";
      query.settings = {{"session_timezone", zone}};
      const auto answer = engines().get(Way::embedded).query(query);
      ASSERT_TRUE(answer) << answer.error().message;
      EXPECT_EQ(answer->table.columns[0].text(0), zone);
      EXPECT_EQ(answer->table.columns[1].integer(0), 1);
      marks.emplace(answer->table.columns[2].text(0));
    }
  }
  EXPECT_EQ(marks.size(), 18u);
}

TEST_F(ChdbEngineTest, a_file_that_is_no_engine_is_named) {
  auto dir = base::TempDir::create();
  ASSERT_TRUE(dir);
  ChdbOptions options;
  options.folder = dir->path() / "data";
  options.library = dir->path() / "libchdb.so";
  const auto opened = open_chdb(options);
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().kind, base::Kind::internal);
  EXPECT_NE(opened.error().message.find(options.library.string()), std::string::npos) << opened.error().message;
}

TEST_F(ChdbEngineTest, a_second_folder_in_one_process_is_refused) {
  engines().get(Way::embedded);
  auto dir = base::TempDir::create();
  ASSERT_TRUE(dir);
  ChdbOptions options;
  options.folder = dir->path();
  const auto opened = open_chdb(options);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, base::Kind::conflict);
}

// The engine writes a token before it gives the part its name, and may be killed between the two.
TEST_F(ChdbEngineTest, takes_rows_whose_token_alone_was_written) {
  const auto insert = [](const std::string& rows, const std::string& token) {
    RowBatch batch;
    batch.table = "lost.t";
    batch.rows = rows;
    batch.count = 1;
    batch.token = token;
    const auto done = engines().get(Way::embedded).insert(batch);
    ASSERT_TRUE(done) << done.error().message;
  };
  for (const char* sql : {"DROP DATABASE IF EXISTS lost", "CREATE DATABASE lost",
                          "CREATE TABLE lost.t (a Int64) ENGINE = MergeTree ORDER BY a SETTINGS non_replicated_deduplication_window = 1000"})
    ASSERT_TRUE(engines().get(Way::embedded).execute(sql));
  insert("{\"a\":1}\n", "b1");
  insert("{\"a\":2}\n", "b2");
  const std::filesystem::path part = text("SELECT path FROM system.parts WHERE database = 'lost' AND table = 't' AND max_block_number = 2");
  engines().restart(Way::embedded);
  ASSERT_TRUE(std::filesystem::exists(part)) << part;
  std::filesystem::remove_all(part);
  insert("{\"a\":1}\n", "b1");
  insert("{\"a\":2}\n", "b2");
  insert("{\"a\":2}\n", "b2");
  EXPECT_EQ(text("SELECT count(), sum(a) FROM lost.t"), "2|3");
}

TEST_F(ChdbEngineTest, leaves_the_signal_handlers_of_the_process) {
  struct sigaction mine {}, before {}, after {};
  mine.sa_handler = [](int) {};
  ::sigaction(SIGSEGV, &mine, &before);
  engines().restart(Way::embedded);
  EXPECT_EQ(text("SELECT 1"), "1");
  ::sigaction(SIGSEGV, &before, &after);
  EXPECT_EQ(after.sa_handler, mine.sa_handler);
}

TEST_F(ChdbEngineTest, what_comes_on_standard_input_is_no_row) {
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe2(pipe.data(), O_CLOEXEC), 0);
  ASSERT_EQ(::write(pipe[1], "{\"n\":7}\n", 8), 8);
  ::close(pipe[1]);
  ::dup2(pipe[0], STDIN_FILENO);
  ::close(pipe[0]);
  engines().restart(Way::embedded);
  SqlEngine& engine = engines().get(Way::embedded);
  ASSERT_TRUE(engine.execute("CREATE OR REPLACE TABLE stdin_rows (n Int64) ENGINE = MergeTree ORDER BY n"));
  RowBatch batch;
  batch.table = "stdin_rows";
  batch.rows = "{\"n\":1}\n";
  batch.count = 1;
  batch.token = "one";
  const auto done = engine.insert(batch);
  EXPECT_TRUE(done) << done.error().message;
  EXPECT_EQ(text("SELECT sum(n) FROM stdin_rows"), "1");
}

TEST_F(ChdbEngineTest, caches_are_capped_by_its_configuration) {
  EXPECT_EQ(text("SELECT value FROM system.server_settings WHERE name = 'mark_cache_size'"), "67108864");
  EXPECT_EQ(text("SELECT value FROM system.server_settings WHERE name = 'max_server_memory_usage'"), "2147483648");
}

}  // namespace
}  // namespace workspace

#endif
