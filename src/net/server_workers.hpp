// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace net {

// Threads that run tasks from a bounded queue. Thread-safe.
class WorkerPool {
 public:
  WorkerPool(std::size_t threads, std::size_t most_queued);
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;
  ~WorkerPool();  // ends

  bool submit(std::function<void()> task);  // false where the queue is full or the pool has ended
  void end();                               // waits for tasks that run; drops those that wait

 private:
  void work();

  const std::size_t most_queued_;
  std::mutex mutex_;  // guards tasks_ and ended_
  std::condition_variable has_task_;
  std::deque<std::function<void()>> tasks_;
  bool ended_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace net
