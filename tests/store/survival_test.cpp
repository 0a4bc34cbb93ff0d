// SPDX-License-Identifier: Apache-2.0
// What happens to the store when a process is killed, a disk fills up, or a backup runs while others write.
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "store_testing.hpp"

namespace {

using store::Session;
using testing::HasSubstr;

class Survival : public store_testing::StoreTest {};

base::Result<void> put_number(store::Database& database, std::int64_t number) {
  return database.write([&](Session& session) -> base::Result<void> {
    TRY(session.run("INSERT INTO settings VALUES (?, ?)", {std::to_string(number), std::string(500, 'v')}));
    return session.run("INSERT INTO jobs (kind, subject, payload, state, attempts, again, run_at, lease_owner, lease_until, "
                       "progress, error, created_at, finished_at) VALUES ('k', ?, '', 'queued', 0, 0, 0, '', 0, '', '', 0, 0)",
                       {std::to_string(number)});
  });
}

// A child that writes numbers from `first` on and tells each to the pipe once it is committed, until it is killed.
pid_t start_writer(const std::filesystem::path& file, int pipe_end, std::int64_t first) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  auto database = store::open_sqlite({file});
  if (!database) ::_exit(1);
  for (std::int64_t number = first;; ++number) {
    if (!put_number(**database, number)) ::_exit(2);
    if (::write(pipe_end, &number, sizeof number) != sizeof number) ::_exit(3);
  }
}

TEST_F(Survival, keeps_every_acknowledged_row_through_kill_9) {
  database_.reset();  // no lock and no thread of this process is in the child's way
  std::int64_t acknowledged = 0;
  for (int round = 0; round < 20; ++round) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const std::int64_t first = acknowledged + 1'000 * (round + 1);  // beyond a row that was written and not acknowledged
    const pid_t child = start_writer(file(), ends[1], first);
    ::close(ends[1]);
    std::int64_t last = 0, number = 0;
    const int enough = 1 + round * 3;
    for (int i = 0; i < enough && ::read(ends[0], &number, sizeof number) == sizeof number; ++i) last = number;
    ::kill(child, SIGKILL);
    while (::read(ends[0], &number, sizeof number) == sizeof number) last = number;
    ::close(ends[0]);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the writer ended by itself with " << WEXITSTATUS(status);

    reopen();
    const auto range = " WHERE CAST(name AS INTEGER) BETWEEN " + std::to_string(first) + " AND " + std::to_string(last);
    ASSERT_EQ(count("SELECT count(*) FROM settings" + range), last - first + 1) << "round " << round;
    ASSERT_EQ(count("SELECT count(*) FROM settings"), count("SELECT count(*) FROM jobs")) << "half a transaction";
    const auto checked = database_->check();
    ASSERT_TRUE(checked) << checked.error().message;
    database_.reset();
    acknowledged = last;
  }
}

// Writes until it fails; the error, and how many rows were acknowledged.
std::pair<base::Error, std::int64_t> fill(store::Database& database) {
  for (std::int64_t number = 0; number < 100'000; ++number)
    if (const auto put = put_number(database, number); !put) return {put.error(), number};
  return {{base::Kind::internal, "it never filled up"}, 0};
}

void expect_full_and_readable(store::Database& database, const std::string& file) {
  const auto [error, acknowledged] = fill(database);
  EXPECT_EQ(error.kind, base::Kind::unavailable) << error.message;
  EXPECT_THAT(error.message, HasSubstr("the disk that holds " + file + " is full"));
  EXPECT_THAT(error.message, HasSubstr("reads go on"));
  std::int64_t rows = -1;
  const auto read = database.read([&](Session& session) -> base::Result<void> {
    rows = TRY(store::query_integer(session, "SELECT count(*) FROM settings")).value_or(-1);
    return {};
  });
  EXPECT_TRUE(read) << read.error().message;
  EXPECT_EQ(rows, acknowledged);
  EXPECT_TRUE(database.check());
}

TEST_F(Survival, reads_on_when_the_file_may_not_grow) {
  database_.reset();
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{1 << 20, 1 << 20};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    auto database = store::open_sqlite({file()});
    if (database) expect_full_and_readable(**database, file().string());
    ::_exit(database && !HasFailure() ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST_F(Survival, reads_on_when_the_disk_is_full_and_writes_again_when_it_is_not) {
  const auto mount = folder_.path() / "small";
  std::filesystem::create_directory(mount);
  if (::mount("tmpfs", mount.c_str(), "tmpfs", 0, "size=2m") != 0) GTEST_SKIP() << "mounting a small tmpfs takes root";
  const std::shared_ptr<void> unmount(nullptr, [&](void*) { EXPECT_EQ(::umount(mount.c_str()), 0); });
  const auto file = mount / "state.db";
  const auto ballast = mount / "ballast";
  ASSERT_TRUE(base::write_file_atomically(ballast, std::string(512 << 10, 'b')));
  auto database = store::open_sqlite({file});
  ASSERT_TRUE(database) << database.error().message;
  expect_full_and_readable(**database, file.string());
  std::filesystem::remove(ballast);
  const auto again = put_number(**database, 1'000'000);
  EXPECT_TRUE(again) << again.error().message;
  EXPECT_TRUE((*database)->check());
}

TEST_F(Survival, backs_up_a_consistent_copy_while_others_write) {
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    for (std::int64_t number = 0; !stop; ++number) ASSERT_TRUE(put_number(*database_, number));
  });
  while (count("SELECT count(*) FROM settings") < 50) std::this_thread::yield();
  const auto backup = folder_.path() / "backup.db";
  for (int i = 0; i < 5; ++i) {
    const auto before = count("SELECT count(*) FROM settings");
    const auto done = database_->backup_to(backup);
    ASSERT_TRUE(done) << done.error().message;
    auto copy = store::open_sqlite({backup});
    ASSERT_TRUE(copy) << copy.error().message;
    EXPECT_TRUE((*copy)->check());
    ASSERT_TRUE((*copy)->read([&](Session& session) -> base::Result<void> {
      const auto settings = TRY(store::query_integer(session, "SELECT count(*) FROM settings"));
      EXPECT_GE(settings, before);
      EXPECT_EQ(settings, TRY(store::query_integer(session, "SELECT count(*) FROM jobs")));
      return {};
    }));
  }
  stop = true;
  writer.join();
}

TEST_F(Survival, leaves_one_file_for_its_owner_as_a_backup) {
  ASSERT_TRUE(run("INSERT INTO settings VALUES ('a', '1')"));
  const auto folder = folder_.path() / "backups";
  std::filesystem::create_directory(folder);
  ASSERT_TRUE(database_->backup_to(folder / "one.db"));
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) names.push_back(entry.path().filename());
  EXPECT_EQ(names, std::vector<std::string>{"one.db"});
  EXPECT_EQ(std::filesystem::status(folder / "one.db").permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(Survival, refuses_to_back_up_onto_itself_and_leaves_nothing_where_it_fails) {
  EXPECT_EQ(database_->backup_to(file()).error().kind, base::Kind::invalid_input);
  EXPECT_EQ(database_->backup_to(folder_.path() / "missing" / "x.db").error().kind, base::Kind::not_found);
  const auto target = folder_.path() / "folder";
  std::filesystem::create_directories(target / "full");
  EXPECT_FALSE(database_->backup_to(target));
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path()))
    EXPECT_THAT(entry.path().filename().string(), testing::Not(HasSubstr("folder.")));
}

}  // namespace
