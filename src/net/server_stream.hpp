// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <mutex>
#include <string>

#include "net/server.hpp"

namespace net {

inline constexpr std::size_t kStreamQueueCap = 1u << 20;

// What an EventStream and its connection share.
struct EventStream::State {
  std::mutex mutex;  // guards all below
  std::string queue;             // not yet taken by the connection
  std::size_t in_flight = 0;     // taken and not yet written
  bool ended = false;            // closed by the owner, or its queue was full
  bool dropped = false;          // its queue was full: what is queued is not worth writing
  bool announced = false;        // the connection knows, and has not looked yet
  std::function<void()> notify;  // has the connection look; empty once it is gone

  void announce();  // with the lock held
};

}  // namespace net
