// SPDX-License-Identifier: Apache-2.0
// A client that writes bytes as the test says, and reads what comes.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace net_test {

class RawClient {
 public:
  explicit RawClient(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;
  RawClient(RawClient&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)), connected_(other.connected_), input_(std::move(other.input_)) {}
  ~RawClient() {
    if (fd_ >= 0) ::close(fd_);
  }

  bool connected() const { return connected_; }

  bool write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  void end_writing() { ::shutdown(fd_, SHUT_WR); }

  // All up to and with `end`; what there is where the connection ends or `most` goes by first.
  std::string read_until(std::string_view end, std::chrono::milliseconds most = std::chrono::seconds(10)) {
    const auto deadline = std::chrono::steady_clock::now() + most;
    std::size_t at;
    while ((at = input_.find(end)) == std::string::npos)
      if (!receive(deadline)) return std::exchange(input_, {});
    std::string out = input_.substr(0, at + end.size());
    input_.erase(0, out.size());
    return out;
  }

  // One answer with its body by Content-Length.
  std::string read_answer() {
    std::string head = read_until("\r\n\r\n");
    const auto at = head.find("Content-Length: ");
    if (at == std::string::npos) return head;
    const std::size_t length = std::stoul(head.substr(at + 16));
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (input_.size() < length && receive(deadline)) {
    }
    head += input_.substr(0, length);
    input_.erase(0, length);
    return head;
  }

  // All to the end of the connection.
  std::string read_to_end(std::chrono::milliseconds most = std::chrono::seconds(10)) {
    const auto deadline = std::chrono::steady_clock::now() + most;
    while (receive(deadline)) {
    }
    return std::exchange(input_, {});
  }

  bool ended() const { return ended_; }

 private:
  bool receive(std::chrono::steady_clock::time_point deadline) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd watched{fd_, POLLIN, 0};
    if (left.count() <= 0 || ::poll(&watched, 1, static_cast<int>(left.count())) != 1) return false;
    char buffer[1 << 14];
    const ssize_t got = ::recv(fd_, buffer, sizeof buffer, 0);
    ended_ = ended_ || got <= 0;
    if (got <= 0) return false;
    input_.append(buffer, static_cast<std::size_t>(got));
    return true;
  }

  int fd_;
  bool connected_ = false;
  bool ended_ = false;
  std::string input_;
};

}  // namespace net_test
