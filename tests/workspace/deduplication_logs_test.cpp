// SPDX-License-Identifier: Apache-2.0
#include "workspace/deduplication_logs.hpp"

#include <gtest/gtest.h>

#include "base/files.hpp"

namespace workspace {
namespace {

class DeduplicationLogsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(log.parent_path());
    for (const char* part : {"20261129_1_4_1", "20261129_5_5_0_7", "20261130_6_6_0", "tmp_insert_20261129_8_8_0", "detached"})
      std::filesystem::create_directories(table / part);
  }
  std::string mend(const std::string& lines) {
    EXPECT_TRUE(base::write_file_atomically(log, lines));
    const auto lost = forget_lost_inserts(dir.path());
    EXPECT_TRUE(lost) << lost.error().message;
    return std::to_string(lost.value_or(99)) + ":" + base::read_file(log, 1 << 20).value_or("?");
  }

  base::TempDir dir = base::TempDir::create().value();
  std::filesystem::path table = dir.path() / "data" / "store" / "113" / "113463ac-19f3-4b2a-9bf8-49339e62ec32";
  std::filesystem::path log = table / "deduplication_logs" / "deduplication_log_1.txt";
};

TEST_F(DeduplicationLogsTest, keeps_what_stands_or_was_merged) {
  const std::string lines = "1\t20261129_2_2_0\ta\n1\t20261129_5_5_0\tb\n1\t20261130_6_6_0\tc\n";
  EXPECT_EQ(mend(lines), "0:" + lines);
}

TEST_F(DeduplicationLogsTest, takes_away_inserts_without_a_part) {
  EXPECT_EQ(mend("1\t20261129_2_2_0\ta\n1\t20261130_7_7_0\tlost\n1\t20261129_8_8_0\tunfinished\n"), "2:1\t20261129_2_2_0\ta\n");
}

TEST_F(DeduplicationLogsTest, leaves_what_is_no_insert) {
  const std::string lines = "2\t20261128_9_9_0\ta\nno line\n1\tnot_a_part\tx\n\n1\t20261129_18446744073709551616_1_0\tx\n1\t20261129_2_2_0";
  EXPECT_EQ(mend(lines), "0:" + lines);
  EXPECT_EQ(mend(""), "0:");
}

TEST_F(DeduplicationLogsTest, an_engine_that_never_was_has_none) {
  EXPECT_EQ(forget_lost_inserts(dir.path() / "nothing").value_or(99), 0u);
}

}  // namespace
}  // namespace workspace
