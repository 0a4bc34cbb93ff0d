// SPDX-License-Identifier: Apache-2.0
#include "agent/file_watch.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>

#include "agent/agent_support.hpp"
#include "base/files.hpp"

namespace {

class FileWatchTest : public testing::Test {
 protected:
  void SetUp() override {
    auto watch = agent::FileWatch::start([this](const std::string& path) {
      const std::lock_guard lock(mutex_);
      seen_.insert(path);
    });
    ASSERT_TRUE(watch) << watch.error().message;
    watch_ = std::move(*watch);
  }
  std::string at(const std::string& name) const { return (folder_.path() / name).string(); }
  // Whether it is told of, from now on.
  bool told(const std::string& name, const std::function<void()>& change) {
    {
      const std::lock_guard lock(mutex_);
      seen_.clear();
    }
    change();
    return test::eventually([&] {
      const std::lock_guard lock(mutex_);
      return seen_.contains(at(name));
    });
  }
  void write(const std::string& name) { std::ofstream(at(name)) << "x"; }

  base::TempDir folder_ = std::move(*base::TempDir::create("watch"));
  std::mutex mutex_;
  std::set<std::string> seen_;
  std::unique_ptr<agent::FileWatch> watch_;
};

}  // namespace

TEST_F(FileWatchTest, tells_of_content_mode_and_end) {
  write("daemon.json");
  watch_->watch({at("daemon.json")});
  EXPECT_TRUE(told("daemon.json", [&] { write("daemon.json"); }));
  EXPECT_TRUE(told("daemon.json", [&] { ::chmod(at("daemon.json").c_str(), 0600); }));
  EXPECT_TRUE(told("daemon.json", [&] { std::filesystem::remove(at("daemon.json")); }));
  EXPECT_TRUE(told("daemon.json", [&] { write("daemon.json"); })) << "and when it is there again";
}

TEST_F(FileWatchTest, waits_for_files_in_folders_that_do_not_exist_yet) {
  watch_->watch({at("a/b/c.json")});
  EXPECT_TRUE(told("a/b/c.json", [&] { std::filesystem::create_directories(at("a")); }));
  EXPECT_TRUE(told("a/b/c.json", [&] { std::filesystem::create_directories(at("a/b")); }));
  EXPECT_TRUE(told("a/b/c.json", [&] {
    write("a/b/c.json");
    ::chmod(at("a/b/c.json").c_str(), 0640);
  }));
}

TEST_F(FileWatchTest, tells_of_a_folder_and_what_is_in_it) {
  std::filesystem::create_directory(at("certs.d"));
  watch_->watch({at("certs.d")});
  EXPECT_TRUE(told("certs.d", [&] { write("certs.d/ca.crt"); }));
  EXPECT_TRUE(told("certs.d", [&] { ::chmod(at("certs.d").c_str(), 0700); }));
}

TEST_F(FileWatchTest, goes_on_with_other_paths) {
  write("a");
  write("b");
  watch_->watch({at("a")});
  watch_->watch({at("b")});
  EXPECT_TRUE(told("b", [&] {
    ::chmod(at("a").c_str(), 0600);
    ::chmod(at("b").c_str(), 0600);
  }));
  const std::lock_guard lock(mutex_);
  EXPECT_FALSE(seen_.contains(at("a")));
}
