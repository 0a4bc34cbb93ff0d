// SPDX-License-Identifier: Apache-2.0
// rpmdb.sqlite, read with the SQLite library from memory. The file is hostile: its schema may run nothing (an
// authorizer refuses all but reading columns), and time and memory are bounded.
#include <fmt/format.h>
#include <sqlite3.h>

#include <memory>
#include <string>
#include <utility>

#include "base/result.hpp"
#include "sbom/rpm.hpp"

namespace sbom {

namespace {

constexpr int kMaxBlobBytes = 64 << 20;
constexpr int kOpsPerTick = 10'000;
constexpr int kMaxTicks = 5'000;  // 50 million virtual machine steps: seconds; a real database takes under 100,000

struct SqliteCloser {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
};
struct SqliteFinalizer {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using SqlitePtr = std::unique_ptr<sqlite3, SqliteCloser>;
using SqliteStatementPtr = std::unique_ptr<sqlite3_stmt, SqliteFinalizer>;

base::Error rpm_sqlite_error(sqlite3* database, std::string_view doing) {
  const int code = sqlite3_errcode(database);
  const auto kind = code == SQLITE_INTERRUPT || code == SQLITE_TOOBIG ? base::Kind::too_large : base::Kind::corrupt;
  return {kind, fmt::format("rpm database is damaged: {}: {}", doing, sqlite3_errmsg(database))};
}

// Reading columns is all that our statements need; generated columns, views, triggers and defaults that call
// functions need more, and are refused.
int authorize_read_only(void*, int action, const char*, const char*, const char*, const char*) {
  return action == SQLITE_SELECT || action == SQLITE_READ ? SQLITE_OK : SQLITE_DENY;
}

int stop_after_ticks(void* ticks_left) { return --*static_cast<int*>(ticks_left) <= 0 ? 1 : 0; }

void restrict_sqlite(sqlite3* database, int* ticks_left) {
  sqlite3_limit(database, SQLITE_LIMIT_LENGTH, kMaxBlobBytes);
  sqlite3_limit(database, SQLITE_LIMIT_SQL_LENGTH, 100'000);
  sqlite3_limit(database, SQLITE_LIMIT_COLUMN, 100);
  sqlite3_limit(database, SQLITE_LIMIT_EXPR_DEPTH, 20);
  sqlite3_limit(database, SQLITE_LIMIT_COMPOUND_SELECT, 2);
  sqlite3_limit(database, SQLITE_LIMIT_VDBE_OP, 10'000);
  sqlite3_limit(database, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_limit(database, SQLITE_LIMIT_TRIGGER_DEPTH, 1);
  sqlite3_limit(database, SQLITE_LIMIT_WORKER_THREADS, 0);
  sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_progress_handler(database, kOpsPerTick, stop_after_ticks, ticks_left);
}

// `bytes` must outlive the connection.
base::Result<SqlitePtr> open_sqlite_in_memory(std::string& bytes, int* ticks_left) {
  sqlite3* raw = nullptr;
  const int opened = sqlite3_open_v2(":memory:", &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  SqlitePtr database(raw);
  if (opened != SQLITE_OK) return base::fail(base::Kind::internal, "SQLite cannot open a database in memory");
  restrict_sqlite(raw, ticks_left);
  const auto size = static_cast<sqlite3_int64>(bytes.size());
  if (sqlite3_deserialize(raw, "main", reinterpret_cast<unsigned char*>(bytes.data()), size, size,
                          SQLITE_DESERIALIZE_READONLY) != SQLITE_OK)
    return base::fail(rpm_sqlite_error(raw, "opening it"));
  if (sqlite3_exec(raw, "PRAGMA cell_size_check=ON; PRAGMA query_only=ON; PRAGMA mmap_size=0; PRAGMA temp_store=2", nullptr,
                   nullptr, nullptr) != SQLITE_OK)
    return base::fail(rpm_sqlite_error(raw, "opening it"));
  sqlite3_set_authorizer(raw, authorize_read_only, nullptr);
  return database;
}

base::Result<SqliteStatementPtr> prepare_sqlite(sqlite3* database, const char* sql, std::string_view doing) {
  sqlite3_stmt* raw = nullptr;
  if (sqlite3_prepare_v2(database, sql, -1, &raw, nullptr) != SQLITE_OK)
    return base::fail(rpm_sqlite_error(database, doing));
  return SqliteStatementPtr(raw);
}

// Views and virtual tables (whose rootpage is 0) are no package table.
base::Result<bool> has_packages_table(sqlite3* database) {
  auto statement = TRY(prepare_sqlite(
      database, "SELECT type, rootpage FROM sqlite_schema WHERE name = 'Packages' COLLATE NOCASE", "reading its schema"));
  bool found = false;
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(statement.get())) == SQLITE_ROW) {
    const auto* type = reinterpret_cast<const char*>(sqlite3_column_text(statement.get(), 0));
    if (found || !type || std::string_view(type) != "table" || sqlite3_column_int64(statement.get(), 1) <= 0)
      return base::fail(base::Kind::corrupt, "rpm database is damaged: Packages is not a plain table");
    found = true;
  }
  if (code != SQLITE_DONE) return base::fail(rpm_sqlite_error(database, "reading its schema"));
  return found;
}

}  // namespace

base::Result<void> visit_rpm_sqlite(std::string_view database, std::string_view wal, const RpmBlobVisitor& visit) {
  std::string bytes = TRY(apply_sqlite_wal(database, wal));
  if (bytes.empty()) return {};
  int ticks_left = kMaxTicks;
  const SqlitePtr connection = TRY(open_sqlite_in_memory(bytes, &ticks_left));
  if (!TRY(has_packages_table(connection.get())))
    return base::fail(base::Kind::invalid_input, "no table Packages: not an rpm database");
  const auto statement = TRY(prepare_sqlite(connection.get(), "SELECT blob FROM Packages", "reading its packages"));
  // Rows may share overflow pages, so that a small file yields endless bytes.
  std::uint64_t bytes_left = std::uint64_t{bytes.size()} + 1024;
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(statement.get())) == SQLITE_ROW) {
    const auto size = static_cast<std::uint64_t>(sqlite3_column_bytes(statement.get(), 0));
    if (size > bytes_left) return base::fail(base::Kind::corrupt, "rpm database is damaged: its packages share pages");
    bytes_left -= size;
    const auto* blob = static_cast<const char*>(sqlite3_column_blob(statement.get(), 0));
    if (!visit(blob ? std::string_view(blob, size) : std::string_view())) return {};
  }
  if (code != SQLITE_DONE) return base::fail(rpm_sqlite_error(connection.get(), "reading its packages"));
  return {};
}

}  // namespace sbom
