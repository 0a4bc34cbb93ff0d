// SPDX-License-Identifier: Apache-2.0
// An engine for tests: HTTP on a Unix socket in a folder of its own, which answers what the test writes, byte by byte. One
// thread a connection; all ended with the object.
#pragma once

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/files.hpp"
#include "net/loopback_server.hpp"

namespace test {

class FakeEngine {
 public:
  // Called for each request with its target ("/info"); false closes the connection.
  using Handler = std::function<bool(net_test::Connection&, const std::string& target)>;

  explicit FakeEngine(Handler handler) : handler_(std::move(handler)), folder_(std::move(*base::TempDir::create("engine"))) {
    listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path().c_str(), path().size());
    ::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    ::listen(listener_, 16);
    acceptor_ = std::thread([this] { accept_all(); });
  }
  FakeEngine(const FakeEngine&) = delete;
  FakeEngine& operator=(const FakeEngine&) = delete;
  ~FakeEngine() {
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    {
      const std::lock_guard lock(mutex_);
      for (const int fd : open_) ::shutdown(fd, SHUT_RDWR);
    }
    for (std::thread& worker : workers_) worker.join();
    for (const int fd : open_) ::close(fd);
    ::close(listener_);
  }

  std::string path() const { return (folder_.path() / "engine.sock").string(); }

 private:
  void accept_all() {
    for (;;) {
      const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) return;
      const std::lock_guard lock(mutex_);
      open_.push_back(fd);
      workers_.emplace_back([this, fd] { serve(fd); });
    }
  }

  void serve(int fd) {
    net_test::Connection connection(fd);
    for (;;) {
      const std::string head = connection.read_request();
      const auto begin = head.find(' '), end = head.find(' ', begin + 1);
      if (head.empty() || end == std::string::npos || !handler_(connection, head.substr(begin + 1, end - begin - 1))) break;
    }
    ::shutdown(fd, SHUT_RDWR);
  }

  const Handler handler_;
  const base::TempDir folder_;
  int listener_ = -1;
  std::thread acceptor_;
  std::mutex mutex_;  // guards open_ and workers_
  std::vector<int> open_;
  std::vector<std::thread> workers_;
};

}  // namespace test
