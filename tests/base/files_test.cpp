// SPDX-License-Identifier: Apache-2.0
#include "base/files.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>

namespace {

TEST(Files, a_file_is_replaced_whole) {
  const auto dir = base::TempDir::create("bulwark-files");
  ASSERT_TRUE(dir);
  const auto path = dir->path() / "deep" / "file";
  ASSERT_TRUE(base::write_file_atomically(path, "a longer text"));
  ASSERT_TRUE(base::write_file_atomically(path, "short", 0600));
  EXPECT_EQ(base::read_file(path).value(), "short");
  struct stat status{};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777u, 0600u);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(path.parent_path()), {}), 1) << "a temporary file was left";
}

TEST(Files, a_pipe_is_written_through_and_stays_a_pipe) {
  const auto dir = base::TempDir::create("bulwark-files");
  ASSERT_TRUE(dir);
  const auto pipe = dir->path() / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  ASSERT_GE(reader, 0);
  EXPECT_TRUE(base::write_file_atomically(pipe, "a report"));
  char got[16]{};
  EXPECT_EQ(::read(reader, got, sizeof got), 8);
  EXPECT_EQ(std::string(got), "a report");
  ::close(reader);
  EXPECT_TRUE(std::filesystem::is_fifo(pipe));
}

}  // namespace
