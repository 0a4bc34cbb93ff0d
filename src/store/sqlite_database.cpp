// SPDX-License-Identifier: Apache-2.0
// The Database on SQLite: one connection that writes, some that read.
#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/files.hpp"
#include "base/text.hpp"
#include "store/database.hpp"
#include "store/sqlite_backup.hpp"
#include "store/sqlite_connection.hpp"
#include "store/sqlite_schema.hpp"

namespace store {

namespace {

using ConnectionPtr = std::unique_ptr<SqliteConnection>;
using Actions = std::vector<std::function<void()>>;

// Connections for reading, handed out one at a time. All are opened at the start: on a full disk a new one might not open.
class ReaderPool {
 public:
  void add(ConnectionPtr connection) { free_.push_back(std::move(connection)); }

  ConnectionPtr take() {
    std::unique_lock lock(mutex_);
    returned_.wait(lock, [this] { return !free_.empty(); });
    ConnectionPtr connection = std::move(free_.back());
    free_.pop_back();
    return connection;
  }

  void put(ConnectionPtr connection) {
    {
      std::lock_guard lock(mutex_);
      free_.push_back(std::move(connection));
    }
    returned_.notify_one();
  }

 private:
  std::mutex mutex_;  // guards free_
  std::condition_variable returned_;
  std::vector<ConnectionPtr> free_;
};

// The read that the current thread is in. A read within it goes on in the same snapshot: with a connection of its own,
// threads that each hold one and wait for another could wait for ever.
struct CurrentRead {
  const Database* database = nullptr;
  Session* session = nullptr;
};
thread_local CurrentRead current_read;

class SqliteDatabase final : public Database {
 public:
  SqliteDatabase(SqliteOptions options, ConnectionPtr writer) : options_(std::move(options)), writer_(std::move(writer)) {}

  base::Result<void> open_readers() {
    for (std::size_t i = 0; i < std::max<std::size_t>(options_.readers, 1); ++i) {
      readers_.add(TRY(SqliteConnection::open(options_.file, SqliteConnection::Role::reader, options_.cache_mib)));
    }
    return {};
  }

  base::Result<void> write(const Work& work) override {
    if (writing_ == std::this_thread::get_id())
      return base::fail(base::Kind::internal, "a write within a write: pass the session on, or use after_commit");
    Actions after;
    {
      const std::lock_guard lock(writer_mutex_);
      const Writing mark(writing_);
      TRY(writer_->transaction(work, after));
    }
    for (const auto& action : after) action();
    return {};
  }

  base::Result<void> read(const Work& work) override {
    if (current_read.database == this) return work(*current_read.session);
    Actions after;
    {
      const Lent reader(readers_);
      const Reading mark({this, reader.connection_.get()});
      TRY(reader->transaction(work, after));
    }
    for (const auto& action : after) action();
    return {};
  }

  base::Result<void> backup_to(const std::filesystem::path& file) override {
    // A connection of its own: a large copy takes none from the readers.
    const auto source = TRY(SqliteConnection::open(options_.file, SqliteConnection::Role::reader, 1));
    return backup_sqlite(*source, options_.file, file);
  }

  base::Result<void> check() override {
    std::vector<std::string> faults;
    const Lent reader(readers_);
    TRY(reader->query("PRAGMA integrity_check(10)", {}, [&](const Row& row) { faults.emplace_back(row.text(0)); }));
    if (faults.size() == 1 && faults[0] == "ok") return {};
    return base::fail(base::Kind::corrupt, fmt::format("database {} is damaged: {}; restore the last backup",
                                                       options_.file.string(), base::join(faults, "; ")));
  }

 private:
  // The thread that writes, for as long as it does.
  struct Writing {
    explicit Writing(std::atomic<std::thread::id>& where) : where_(where) { where_ = std::this_thread::get_id(); }
    ~Writing() { where_ = std::thread::id(); }
    Writing(const Writing&) = delete;
    Writing& operator=(const Writing&) = delete;
    std::atomic<std::thread::id>& where_;
  };

  struct Reading {
    explicit Reading(CurrentRead now) : before_(std::exchange(current_read, now)) {}
    ~Reading() { current_read = before_; }
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;
    CurrentRead before_;  // of another database
  };

  // A reader that goes back to its pool.
  struct Lent {
    explicit Lent(ReaderPool& pool) : pool_(pool), connection_(pool.take()) {}
    ~Lent() { pool_.put(std::move(connection_)); }
    Lent(const Lent&) = delete;
    Lent& operator=(const Lent&) = delete;
    SqliteConnection* operator->() const { return connection_.get(); }
    ReaderPool& pool_;
    ConnectionPtr connection_;
  };

  const SqliteOptions options_;
  std::mutex writer_mutex_;  // guards writer_
  ConnectionPtr writer_;     // closed after the readers: the last one to close writes the log back
  std::atomic<std::thread::id> writing_{};
  ReaderPool readers_;
};

// Makes the file, for its owner alone; SQLite gives its companions (-wal, -shm) the same mode. A file that is there is
// not opened here: closing it would drop the locks that SQLite holds on it for this process.
base::Result<void> make_database_file(const std::filesystem::path& file) {
  const int fd = ::open(file.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (fd < 0 && errno != EEXIST) return base::fail(base::errno_error(errno, "cannot create", file));
  if (fd >= 0) ::close(fd);
  return {};
}

// A file that is refused is left as it was, its log too.
base::Result<void> check_before_use(SqliteConnection& connection, const std::filesystem::path& file) {
  sqlite3_db_config(connection.handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  const int version = TRY(schema_version(connection, file));
  TRY(check_known_schema(version, migrations(), file));
  sqlite3_db_config(connection.handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
  return {};
}

base::Result<void> use_wal(SqliteConnection& connection, const std::filesystem::path& file) {
  const auto mode = TRY(query_text(connection, "PRAGMA journal_mode=WAL"));
  if (mode == "wal") return {};
  return base::fail(base::Kind::unsupported,
                    fmt::format("{} cannot have a write-ahead log: keep it on a local disk, not on a network share",
                                file.string()));
}

}  // namespace

base::Result<std::unique_ptr<Database>> open_sqlite(const SqliteOptions& options) {
  TRY(make_database_file(options.file));
  auto writer = TRY(SqliteConnection::open(options.file, SqliteConnection::Role::writer, options.cache_mib));
  TRY(check_before_use(*writer, options.file));
  TRY(use_wal(*writer, options.file));
  TRY(migrate(*writer, migrations(), options.file));
  auto database = std::make_unique<SqliteDatabase>(options, std::move(writer));
  TRY(database->open_readers());
  return database;
}

}  // namespace store
