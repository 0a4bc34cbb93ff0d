// SPDX-License-Identifier: Apache-2.0
#include "base/memory.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "base/files.hpp"

namespace {

class Memory : public ::testing::Test {
 protected:
  void file(const std::string& path, const std::string& text) {
    std::filesystem::create_directories((root.path() / path).parent_path());
    std::ofstream(root.path() / path) << text;
  }
  std::uint64_t left() const { return base::memory_left(root.path()); }
  base::TempDir root = base::TempDir::create("memory").value();
};

TEST_F(Memory, IsTheMachinesWhereNoGroupAllowsLess) {
  file("proc/meminfo", "MemTotal:       4000 kB\nMemFree:        100 kB\nMemAvailable:   3000 kB\n");
  EXPECT_EQ(left(), 3000u * 1024);
  file("proc/self/cgroup", "0::/system.slice/hub.service\n");
  file("sys/fs/cgroup/system.slice/hub.service/memory.max", "max\n");
  file("sys/fs/cgroup/system.slice/hub.service/memory.current", "123\n");
  EXPECT_EQ(left(), 3000u * 1024);
}

TEST_F(Memory, IsThatOfTheTightestGroupAbove) {
  file("proc/meminfo", "MemAvailable:   3000 kB\n");
  file("proc/self/cgroup", "4:memory:/old\n0::/system.slice/hub.service\n");
  file("sys/fs/cgroup/system.slice/hub.service/memory.max", "1000000\n");
  file("sys/fs/cgroup/system.slice/hub.service/memory.current", "600000\n");
  file("sys/fs/cgroup/system.slice/hub.service/memory.stat", "anon 400000\ninactive_file 150000\n");
  EXPECT_EQ(left(), 550000u);
  file("sys/fs/cgroup/system.slice/memory.max", "700000\n");
  file("sys/fs/cgroup/system.slice/memory.current", "650000\n");
  EXPECT_EQ(left(), 50000u);
  file("sys/fs/cgroup/system.slice/memory.current", "800000\n");
  EXPECT_EQ(left(), 0u);
}

TEST_F(Memory, OfAContainerIsThatOfTheMountedGroup) {
  file("proc/self/cgroup", "0::/../outside\n");
  file("sys/fs/cgroup/memory.max", "5000\n");
  file("sys/fs/cgroup/memory.current", "2000\n");
  EXPECT_EQ(left(), 3000u);
}

TEST_F(Memory, IsThatOfAGroupOfTheFirstVersion) {
  file("proc/meminfo", "MemAvailable:   3000 kB\n");
  file("proc/self/cgroup", "4:memory:/docker/abc\n0::/\n");
  file("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
  file("sys/fs/cgroup/memory/memory.usage_in_bytes", "100000000\n");
  file("sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes", "700000\n");
  file("sys/fs/cgroup/memory/docker/abc/memory.usage_in_bytes", "650000\n");
  file("sys/fs/cgroup/memory/docker/abc/memory.stat", "inactive_file 1\ntotal_inactive_file 40000\n");
  EXPECT_EQ(left(), 90000u);
}

TEST_F(Memory, IsUnlimitedWhereNothingIsKnown) { EXPECT_EQ(left(), UINT64_MAX); }

TEST(MemoryHere, IsMoreThanNothing) {
  EXPECT_GT(base::memory_left(), 0u);
  EXPECT_LT(base::memory_left(), UINT64_MAX);
}

}  // namespace
