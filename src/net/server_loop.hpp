// SPDX-License-Identifier: Apache-2.0
// One thread that waits for many sockets and deadlines: Asio's reactor behind plain callbacks, so that Asio is compiled in
// one file.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

namespace net {

class IoLoop {
 public:
  using Task = std::function<void()>;

  IoLoop();
  IoLoop(const IoLoop&) = delete;
  IoLoop& operator=(const IoLoop&) = delete;
  ~IoLoop();

  void run();             // on one thread, until release() was called and nothing is waited for any more
  void release();         // thread-safe
  void post(Task task);   // thread-safe; runs it on the loop's thread
  std::vector<char>& scratch() { return scratch_; }  // for reads, on the loop's thread

  struct Impl;
  Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
  std::vector<char> scratch_;
};

// A socket that is waited for, owned. On its loop's thread alone. Callbacks are dropped uncalled by close().
class WatchedSocket {
 public:
  WatchedSocket(IoLoop& loop, int fd);
  WatchedSocket(const WatchedSocket&) = delete;
  WatchedSocket& operator=(const WatchedSocket&) = delete;
  ~WatchedSocket();

  int fd() const { return fd_; }
  void when_readable(IoLoop::Task task);
  void when_writable(IoLoop::Task task);
  void close();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
  int fd_;
};

// A moment at which something is called once, unless it is set again or cleared. On its loop's thread alone.
class Deadline {
 public:
  explicit Deadline(IoLoop& loop);
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;
  ~Deadline();

  void set(std::chrono::milliseconds from_now, IoLoop::Task task);
  void clear();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace net
