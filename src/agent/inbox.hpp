// SPDX-License-Identifier: Apache-2.0
// What the threads that watch the host and listen to the hub leave for the one that works.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>

#include "agent/engine_events.hpp"
#include "uplink/messages.hpp"

namespace agent {

struct Work {
  bool whole = false;      // assess all and tell all
  bool again = false;      // look at all anew and tell what changed
  bool inventory = false;  // tell the whole inventory
  bool host = false;       // look at files, audit rules, mounts …
  Effect effect;           // of events
  std::optional<bool> engine_there;  // what was heard of it last: its events come, or do not
  std::string engine_lost;           // why they do not
  std::optional<uplink::Settings> settings;
  std::string cause;       // the first one's that has a name

  bool any() const {
    return whole || again || inventory || host || effect.any() || engine_there || settings;
  }
};

// Thread-safe.
class Inbox {
 public:
  using Clock = std::chrono::steady_clock;

  template <typename Change>
  void put(const std::string& cause, Change change) {
    {
      const std::lock_guard lock(mutex_);
      if (work_.cause.empty()) work_.cause = cause;
      change(work_);
    }
    changed_.notify_all();
  }
  // What came until now, where something did; a burst is waited out for a moment. Nothing at `due`, or when it is closed.
  Work wait_until(Clock::time_point due);
  void close();
  bool closed() const;

 private:
  mutable std::mutex mutex_;  // guards those below
  std::condition_variable changed_;
  Work work_;
  bool closed_ = false;
};

}  // namespace agent
