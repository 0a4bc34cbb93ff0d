// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/result.hpp"

namespace agent {

// Tells when files and folders come, go, or change in content, owner or mode, by inotify(7). What does not exist is waited for
// where it would be. What may not be watched (folders of root's alone) is left to whoever looks from time to time.
class FileWatch {
 public:
  // `on_change` is called with one of the watched paths, on the watch's thread. Kind::unavailable where the system has no more
  // watches to give.
  static base::Result<std::unique_ptr<FileWatch>> start(std::function<void(const std::string& path)> on_change);
  FileWatch(const FileWatch&) = delete;
  FileWatch& operator=(const FileWatch&) = delete;
  ~FileWatch();

  // These, and no others. Absolute paths. Thread-safe.
  void watch(const std::vector<std::string>& paths);

 private:
  FileWatch(std::function<void(const std::string&)> on_change, int watches, int stop);
  void run();
  void read_events();
  void event(const std::set<std::string>& folders, std::string_view name);
  void renew();
  void add(const std::string& path);

  const std::function<void(const std::string&)> on_change_;
  const int watches_, stop_;  // descriptors: of inotify, of an eventfd
  std::mutex mutex_;          // guards those below
  std::set<std::string> paths_;
  std::map<int, std::set<std::string>> folders_;  // by watch; one folder may go by several names
  std::set<std::string> found_;                   // watched paths that an event in hand is about
  bool renew_ = false;                            // a folder on the way to a path came or went
  std::thread thread_;  // last
};

}  // namespace agent
