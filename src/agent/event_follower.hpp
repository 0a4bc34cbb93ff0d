// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "agent/engine_events.hpp"
#include "benchmark/host_reader.hpp"

namespace agent {

// A thread of its own each needs a reader of its own.
using OpenHost = std::function<std::unique_ptr<benchmark::HostReader>()>;

// Follows the events of the engine for ever: of one that stops, comes back, or was not there at first.
class EventFollower {
 public:
  struct Hooks {  // on the follower's thread
    std::function<void(const EngineEvent&)> on_event;
    // From now on events come. What happened before, or while nobody listened, is to be found out by asking.
    std::function<void()> on_connected;
    std::function<void(const std::string& why)> on_lost;  // once each time; empty: there is no engine
    std::function<void()> on_gap;                         // events were missed though the stream stands
  };
  struct Times {
    std::chrono::milliseconds first_wait{1'000}, longest_wait{30'000};  // between attempts
  };

  EventFollower(OpenHost open_host, Hooks hooks, Times times);
  EventFollower(const EventFollower&) = delete;
  EventFollower& operator=(const EventFollower&) = delete;
  ~EventFollower();

 private:
  void run();
  std::string follow_once();  // why it ended; empty: there is no engine
  bool pause(std::chrono::milliseconds time);  // false: stop

  const OpenHost open_host_;
  const Hooks hooks_;
  const Times times_;
  EventLines lines_;
  bool was_connected_ = false;
  std::atomic<bool> stop_{false};
  std::mutex mutex_;
  std::condition_variable stopped_;
  std::thread thread_;  // last
};

}  // namespace agent
