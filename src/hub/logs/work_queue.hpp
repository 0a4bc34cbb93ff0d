// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace hub {

// Work that is done one after another, in the order in which it was given, on a thread of the queue's own that is there from
// the first work on. Its end waits until all is done. Thread-safe; work may give more work.
class WorkQueue {
 public:
  WorkQueue() = default;
  WorkQueue(const WorkQueue&) = delete;
  WorkQueue& operator=(const WorkQueue&) = delete;
  ~WorkQueue();

  void add(std::function<void()> work);  // which must not throw

  // Whether any of what was given is not done yet; and waits for that, at most so long.
  bool is_busy() const;
  void wait(std::chrono::milliseconds most) const;

 private:
  void run();

  mutable std::mutex mutex_;  // guards all below
  mutable std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;
  bool working_ = false, ending_ = false;
  std::thread thread_;
};

}  // namespace hub
