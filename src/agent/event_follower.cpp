// SPDX-License-Identifier: Apache-2.0
#include "agent/event_follower.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace agent {

namespace {

std::int64_t seconds_now() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

EventFollower::EventFollower(OpenHost open_host, Hooks hooks, Times times)
    : open_host_(std::move(open_host)), hooks_(std::move(hooks)), times_(times), thread_([this] { run(); }) {}

EventFollower::~EventFollower() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  stopped_.notify_all();
  thread_.join();
}

bool EventFollower::pause(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  return !stopped_.wait_for(lock, time, [this] { return stop_.load(); });
}

void EventFollower::run() {
  auto wait = times_.first_wait;
  bool told = false;
  while (!stop_) {
    was_connected_ = false;
    const std::string why = follow_once();
    if (stop_) return;
    if (was_connected_) {
      wait = times_.first_wait;
      told = false;
    }
    if (!std::exchange(told, true)) hooks_.on_lost(why);
    if (!pause(wait)) return;
    wait = std::min(wait * 2, times_.longest_wait);
  }
}

std::string EventFollower::follow_once() {
  const auto host = open_host_();
  if (host->engine_socket().empty()) return {};
  // Events come again from the second of the last one on: the engine keeps some, and those that came twice are passed over.
  const std::int64_t since = lines_.last_seconds() != 0 ? lines_.last_seconds() : seconds_now() - 1;
  const auto alive = host->get("/_ping");
  if (!alive) return alive.error().message;
  if (alive->status / 100 != 2) return fmt::format("the engine answered {} to GET /_ping", alive->status);
  was_connected_ = true;
  hooks_.on_connected();
  lines_.begin_stream();
  const auto followed = host->follow(fmt::format("/events?since={}", since), [this](std::string_view bytes) {
    lines_.feed(bytes, hooks_.on_event);
    if (lines_.take_gap()) hooks_.on_gap();
    return !stop_;
  });
  return followed ? "the engine ended the stream of its events" : followed.error().message;
}

}  // namespace agent
