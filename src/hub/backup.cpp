// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <initializer_list>
#include <optional>

#include "base/files.hpp"
#include "base/process.hpp"
#include "hub/hub.hpp"
#include "store/database.hpp"
#include "workspace/folder_copy.hpp"

namespace hub {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::hours kArchiveTime{12};
constexpr std::string_view kStagingPrefix = ".backup-";
// Of tar: a file changed while it was read. A linked one whose other name goes meanwhile is taken for that; none is written to.
constexpr int kTarSawChange = 1;

base::Result<void> run_tar(std::vector<std::string> argv, int tolerated = 0) {
  argv.insert(argv.begin(), "tar");
  const auto done = TRY(base::run_process(argv, {}, kArchiveTime));
  if (done.exit_code != 0 && done.exit_code != tolerated) return base::fail(base::Kind::unavailable, fmt::format("tar failed: {}", done.err.substr(0, 500)));
  return {};
}

base::Result<void> copy_into(const fs::path& from, const fs::path& to) {
  std::error_code failure;
  if (!fs::exists(from, failure)) return {};
  fs::copy(from, to, fs::copy_options::recursive, failure);
  if (failure) return base::fail(base::Kind::unavailable, fmt::format("{} cannot be copied: {}", from.string(), failure.message()));
  return {};
}

// A folder in the data directory, so that files can be linked into it. It is removed with its object, or by the next backup
// where the process ended before.
class Staging {
 public:
  static base::Result<Staging> make(const fs::path& data_dir) {
    remove_left_over(data_dir);
    std::string name = (data_dir / kStagingPrefix).string() + "XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) return base::fail(base::errno_error(errno, "cannot make a folder in", data_dir));
    Staging made(name, ::open(name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (made.fd_ < 0 || ::flock(made.fd_, LOCK_EX | LOCK_NB) != 0) return base::fail(base::errno_error(errno, "cannot lock", name));
    return made;
  }
  Staging(Staging&& other) noexcept : path_(std::exchange(other.path_, {})), fd_(std::exchange(other.fd_, -1)) {}
  Staging& operator=(Staging&&) = delete;
  ~Staging() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
    if (fd_ >= 0) ::close(fd_);
  }
  const fs::path& path() const { return path_; }

 private:
  Staging(fs::path path, int fd) : path_(std::move(path)), fd_(fd) {}

  static void remove_left_over(const fs::path& data_dir) {
    std::error_code failure;
    for (fs::directory_iterator at(data_dir, failure), end; !failure && at != end; at.increment(failure)) {
      const std::string name = at->path().filename().string();
      if (std::string_view(name).substr(0, kStagingPrefix.size()) != kStagingPrefix) continue;
      Staging found({}, ::open(at->path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
      if (found.fd_ >= 0 && ::flock(found.fd_, LOCK_EX | LOCK_NB) == 0) found.path_ = at->path();
    }
  }

  fs::path path_;
  int fd_;
};

base::Result<void> copy_state(const fs::path& data_dir, const fs::path& to) {
  const auto database = TRY(store::open_sqlite({data_dir / "state.db"}));
  return database->backup_to(to / "state.db");
}

// State and records as of one moment. Records are taken in meanwhile, and wait in the spool: those that were acknowledged
// before are all in the copy.
base::Result<void> copy_stores(const fs::path& data_dir, const fs::path& to) {
  const fs::path workspaces = data_dir / "workspace";
  std::error_code ignored;
  if (!fs::exists(workspaces, ignored)) return copy_state(data_dir, to);
  const auto closed = TRY(workspace::gate_of(workspaces).close());
  TRY(copy_state(data_dir, to));
  return workspace::copy_folder(workspaces, to / "workspace", closed);
}

base::Result<void> check_restored(const fs::path& data_dir) {
  const auto database = TRY(store::open_sqlite({data_dir / "state.db"}));
  TRY(database->check());
  std::error_code ignored;
  if (!fs::exists(data_dir / "workspace", ignored)) return {};
  return workspace::check_folder_copy(data_dir / "workspace");
}

base::Result<void> backup_with(const fs::path& data_dir, const fs::path& archive, std::initializer_list<const char*> further) {
  const Staging staging = TRY(Staging::make(data_dir));
  TRY(copy_stores(data_dir, staging.path()));
  for (const auto* name : further) TRY(copy_into(data_dir / name, staging.path() / name));
  const auto part = archive.string() + ".part";
  TRY(base::write_file_atomically(part, {}, 0600));  // before the keys are in it
  // Most of it is compressed already, by the engine.
  TRY(run_tar({"-C", staging.path().string(), "-I", "gzip -1", "-cf", part, "."}, kTarSawChange));
  std::error_code failure;
  fs::rename(part, archive, failure);
  if (failure) return base::fail(base::Kind::unavailable, fmt::format("{} cannot be written: {}", archive.string(), failure.message()));
  return {};
}

}  // namespace

base::Result<void> backup(const fs::path& data_dir, const fs::path& archive) {
  if (!fs::exists(data_dir / "state.db")) return base::fail(base::Kind::not_found, fmt::format("{} is no data directory of a hub: it has no state.db", data_dir.string()));
  return backup_with(data_dir, archive, {"hub.key", "tls", "advisories.db"});
}

base::Result<base::MappedFile> backup_without_keys(const fs::path& data_dir) {
  const Staging staging = TRY(Staging::make(data_dir));
  const auto archive = staging.path() / "archive";
  TRY(backup_with(data_dir, archive, {"advisories.db"}));
  return base::MappedFile::open(archive);
}

base::Result<void> restore(const fs::path& archive, const fs::path& data_dir) {
  std::error_code failure;
  if (fs::exists(data_dir, failure) && !fs::is_empty(data_dir, failure))
    return base::fail(base::Kind::conflict, fmt::format("{} is not empty; restore into a new directory", data_dir.string()));
  const fs::path part = data_dir.string() + ".part";
  fs::remove_all(part, failure);
  fs::create_directories(part, failure);
  fs::permissions(part, fs::perms::owner_all, failure);
  const auto restored = [&]() -> base::Result<void> {
    TRY(run_tar({"-C", part.string(), "--no-same-owner", "-xzf", archive.string()}));
    if (!fs::exists(part / "state.db")) return base::fail(base::Kind::invalid_input, fmt::format("{} is no backup of a hub: it holds no state.db", archive.string()));
    return check_restored(part);
  }();
  if (!restored) {
    fs::remove_all(part, failure);
    return restored;
  }
  fs::remove(data_dir, failure);  // where it was there, and empty
  fs::rename(part, data_dir, failure);
  if (failure) return base::fail(base::Kind::unavailable, fmt::format("{} cannot be made: {}", data_dir.string(), failure.message()));
  return {};
}

}  // namespace hub
