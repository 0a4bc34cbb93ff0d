// SPDX-License-Identifier: Apache-2.0
#include "workspace/write_gate.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "base/files.hpp"

namespace workspace {
namespace {

class WriteGateTest : public ::testing::Test {
 protected:
  base::TempDir folder = base::TempDir::create().value();
  const WriteGate gate{folder.path() / "gate"};
};

TEST_F(WriteGateTest, lets_many_writers_in_at_once) {
  const auto first = gate.pass(), second = gate.pass();
  EXPECT_TRUE(first);
  EXPECT_TRUE(second);
}

TEST_F(WriteGateTest, keeps_writers_out_until_it_is_opened) {
  std::optional<base::Result<WriteGate::Hold>> closed(gate.close());
  ASSERT_TRUE(*closed);
  std::atomic<bool> opened{false}, early{false};
  std::promise<void> started;
  std::thread writer([&] {
    started.set_value();
    const auto hold = gate.pass();
    early = !opened;
    EXPECT_TRUE(hold);
  });
  started.get_future().wait();
  opened = true;
  closed.reset();
  writer.join();
  EXPECT_FALSE(early);
}

TEST_F(WriteGateTest, waits_for_the_writers_that_are_in) {
  std::optional<base::Result<WriteGate::Hold>> writer(gate.pass());
  std::atomic<bool> left{false};
  auto backup = std::async(std::launch::async, [&] { return gate.close().has_value() && left; });
  EXPECT_EQ(backup.wait_for(std::chrono::milliseconds(0)), std::future_status::timeout);
  left = true;
  writer.reset();
  EXPECT_TRUE(backup.get());
}

TEST_F(WriteGateTest, is_not_kept_open_by_writers_who_come_and_go) {
  std::atomic<bool> stop{false};
  std::vector<std::thread> writers;
  for (int i = 0; i < 4; ++i)
    writers.emplace_back([&] {
      while (!stop) EXPECT_TRUE(gate.pass());
    });
  auto backup = std::async(std::launch::async, [&] { return gate.close().has_value(); });
  EXPECT_EQ(backup.wait_for(std::chrono::seconds(30)), std::future_status::ready);
  stop = true;
  for (std::thread& writer : writers) writer.join();
  EXPECT_TRUE(backup.get());
}

TEST_F(WriteGateTest, names_a_file_that_cannot_be) {
  const auto none = WriteGate(folder.path() / "missing" / "gate").pass();
  ASSERT_FALSE(none);
  EXPECT_NE(none.error().message.find("missing/gate"), std::string::npos);
}

}  // namespace
}  // namespace workspace
