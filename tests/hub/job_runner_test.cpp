// SPDX-License-Identifier: Apache-2.0
#include "hub/job_runner.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "base/files.hpp"
#include "store/database.hpp"

namespace {

using Clock = std::chrono::steady_clock;

// Of the threads that wait one renews leases: a job that only that one is told of would lie until all look by themselves.
TEST(JobRunner, takes_each_job_as_soon_as_it_is_told) {
  const auto folder = base::TempDir::create();
  ASSERT_TRUE(folder);
  const auto database = store::open_sqlite({folder->path() / "state.db"});
  ASSERT_TRUE(database) << database.error().message;
  std::mutex mutex;
  std::condition_variable changed;
  int ran = 0;
  hub::JobRunner runner(**database, 2);
  runner.add("test", {[&](const store::Job&) -> base::Result<void> {
                        const std::lock_guard lock(mutex);
                        ++ran;
                        changed.notify_all();
                        return {};
                      },
                      {}});
  ASSERT_TRUE(runner.start());
  for (int i = 1; i <= 12; ++i) {
    const auto begin = Clock::now();
    ASSERT_TRUE((*database)->write([&](store::Session& session) -> base::Result<void> {
      TRY(store::enqueue(session, "test", std::to_string(i), "{}", store::now_ms()));
      return {};
    }));
    runner.wake();
    std::unique_lock lock(mutex);
    ASSERT_TRUE(changed.wait_for(lock, std::chrono::seconds(10), [&] { return ran == i; })) << i;
    EXPECT_LT(Clock::now() - begin, std::chrono::milliseconds(1'500)) << i;
  }
}

}  // namespace
