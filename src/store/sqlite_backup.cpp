// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite_backup.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "base/files.hpp"

namespace store {

namespace {

// A file beside the target, removed unless it was renamed.
class BackupFile {
 public:
  explicit BackupFile(const std::filesystem::path& target) : name_(target.string() + ".XXXXXX") {}
  BackupFile(const BackupFile&) = delete;
  BackupFile& operator=(const BackupFile&) = delete;
  ~BackupFile() {
    if (fd_ >= 0) ::close(fd_);
    if (made_) ::unlink(name_.c_str());
  }

  base::Result<void> make() {
    fd_ = ::mkostemp(name_.data(), O_CLOEXEC);  // for its owner alone
    if (fd_ < 0) return base::fail(base::errno_error(errno, "cannot create a file beside", name_));
    made_ = true;
    return {};
  }

  base::Result<void> sync_and_rename(const std::filesystem::path& target) {
    if (::fsync(fd_) != 0) return base::fail(base::errno_error(errno, "cannot write", name_));
    if (::rename(name_.c_str(), target.c_str()) != 0) return base::fail(base::errno_error(errno, "cannot replace", target));
    made_ = false;
    return sync_folder(target);
  }

  const std::string& name() const { return name_; }

 private:
  static base::Result<void> sync_folder(const std::filesystem::path& target) {
    const auto folder = target.has_parent_path() ? target.parent_path() : std::filesystem::path(".");
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool synced = fd >= 0 && ::fsync(fd) == 0;
    const int why = errno;
    if (fd >= 0) ::close(fd);
    if (!synced) return base::fail(base::errno_error(why, "cannot sync", folder));
    return {};
  }

  std::string name_;
  int fd_ = -1;
  bool made_ = false;
};

// One step for all pages: it reads one snapshot, so that no writer makes it start again.
base::Result<void> copy_pages(SqliteConnection& source, SqliteConnection& copy) {
  sqlite3_backup* backup = sqlite3_backup_init(copy.handle(), "main", source.handle(), "main");
  if (!backup) return base::fail(copy.error(sqlite3_extended_errcode(copy.handle()), "starting a backup"));
  const int stepped = sqlite3_backup_step(backup, -1);
  const int finished = sqlite3_backup_finish(backup);
  if (stepped == SQLITE_DONE && finished == SQLITE_OK) return {};
  return base::fail(copy.error(finished == SQLITE_OK ? stepped : finished, "copying its pages"));
}

}  // namespace

base::Result<void> backup_sqlite(SqliteConnection& source, const std::filesystem::path& file,
                                 const std::filesystem::path& target) {
  std::error_code ignored;
  if (std::filesystem::equivalent(file, target, ignored))
    return base::fail(base::Kind::invalid_input,
                      fmt::format("{} is the database itself: name another file for its backup", target.string()));
  BackupFile beside(target);
  TRY(beside.make());
  {
    const auto copy = TRY(SqliteConnection::open(beside.name(), SqliteConnection::Role::writer, 1));
    // The copy is synced once, as a whole; a journal would only be thrown away with it.
    TRY(copy->script("PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF;"));
    TRY_CONTEXT(copy_pages(source, *copy), fmt::format("backing {} up", file.string()));
  }
  return beside.sync_and_rename(target);
}

}  // namespace store
