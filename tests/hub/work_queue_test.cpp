// SPDX-License-Identifier: Apache-2.0
#include "hub/logs/work_queue.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <set>
#include <vector>

namespace hub {
namespace {

TEST(WorkQueue, does_all_work_in_order_on_one_other_thread_before_it_ends) {
  std::vector<int> done;
  std::set<std::thread::id> threads;
  {
    WorkQueue queue;
    for (int i = 0; i < 100; ++i) {
      queue.add([&, i] {
        done.push_back(i);
        threads.insert(std::this_thread::get_id());
        if (i == 99) queue.add([&] { done.push_back(100); });
      });
    }
  }
  ASSERT_EQ(done.size(), 101u);
  for (int i = 0; i <= 100; ++i) EXPECT_EQ(done[static_cast<std::size_t>(i)], i);
  EXPECT_EQ(threads.size(), 1u);
  EXPECT_EQ(threads.count(std::this_thread::get_id()), 0u);
}

TEST(WorkQueue, is_waited_for_until_all_work_is_done) {
  WorkQueue queue;
  EXPECT_FALSE(queue.is_busy());
  queue.wait(std::chrono::seconds(0));
  std::promise<void> go;
  std::atomic<bool> done = false;
  queue.add([&] { go.get_future().wait(); });
  queue.add([&] { done = true; });
  EXPECT_TRUE(queue.is_busy());
  queue.wait(std::chrono::milliseconds(1));  // no longer than that
  EXPECT_FALSE(done);
  go.set_value();
  queue.wait(std::chrono::minutes(1));
  EXPECT_TRUE(done);
  EXPECT_FALSE(queue.is_busy());
}

}  // namespace
}  // namespace hub
