// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "hub/context.hpp"
#include "net/http.hpp"

namespace hub {

// What happens by the clock: polls, refreshes of vulnerability data, notifications that are due, rules that run out, the
// day's secure score, and clearing up. One thread.
class Scheduler {
 public:
  Scheduler(const Context& context, net::HttpTransport& transport) : context_(context), transport_(transport) {}
  ~Scheduler() { stop(); }

  void start();
  void stop();

 private:
  void run();
  void tick(store::Millis now);
  base::Result<void> deliver(store::Millis now);
  base::Result<void> clear_up(store::Millis now);
  base::Result<void> end_rules(store::Millis now);

  const Context& context_;
  net::HttpTransport& transport_;
  std::thread thread_;
  std::mutex mutex_;  // guards stopping_
  std::condition_variable changed_;
  bool stopping_ = false;
  store::Millis next_poll_ = 0, next_watch_ = 0, next_score_ = 0, next_clear_ = 0, next_keep_alive_ = 0;
  store::Millis rules_checked_ = 0;
};

}  // namespace hub
