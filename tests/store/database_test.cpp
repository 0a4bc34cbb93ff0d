// SPDX-License-Identifier: Apache-2.0
#include "store/database.hpp"

#include <gmock/gmock.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <atomic>
#include <thread>

#include "store/migrations.hpp"
#include "store_testing.hpp"

namespace {

using store::Session;
using testing::HasSubstr;

class Database : public store_testing::StoreTest {
 protected:
  base::Result<void> put(std::string_view name, std::string_view value) {
    return run("INSERT INTO settings (name, value) VALUES (?, ?)", {name, value});
  }
  std::int64_t settings() { return count("SELECT count(*) FROM settings"); }

  // Another program's hand in the file.
  void with_sqlite(const std::string& sql) {
    sqlite3* raw = nullptr;
    ASSERT_EQ(sqlite3_open(file().c_str(), &raw), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(raw, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(raw);
    sqlite3_close(raw);
  }
};

TEST_F(Database, gives_back_every_kind_of_value) {
  const std::string bytes("\0\xff'\x01", 4);
  const auto written = database_->write([&](Session& session) -> base::Result<void> {
    TRY(session.run("CREATE TABLE t (a, b, c, d, e, f)"));
    TRY(session.run("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)",
                    {std::int64_t{-1} << 62, 0.25, bytes, store::Blob{bytes}, nullptr, std::string_view()}));
    EXPECT_EQ(session.changes(), 1);
    EXPECT_EQ(session.last_insert_id(), 1);
    return {};
  });
  ASSERT_TRUE(written) << written.error().message;
  int rows = 0;
  const auto read = database_->read([&](Session& session) {
    return session.query("SELECT a, b, c, d, e, f FROM t WHERE b = ?", {0.25}, [&](const store::Row& row) {
      ++rows;
      EXPECT_EQ(row.integer(0), std::int64_t{-1} << 62);
      EXPECT_EQ(row.real(1), 0.25);
      EXPECT_EQ(row.text(2), bytes);
      EXPECT_EQ(row.text(3), bytes);
      EXPECT_TRUE(row.is_null(4));
      EXPECT_EQ(row.integer(4), 0);
      EXPECT_EQ(row.text(4), "");
      EXPECT_FALSE(row.is_null(5)) << "an empty text is no NULL";
    });
  });
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(rows, 1);
}

TEST_F(Database, rolls_back_where_the_work_fails) {
  bool told = false;
  const auto written = database_->write([&](Session& session) -> base::Result<void> {
    session.after_commit([&] { told = true; });
    TRY(session.run("INSERT INTO settings VALUES ('a', '1')"));
    return base::fail(base::Kind::denied, "no");
  });
  EXPECT_EQ(written.error().kind, base::Kind::denied);
  EXPECT_EQ(settings(), 0);
  EXPECT_FALSE(told);
}

TEST_F(Database, rolls_back_where_the_work_throws) {
  EXPECT_THROW(static_cast<void>(database_->write([](Session& session) -> base::Result<void> {
    TRY(session.run("INSERT INTO settings VALUES ('a', '1')"));
    throw std::bad_alloc();
  })), std::bad_alloc);
  EXPECT_EQ(settings(), 0);
  EXPECT_TRUE(put("b", "2"));
}

TEST_F(Database, names_a_broken_constraint_a_conflict_and_goes_on) {
  ASSERT_TRUE(put("a", "1"));
  const auto written = database_->write([](Session& session) -> base::Result<void> {
    const auto again = session.run("INSERT INTO settings VALUES ('a', '2')");
    EXPECT_EQ(again.error().kind, base::Kind::conflict);
    EXPECT_THAT(again.error().message, HasSubstr("settings.name"));
    return session.run("INSERT INTO settings VALUES ('b', '2')");
  });
  EXPECT_TRUE(written);
  EXPECT_EQ(settings(), 2);
}

TEST_F(Database, says_what_is_wrong_with_a_statement) {
  EXPECT_EQ(run("SELEKT 1").error().kind, base::Kind::internal);
  EXPECT_THAT(run("INSERT INTO nowhere VALUES (1)").error().message, HasSubstr("nowhere"));
  EXPECT_THAT(run("INSERT INTO settings VALUES (?, ?)", {"a"}).error().message, HasSubstr("parameters"));
  EXPECT_EQ(run("DELETE FROM settings; DROP TABLE settings").error().kind, base::Kind::internal);
  EXPECT_EQ(run("").error().kind, base::Kind::internal);
  EXPECT_EQ(settings(), 0);
}

TEST_F(Database, refuses_a_write_in_a_read) {
  const auto read = database_->read([](Session& session) { return session.run("DELETE FROM settings"); });
  EXPECT_EQ(read.error().kind, base::Kind::internal);
}

TEST_F(Database, refuses_a_write_in_a_write_instead_of_waiting_for_ever) {
  const auto written = database_->write([&](Session&) { return put("a", "1"); });
  EXPECT_THAT(written.error().message, HasSubstr("a write within a write"));
}

TEST_F(Database, notices_a_transaction_that_its_work_ended) {
  const auto written = database_->write([](Session& session) -> base::Result<void> {
    TRY(session.run("ROLLBACK"));
    return session.run("INSERT INTO settings VALUES ('a', '1')");
  });
  EXPECT_FALSE(written);
  EXPECT_EQ(settings(), 0);
}

TEST_F(Database, runs_actions_after_the_commit_in_order_and_outside_of_the_lock) {
  std::vector<std::int64_t> seen;
  const auto written = database_->write([&](Session& session) -> base::Result<void> {
    session.after_commit([&] {
      seen.push_back(settings());
      EXPECT_TRUE(put("b", "2"));
    });
    session.after_commit([&] { seen.push_back(settings()); });
    return session.run("INSERT INTO settings VALUES ('a', '1')");
  });
  ASSERT_TRUE(written) << written.error().message;
  EXPECT_EQ(seen, (std::vector<std::int64_t>{1, 2}));
}

TEST_F(Database, reads_a_snapshot_while_others_write) {
  ASSERT_TRUE(put("a", "1"));
  const auto read = database_->read([&](Session& session) -> base::Result<void> {
    EXPECT_EQ(TRY(store::query_integer(session, "SELECT count(*) FROM settings")), 1);
    std::thread([&] { EXPECT_TRUE(put("b", "2")); }).join();
    EXPECT_EQ(TRY(store::query_integer(session, "SELECT count(*) FROM settings")), 1);
    return {};
  });
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(settings(), 2);
}

TEST_F(Database, reads_within_a_read_in_the_same_snapshot_however_many_threads_do) {
  std::vector<std::thread> threads;
  std::atomic<int> inside{0};
  for (int t = 0; t < 4; ++t)  // as many as there are readers: each holds one
    threads.emplace_back([&, t] {
      const auto read = database_->read([&](Session& session) -> base::Result<void> {
        EXPECT_EQ(TRY(store::query_integer(session, "SELECT count(*) FROM settings")), 0);
        for (++inside; inside < 4;) std::this_thread::yield();
        EXPECT_TRUE(put(std::to_string(t), "1"));
        EXPECT_EQ(settings(), 0);
        return {};
      });
      EXPECT_TRUE(read) << read.error().message;
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(settings(), 4);
}

TEST_F(Database, does_not_show_what_is_not_committed) {
  ASSERT_TRUE(database_->write([&](Session& session) -> base::Result<void> {
    TRY(session.run("INSERT INTO settings VALUES ('a', '1')"));
    EXPECT_EQ(settings(), 0);
    EXPECT_EQ(TRY(store::query_integer(session, "SELECT count(*) FROM settings")), 1);
    return {};
  }));
  EXPECT_EQ(settings(), 1);
}

TEST_F(Database, runs_a_statement_within_its_own_rows) {
  for (const char* name : {"a", "b", "c"}) ASSERT_TRUE(put(name, "1"));
  std::vector<std::string> pairs;
  const std::string_view sql = "SELECT name FROM settings ORDER BY name";
  ASSERT_TRUE(database_->read([&](Session& session) {
    return session.query(sql, {}, [&](const store::Row& outer) {
      const std::string first(outer.text(0));
      EXPECT_TRUE(session.query(sql, {}, [&](const store::Row& inner) { pairs.push_back(first + std::string(inner.text(0))); }));
    });
  }));
  EXPECT_EQ(pairs, (std::vector<std::string>{"aa", "ab", "ac", "ba", "bb", "bc", "ca", "cb", "cc"}));
}

TEST_F(Database, keeps_no_more_statements_than_it_has_room_for) {
  for (int round = 0; round < 2; ++round)
    for (int i = 0; i < 200; ++i) EXPECT_EQ(count("SELECT " + std::to_string(i)), i);
}

TEST_F(Database, counts_every_increment_of_many_threads) {
  ASSERT_TRUE(put("n", "0"));
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 25; ++i) {
        EXPECT_TRUE(run("UPDATE settings SET value = CAST(value AS INTEGER) + 1 WHERE name = 'n'"));
        EXPECT_GE(count("SELECT CAST(value AS INTEGER) FROM settings WHERE name = 'n'"), 1);
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(count("SELECT CAST(value AS INTEGER) FROM settings WHERE name = 'n'"), 200);
}

TEST_F(Database, is_durable_and_for_its_owner_alone) {
  EXPECT_EQ(count("PRAGMA synchronous"), 2);
  EXPECT_EQ(count("PRAGMA foreign_keys"), 1);
  EXPECT_EQ(count("PRAGMA trusted_schema"), 0);
  ASSERT_TRUE(put("a", "1"));
  for (const char* ending : {"", "-wal", "-shm"}) {
    struct stat status {};
    ASSERT_EQ(::stat((file().string() + ending).c_str(), &status), 0) << ending;
    EXPECT_EQ(status.st_mode & 0777, 0600u) << ending;
  }
}

TEST_F(Database, keeps_its_rows_and_its_schema_when_opened_again) {
  ASSERT_TRUE(put("a", "1"));
  reopen();
  EXPECT_EQ(settings(), 1);
  EXPECT_EQ(count("SELECT max(version) FROM schema_versions"), store::migrations().back().version);
  EXPECT_EQ(count("SELECT count(*) FROM schema_versions"), static_cast<std::int64_t>(store::migrations().size()));
  EXPECT_TRUE(database_->check());
}

TEST_F(Database, refuses_a_newer_schema_and_leaves_it_as_it_was) {
  ASSERT_TRUE(put("a", "1"));
  database_.reset();
  with_sqlite("INSERT INTO schema_versions VALUES (99, 'from the future', 0)");
  const std::string before = *base::read_file(file());
  const auto opened = store::open_sqlite({file()});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, base::Kind::unsupported);
  EXPECT_THAT(opened.error().message, HasSubstr("version 99"));
  EXPECT_THAT(opened.error().message, HasSubstr("up to " + std::to_string(store::migrations().back().version)));
  EXPECT_THAT(opened.error().message, HasSubstr("restore the backup"));
  EXPECT_EQ(*base::read_file(file()), before);
}

TEST_F(Database, refuses_files_that_are_not_its_own) {
  const auto other = folder_.path() / "other";
  ASSERT_TRUE(base::write_file_atomically(other, std::string(8192, 'x')));
  EXPECT_EQ(store::open_sqlite({other}).error().kind, base::Kind::corrupt);
  EXPECT_EQ(*base::read_file(other), std::string(8192, 'x'));

  database_.reset();
  with_sqlite("DROP TABLE schema_versions");
  const auto opened = store::open_sqlite({file()});
  EXPECT_EQ(opened.error().kind, base::Kind::invalid_input);
  EXPECT_THAT(opened.error().message, HasSubstr("none of Bulwark's"));

  EXPECT_EQ(store::open_sqlite({folder_.path() / "missing" / "state.db"}).error().kind, base::Kind::not_found);
}

TEST_F(Database, finds_damage) {
  ASSERT_TRUE(database_->write([](Session& session) -> base::Result<void> {
    for (int i = 0; i < 2000; ++i)
      TRY(session.run("INSERT INTO settings VALUES (?, ?)", {"name" + std::to_string(i), std::string(100, 'v')}));
    return {};
  }));
  database_.reset();
  std::string bytes = *base::read_file(file());
  for (std::size_t at = bytes.size() - 3 * 4096; at < bytes.size() - 2 * 4096; ++at) bytes[at] = '\x5a';
  ASSERT_TRUE(base::write_file_atomically(file(), bytes));
  reopen();
  const auto checked = database_->check();
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().kind, base::Kind::corrupt);
  EXPECT_THAT(checked.error().message, HasSubstr("restore the last backup"));
}

}  // namespace
