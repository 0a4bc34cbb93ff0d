// SPDX-License-Identifier: Apache-2.0
#include "net/server_loop.hpp"

#include <unistd.h>

// Callbacks alone are used, and clang 14 does not know libstdc++'s coroutines.
#define BOOST_ASIO_DISABLE_CO_AWAIT 1
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <optional>

namespace net {

namespace {

namespace asio = boost::asio;

constexpr std::size_t kScratchBytes = 64u << 10;

}  // namespace

struct IoLoop::Impl {
  asio::io_context context{1};
  asio::steady_timer first{context};  // opens the reactor's own files now: later there may be none left
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>> work{context.get_executor()};
};

IoLoop::IoLoop() : impl_(std::make_unique<Impl>()), scratch_(kScratchBytes) {}
IoLoop::~IoLoop() = default;

void IoLoop::run() { impl_->context.run(); }

void IoLoop::release() {
  asio::post(impl_->context, [this] { impl_->work.reset(); });
}

void IoLoop::post(Task task) { asio::post(impl_->context, std::move(task)); }

struct WatchedSocket::Impl {
  Impl(IoLoop& loop, int fd) : descriptor(loop.impl().context, fd) {}
  asio::posix::stream_descriptor descriptor;

  void wait(asio::posix::stream_descriptor::wait_type what, IoLoop::Task task) {
    descriptor.async_wait(what, [task = std::move(task)](const boost::system::error_code& error) {
      if (!error) task();
    });
  }
};

WatchedSocket::WatchedSocket(IoLoop& loop, int fd) : fd_(fd) {
  try {
    impl_ = std::make_unique<Impl>(loop, fd);
  } catch (...) {
    ::close(fd);
    throw;
  }
}

WatchedSocket::~WatchedSocket() { close(); }

void WatchedSocket::when_readable(IoLoop::Task task) {
  impl_->wait(asio::posix::stream_descriptor::wait_read, std::move(task));
}

void WatchedSocket::when_writable(IoLoop::Task task) {
  impl_->wait(asio::posix::stream_descriptor::wait_write, std::move(task));
}

void WatchedSocket::close() {
  boost::system::error_code ignored;
  impl_->descriptor.close(ignored);
  fd_ = -1;
}

struct Deadline::Impl {
  explicit Impl(IoLoop& loop) : timer(loop.impl().context) {}
  asio::steady_timer timer;
  std::uint64_t turn = 0;  // a timer that has fired already cannot be cancelled any more
};

Deadline::Deadline(IoLoop& loop) : impl_(std::make_unique<Impl>(loop)) {}
Deadline::~Deadline() = default;

void Deadline::set(std::chrono::milliseconds from_now, IoLoop::Task task) {
  const std::uint64_t turn = ++impl_->turn;
  impl_->timer.expires_after(from_now);
  // The task owns what owns this deadline, so that `impl` lives as long as the task does.
  impl_->timer.async_wait([impl = impl_.get(), turn, task = std::move(task)](const boost::system::error_code& error) {
    if (!error && turn == impl->turn) task();
  });
}

void Deadline::clear() {
  ++impl_->turn;
  impl_->timer.cancel();
}

}  // namespace net
