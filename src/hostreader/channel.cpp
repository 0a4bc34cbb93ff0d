// SPDX-License-Identifier: Apache-2.0
#include "hostreader/channel.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace hostreader {

namespace {

base::Error broken(int error) {
  return {base::Kind::unavailable, fmt::format("the connection broke: {}", std::strerror(error))};
}

}  // namespace

Ready wait_until(int fd, short events, Clock::time_point when, int interrupt) {
  for (;;) {
    pollfd fds[] = {{fd, events, 0}, {interrupt, POLLIN, 0}};
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(when - Clock::now()).count();
    const int ready = ::poll(fds, 2, static_cast<int>(std::clamp<long long>(left, 0, 3'600'000)));
    if (ready < 0 && errno == EINTR) continue;
    if (fds[1].revents != 0) return Ready::interrupted;
    if (fds[0].revents != 0) return Ready::yes;
    if (left <= 0) return Ready::no;
  }
}

base::Result<void> Channel::send(std::string_view bytes, Clock::duration patience) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
      continue;
    }
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return base::fail(broken(errno));
    const Ready ready = wait_until(socket_.get(), POLLOUT, Clock::now() + patience, interrupt_);
    if (ready == Ready::interrupted) return base::fail(base::Kind::cancelled, "the host reader ends");
    if (ready == Ready::no) return base::fail(base::Kind::unavailable, "the peer takes nothing any more");
  }
  return {};
}

base::Result<bool> Channel::receive(std::string& received, Clock::time_point when) {
  std::array<char, 65536> buffer;
  for (;;) {
    const ssize_t got = ::recv(socket_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got > 0) {
      received.append(buffer.data(), static_cast<std::size_t>(got));
      return true;
    }
    if (got == 0) return base::fail(base::Kind::not_found, "the connection was closed");
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return base::fail(broken(errno));
    const Ready ready = wait_until(socket_.get(), POLLIN, when, interrupt_);
    if (ready == Ready::interrupted) return base::fail(base::Kind::cancelled, "the host reader ends");
    if (ready == Ready::no) return false;
  }
}

bool Channel::is_disturbed() const {
  pollfd fd{socket_.get(), POLLIN | POLLRDHUP, 0};
  return ::poll(&fd, 1, 0) != 0;
}

}  // namespace hostreader
