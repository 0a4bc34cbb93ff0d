// SPDX-License-Identifier: Apache-2.0
#include "net/server_link.hpp"

#include <sys/socket.h>

#include <cerrno>

namespace net {

namespace {

class PlainLink final : public Link {
 public:
  explicit PlainLink(int fd) : fd_(fd) {}

  LinkStep handshake() override { return {LinkStatus::done, 0}; }

  LinkStep read(std::vector<char>& buffer) override {
    const ssize_t got = ::recv(fd_, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got > 0) return {LinkStatus::done, static_cast<std::size_t>(got)};
    return {got < 0 && is_passing(errno) ? LinkStatus::want_read : LinkStatus::ended, 0};
  }

  LinkStep write(std::string_view bytes) override {
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent > 0) return {LinkStatus::done, static_cast<std::size_t>(sent)};
    return {sent < 0 && is_passing(errno) ? LinkStatus::want_write : LinkStatus::ended, 0};
  }

  void end_writing() override { ::shutdown(fd_, SHUT_WR); }

 private:
  static bool is_passing(int error) { return error == EAGAIN || error == EINTR; }

  int fd_;
};

}  // namespace

std::unique_ptr<Link> plain_link(int fd) { return std::make_unique<PlainLink>(fd); }

}  // namespace net
