// SPDX-License-Identifier: Apache-2.0
#include "net/server.hpp"

namespace net {

void HangUp::listen(std::function<void()> action) {
  const std::lock_guard lock(mutex_);
  action_ = std::move(action);
  if (raised_ && action_) std::exchange(action_, nullptr)();
}

void HangUp::raise() {
  const std::lock_guard lock(mutex_);
  raised_ = true;
  if (action_) std::exchange(action_, nullptr)();
}

}  // namespace net
