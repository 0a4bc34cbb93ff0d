// SPDX-License-Identifier: Apache-2.0
// One connection to the SQLite file: its settings, its prepared statements, its transactions and its errors.
#pragma once

#include <sqlite3.h>

#include <filesystem>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "store/database.hpp"

namespace store {

struct SqliteFinalizer {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using StatementPtr = std::unique_ptr<sqlite3_stmt, SqliteFinalizer>;

// Prepared statements by their text; the one unused for longest goes first. A statement is taken out while it runs, so
// that a callback may run the same text again.
class StatementCache {
 public:
  StatementPtr take(std::string_view sql);  // null where there is none
  void put(std::string sql, StatementPtr statement);
  void clear();

 private:
  struct Entry {
    std::string sql;
    StatementPtr statement;
  };
  std::list<Entry> entries_;  // used last in front
  std::unordered_map<std::string_view, std::list<Entry>::iterator> by_sql_;  // keys lie in entries_
};

// Not thread-safe: its user holds it alone.
class SqliteConnection final : public Session {
 public:
  enum class Role { writer, reader };

  // Opens the file, which is there already, and sets the connection up; leaves the journal mode and the schema alone.
  static base::Result<std::unique_ptr<SqliteConnection>> open(const std::filesystem::path& file, Role role,
                                                              std::size_t cache_mib);
  ~SqliteConnection();

  // Runs `work` between BEGIN (IMMEDIATE for a writer, so that it never fails half-way for a lock) and COMMIT; rolls back
  // where either fails. The actions to run after the commit are left in `after`.
  base::Result<void> transaction(const Database::Work& work, std::vector<std::function<void()>>& after);

  base::Result<void> script(const char* sql);  // statements without results
  base::Error error(int code, std::string_view doing) const;
  sqlite3* handle() const { return database_; }

  base::Result<void> run(std::string_view sql, const std::vector<Value>& parameters = {}) override;
  base::Result<void> query(std::string_view sql, const std::vector<Value>& parameters, const OnRow& on_row) override;
  std::int64_t changes() const override { return changes_; }
  std::int64_t last_insert_id() const override { return sqlite3_last_insert_rowid(database_); }
  void after_commit(std::function<void()> action) override { after_commit_.push_back(std::move(action)); }

 private:
  SqliteConnection(sqlite3* database, std::filesystem::path file, Role role)
      : database_(database), file_(std::move(file)), role_(role) {}
  base::Result<void> set_up(std::size_t cache_mib);
  base::Result<StatementPtr> prepare(std::string_view sql);
  base::Result<void> step_through(sqlite3_stmt* statement, std::string_view sql, const OnRow* on_row);
  base::Result<void> still_open() const;
  base::Result<void> work_and_commit(const Database::Work& work);

  sqlite3* database_;
  std::filesystem::path file_;
  Role role_;
  StatementCache statements_;
  std::int64_t changes_ = 0;
  bool in_transaction_ = false;
  std::vector<std::function<void()>> after_commit_;
};

}  // namespace store
