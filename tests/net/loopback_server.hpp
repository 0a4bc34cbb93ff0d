// SPDX-License-Identifier: Apache-2.0
// A web server for tests, on a free loopback port, that may misbehave: what it answers is written by the test byte by
// byte. One thread a connection; all ended with the object.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace net_test {

class Connection {
 public:
  explicit Connection(int fd) : fd_(fd) {}

  // The head of the next request, to the blank line; its body (by Content-Length) goes to `body`. Empty at the end.
  std::string read_request() {
    std::size_t end;
    while ((end = input_.find("\r\n\r\n")) == std::string::npos)
      if (!receive()) return {};
    std::string head = input_.substr(0, end + 2);
    input_.erase(0, end + 4);
    std::size_t length = 0;
    if (const auto at = head.find("Content-Length: "); at != std::string::npos)
      length = std::stoul(head.substr(at + 16));
    while (input_.size() < length)
      if (!receive()) return {};
    body = input_.substr(0, length);
    input_.erase(0, length);
    return head;
  }

  bool write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  // A whole answer; `headers` are lines that each end in CRLF.
  bool answer(std::string_view status, std::string_view content, std::string_view headers = {}) {
    return write("HTTP/1.1 " + std::string(status) + "\r\nContent-Length: " + std::to_string(content.size()) + "\r\n" +
                 std::string(headers) + "\r\n" + std::string(content));
  }

  void wait_for_hangup() {
    while (receive())
      input_.clear();
  }

  std::string body;

 private:
  bool receive() {
    char buffer[1 << 14];
    const ssize_t got = ::recv(fd_, buffer, sizeof buffer, 0);
    if (got <= 0) return false;
    input_.append(buffer, static_cast<std::size_t>(got));
    return true;
  }

  int fd_;
  std::string input_;
};

class LoopbackServer {
 public:
  // Called for each request of a connection with its head; false closes the connection.
  using Handler = std::function<bool(Connection&, const std::string& head)>;

  explicit LoopbackServer(Handler handler) : handler_(std::move(handler)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    ::listen(listener_, 16);
    socklen_t size = sizeof address;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
  }
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;
  ~LoopbackServer() {
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    {
      const std::lock_guard lock(mutex_);
      for (const int fd : open_)
        ::shutdown(fd, SHUT_RDWR);
    }
    for (std::thread& worker : workers_)
      worker.join();
    ::close(listener_);
  }

  int port() const { return port_; }
  int connections() const { return connections_; }
  std::string url(std::string_view path, std::string_view host = "127.0.0.1") const {
    return "http://" + std::string(host) + ":" + std::to_string(port_) + std::string(path);
  }

 private:
  void accept_all() {
    for (;;) {
      const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) return;
      ++connections_;
      const std::lock_guard lock(mutex_);
      open_.push_back(fd);
      workers_.emplace_back([this, fd] { serve(fd); });
    }
  }

  void serve(int fd) {
    Connection connection(fd);
    for (std::string head; !(head = connection.read_request()).empty();)
      if (!handler_(connection, head)) break;
    ::shutdown(fd, SHUT_RDWR);
    const std::lock_guard lock(mutex_);
    std::erase(open_, fd);
    ::close(fd);
  }

  Handler handler_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<int> connections_{0};
  std::mutex mutex_;  // guards open_ and workers_
  std::vector<int> open_;
  std::vector<std::thread> workers_;
  std::thread acceptor_;
};

}  // namespace net_test
