// SPDX-License-Identifier: Apache-2.0
#include "agent/inbox.hpp"

#include <utility>

namespace agent {

namespace {

constexpr std::chrono::milliseconds kBurst{10};  // the start of a container is several events

}  // namespace

Work Inbox::wait_until(Clock::time_point due) {
  std::unique_lock lock(mutex_);
  const bool something = changed_.wait_until(lock, due, [this] { return closed_ || work_.any(); });
  if (something && !closed_) changed_.wait_for(lock, kBurst, [this] { return closed_; });
  return std::exchange(work_, {});
}

void Inbox::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
}

bool Inbox::closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

}  // namespace agent
