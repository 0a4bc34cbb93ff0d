// SPDX-License-Identifier: Apache-2.0
// The state store: one relational database, behind a seam small enough to be served by another engine one day. SQL
// stays within what SQLite and PostgreSQL share.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"

namespace store {

// A parameter of a statement. Text and blobs are views: they must live until the call returns.
struct Blob {
  std::string_view bytes;
};
using Value = std::variant<std::nullptr_t, std::int64_t, double, std::string_view, Blob>;

// One row of a result, valid inside the callback alone. Columns count from 0; NULL reads as 0, 0.0 and "".
class Row {
 public:
  virtual std::int64_t integer(int column) const = 0;
  virtual double real(int column) const = 0;
  virtual std::string_view text(int column) const = 0;  // of blobs too
  virtual bool is_null(int column) const = 0;

 protected:
  ~Row() = default;
};

using OnRow = std::function<void(const Row&)>;

// A transaction in progress; used by the thread that got it, inside the function that got it.
class Session {
 public:
  // Runs one statement with parameters for its `?`, in order. Kind::conflict: a constraint does not hold;
  // Kind::unavailable: the disk is full or cannot be written (the message says so); Kind::internal: wrong SQL.
  virtual base::Result<void> run(std::string_view sql, const std::vector<Value>& parameters = {}) = 0;
  virtual base::Result<void> query(std::string_view sql, const std::vector<Value>& parameters, const OnRow& on_row) = 0;
  virtual std::int64_t changes() const = 0;         // rows that the last `run` touched
  virtual std::int64_t last_insert_id() const = 0;  // of the last INSERT into a table with an INTEGER PRIMARY KEY

  // Called after the transaction is committed, in order; not at all where it is not. For telling others of a change.
  virtual void after_commit(std::function<void()> action) = 0;

 protected:
  ~Session() = default;
};

// The first column of the first row; nothing where there is no row.
base::Result<std::optional<std::int64_t>> query_integer(Session& session, std::string_view sql,
                                                        const std::vector<Value>& parameters = {});
base::Result<std::optional<std::string>> query_text(Session& session, std::string_view sql,
                                                    const std::vector<Value>& parameters = {});

// Thread-safe. Writers take turns, each in one transaction that is durable (synced) when `write` returns; readers run
// beside them, each on a snapshot.
class Database {
 public:
  virtual ~Database() = default;

  using Work = std::function<base::Result<void>(Session&)>;
  virtual base::Result<void> write(const Work& work) = 0;  // commits where `work` succeeds, else rolls back; not within another
  virtual base::Result<void> read(const Work& work) = 0;   // within another read on the same thread: in its snapshot

  // A consistent copy of the whole database as one file, taken while others go on.
  virtual base::Result<void> backup_to(const std::filesystem::path& file) = 0;
  virtual base::Result<void> check() = 0;  // Kind::corrupt says what does not hold (PRAGMA integrity_check)
};

struct SqliteOptions {
  std::filesystem::path file;    // made where missing
  std::size_t readers = 4;       // connections for reading
  std::size_t cache_mib = 16;    // of pages, a connection
};

// SQLite in WAL mode, synchronous=FULL. Brings the schema up to date (migrations.hpp): Kind::unsupported where the file
// was written by a newer Bulwark; it is then left as it was.
base::Result<std::unique_ptr<Database>> open_sqlite(const SqliteOptions& options);

}  // namespace store
