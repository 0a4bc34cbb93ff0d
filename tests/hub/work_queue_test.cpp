// SPDX-License-Identifier: Apache-2.0
#include "hub/logs/work_queue.hpp"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace hub
