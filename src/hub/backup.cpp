// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/files.hpp"
#include "base/process.hpp"
#include "hub/hub.hpp"
#include "store/database.hpp"

namespace hub {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::minutes kArchiveTime{30};

base::Result<void> run_tar(std::vector<std::string> argv) {
  argv.insert(argv.begin(), "tar");
  const auto done = TRY(base::run_process(argv, {}, kArchiveTime));
  if (done.exit_code != 0) return base::fail(base::Kind::unavailable, fmt::format("tar failed: {}", done.err.substr(0, 500)));
  return {};
}

base::Result<void> copy_into(const fs::path& from, const fs::path& to) {
  std::error_code failure;
  if (!fs::exists(from, failure)) return {};
  fs::copy(from, to, fs::copy_options::recursive, failure);
  if (failure) return base::fail(base::Kind::unavailable, fmt::format("{} cannot be copied: {}", from.string(), failure.message()));
  return {};
}

base::Result<void> check_state(const fs::path& file) {
  const auto database = TRY(store::open_sqlite({file}));
  return database->check();
}

}  // namespace

base::Result<void> backup(const fs::path& data_dir, const fs::path& archive) {
  if (!fs::exists(data_dir / "state.db")) return base::fail(base::Kind::not_found, fmt::format("{} is no data directory of a hub: it has no state.db", data_dir.string()));
  const auto folder = TRY(base::TempDir::create("bulwark-backup"));
  const auto database = TRY(store::open_sqlite({data_dir / "state.db"}));
  TRY(database->backup_to(folder.path() / "state.db"));
  for (const auto* name : {"hub.key", "tls", "advisories.db"}) TRY(copy_into(data_dir / name, folder.path() / name));
  const auto part = archive.string() + ".part";
  TRY(run_tar({"-C", folder.path().string(), "-czf", part, "."}));
  std::error_code failure;
  fs::permissions(part, fs::perms::owner_read | fs::perms::owner_write, failure);  // it holds the key
  fs::rename(part, archive, failure);
  if (failure) return base::fail(base::Kind::unavailable, fmt::format("{} cannot be written: {}", archive.string(), failure.message()));
  return {};
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
    return check_state(part / "state.db");
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
