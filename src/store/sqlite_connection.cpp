// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite_connection.hpp"

#include <fmt/format.h>

#include <limits>

#include "base/text.hpp"

namespace store {

namespace {

constexpr std::size_t kStatementsKept = 64;
constexpr int kBusyMs = 10'000;  // another process (a backup, a second hub by mistake) may hold the lock

std::string_view column_bytes(sqlite3_stmt* statement, int column) {
  // Of blobs the bytes, of anything else its text; the pointer is asked for first, for it decides what the size is of.
  const bool blob = sqlite3_column_type(statement, column) == SQLITE_BLOB;
  const auto* bytes = blob ? static_cast<const char*>(sqlite3_column_blob(statement, column))
                           : reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
  if (!bytes) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement, column))};
}

class SqliteRow final : public Row {
 public:
  explicit SqliteRow(sqlite3_stmt* statement) : statement_(statement) {}
  std::int64_t integer(int column) const override { return sqlite3_column_int64(statement_, column); }
  double real(int column) const override { return sqlite3_column_double(statement_, column); }
  std::string_view text(int column) const override { return column_bytes(statement_, column); }
  bool is_null(int column) const override { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

 private:
  sqlite3_stmt* statement_;
};

struct Binder {
  sqlite3_stmt* statement;
  int index;

  int operator()(std::nullptr_t) const { return sqlite3_bind_null(statement, index); }
  int operator()(std::int64_t value) const { return sqlite3_bind_int64(statement, index, value); }
  int operator()(double value) const { return sqlite3_bind_double(statement, index, value); }
  // A null pointer would bind NULL, where an empty text is meant.
  int operator()(std::string_view value) const {
    return sqlite3_bind_text64(statement, index, value.data() ? value.data() : "", value.size(), SQLITE_STATIC, SQLITE_UTF8);
  }
  int operator()(const Blob& value) const {
    return sqlite3_bind_blob64(statement, index, value.bytes.data() ? value.bytes.data() : "", value.bytes.size(),
                               SQLITE_STATIC);
  }
};

int bind_all(sqlite3_stmt* statement, const std::vector<Value>& parameters) {
  if (static_cast<std::size_t>(sqlite3_bind_parameter_count(statement)) != parameters.size()) return SQLITE_RANGE;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const int code = std::visit(Binder{statement, static_cast<int>(i) + 1}, parameters[i]);
    if (code != SQLITE_OK) return code;
  }
  return SQLITE_OK;
}

// The rest of a text behind its first statement holds no further one.
bool is_blank_tail(std::string_view tail) { return tail.find_first_not_of(" \t\r\n;") == std::string_view::npos; }

bool cannot_write(int extended_code) {
  switch (extended_code) {
    case SQLITE_IOERR_WRITE:
    case SQLITE_IOERR_FSYNC:
    case SQLITE_IOERR_DIR_FSYNC:
    case SQLITE_IOERR_TRUNCATE:
    case SQLITE_IOERR_SHMOPEN:
    case SQLITE_IOERR_SHMSIZE:
    case SQLITE_IOERR_SHMMAP:
    case SQLITE_IOERR_DELETE:
    case SQLITE_IOERR_CLOSE:
      return true;
    default:
      return (extended_code & 0xff) == SQLITE_FULL;
  }
}

base::Kind kind_of(int primary_code) {
  switch (primary_code) {
    case SQLITE_CONSTRAINT:
      return base::Kind::conflict;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_NOMEM:
    case SQLITE_PROTOCOL:
      return base::Kind::unavailable;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return base::Kind::corrupt;
    case SQLITE_TOOBIG:
      return base::Kind::too_large;
    default:
      return base::Kind::internal;
  }
}

}  // namespace

StatementPtr StatementCache::take(std::string_view sql) {
  const auto found = by_sql_.find(sql);
  if (found == by_sql_.end()) return nullptr;
  const auto entry = found->second;
  by_sql_.erase(found);
  StatementPtr statement = std::move(entry->statement);
  entries_.erase(entry);
  return statement;
}

void StatementCache::put(std::string sql, StatementPtr statement) {
  if (by_sql_.count(sql) > 0) return;  // a second one of the same text, made while the first ran
  entries_.push_front({std::move(sql), std::move(statement)});
  by_sql_.emplace(entries_.front().sql, entries_.begin());
  if (entries_.size() <= kStatementsKept) return;
  by_sql_.erase(entries_.back().sql);
  entries_.pop_back();
}

void StatementCache::clear() {
  by_sql_.clear();
  entries_.clear();
}

base::Result<std::unique_ptr<SqliteConnection>> SqliteConnection::open(const std::filesystem::path& file, Role role,
                                                                       std::size_t cache_mib) {
  sqlite3* raw = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int opened = sqlite3_open_v2(file.c_str(), &raw, flags, nullptr);
  std::unique_ptr<SqliteConnection> connection(new SqliteConnection(raw, file, role));
  if (opened != SQLITE_OK) return base::fail(connection->error(opened, "opening it"));
  TRY(connection->set_up(cache_mib));
  return connection;
}

SqliteConnection::~SqliteConnection() {
  statements_.clear();
  sqlite3_close(database_);
}

base::Result<void> SqliteConnection::set_up(std::size_t cache_mib) {
  sqlite3_busy_timeout(database_, kBusyMs);
  sqlite3_db_config(database_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(database_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  // The log is left to grow to 4 MiB (1,000 pages) before it is written back, and is cut to 64 MiB after a burst.
  const std::string settings = fmt::format(
      "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY;"
      "PRAGMA wal_autocheckpoint=1000; PRAGMA journal_size_limit={}; PRAGMA mmap_size={}; PRAGMA cache_size=-{};{}",
      64 << 20, 256 << 20, cache_mib * 1024, role_ == Role::reader ? "PRAGMA query_only=ON;" : "");
  return script(settings.c_str());
}

base::Result<void> SqliteConnection::script(const char* sql) {
  const int code = sqlite3_exec(database_, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return base::fail(error(code, "setting it up"));
  return {};
}

base::Error SqliteConnection::error(int code, std::string_view doing) const {
  const std::string_view words = database_ ? sqlite3_errmsg(database_) : sqlite3_errstr(code);
  const std::string file = file_.string();
  if (code == SQLITE_FULL)
    return {base::Kind::unavailable,
            fmt::format("the disk that holds {} is full: free some space there; reads go on", file)};
  if (cannot_write(code))
    return {base::Kind::unavailable, fmt::format("the disk that holds {} is full or cannot be written ({}): free some space "
                                                 "there or mend it; reads go on", file, words)};
  if ((code & 0xff) == SQLITE_READONLY && role_ == Role::writer)
    return {base::Kind::unavailable, fmt::format("{} cannot be written ({}): let this user write it and the folder it is in; "
                                                 "reads go on", file, words)};
  if ((code & 0xff) == SQLITE_BUSY)
    return {base::Kind::unavailable,
            fmt::format("{} is held by another process for more than {} s: end it or try again", file, kBusyMs / 1000)};
  const base::Kind kind = kind_of(code & 0xff);
  const std::string_view mend = kind == base::Kind::corrupt ? "; restore the last backup" : "";
  return {kind, fmt::format("database {}: {}: {}{}", file, doing, words, mend)};
}

base::Result<StatementPtr> SqliteConnection::prepare(std::string_view sql) {
  if (StatementPtr kept = statements_.take(sql)) return kept;
  if (sql.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()))
    return base::fail(base::Kind::internal, "an SQL statement of over 2 GiB");
  sqlite3_stmt* raw = nullptr;
  const char* tail = nullptr;
  const int code = sqlite3_prepare_v3(database_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &raw,
                                      &tail);
  StatementPtr statement(raw);
  if (code != SQLITE_OK) return base::fail(error(code, sql));
  if (!statement || !is_blank_tail(sql.substr(static_cast<std::size_t>(tail - sql.data()))))
    return base::fail(base::Kind::internal, fmt::format("not exactly one SQL statement: {}", sql));
  return statement;
}

// SQLite rolls a transaction back by itself where the disk is full; what comes after would then be committed bit by bit.
base::Result<void> SqliteConnection::still_open() const {
  if (!in_transaction_ || sqlite3_get_autocommit(database_) == 0) return {};
  return base::fail(base::Kind::unavailable,
                    fmt::format("the transaction on {} has been rolled back after an error in it", file_.string()));
}

base::Result<void> SqliteConnection::step_through(sqlite3_stmt* statement, std::string_view sql, const OnRow* on_row) {
  const SqliteRow row(statement);
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(statement)) == SQLITE_ROW)
    if (on_row) (*on_row)(row);
  if (code != SQLITE_DONE) return base::fail(error(code, sql));
  return {};
}

base::Result<void> SqliteConnection::query(std::string_view sql, const std::vector<Value>& parameters, const OnRow& on_row) {
  TRY(still_open());
  StatementPtr statement = TRY(prepare(sql));
  const int bound = bind_all(statement.get(), parameters);
  if (bound == SQLITE_RANGE)
    return base::fail(base::Kind::internal, fmt::format("{} parameters for: {}", parameters.size(), sql));
  if (bound != SQLITE_OK) return base::fail(error(bound, sql));
  auto result = step_through(statement.get(), sql, on_row ? &on_row : nullptr);
  sqlite3_reset(statement.get());
  sqlite3_clear_bindings(statement.get());  // they point into the caller's values
  statements_.put(std::string(sql), std::move(statement));
  return result;
}

base::Result<void> SqliteConnection::run(std::string_view sql, const std::vector<Value>& parameters) {
  const auto before = sqlite3_total_changes64(database_);
  TRY(query(sql, parameters, {}));
  changes_ = sqlite3_total_changes64(database_) == before ? 0 : sqlite3_changes64(database_);
  return {};
}

base::Result<void> SqliteConnection::work_and_commit(const Database::Work& work) {
  TRY(work(*this));
  TRY(still_open());
  return run("COMMIT");
}

base::Result<void> SqliteConnection::transaction(const Database::Work& work, std::vector<std::function<void()>>& after) {
  // Ends the transaction however its work ends, exceptions of the work included.
  struct Ending {
    SqliteConnection& connection;
    ~Ending() {
      connection.in_transaction_ = false;
      connection.after_commit_.clear();
      if (sqlite3_get_autocommit(connection.database_) == 0)
        sqlite3_exec(connection.database_, "ROLLBACK", nullptr, nullptr, nullptr);
    }
  };
  TRY(run(role_ == Role::writer ? "BEGIN IMMEDIATE" : "BEGIN"));
  const Ending ending{*this};
  in_transaction_ = true;
  TRY(work_and_commit(work));
  after = std::move(after_commit_);
  return {};
}

}  // namespace store
