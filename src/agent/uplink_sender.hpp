// SPDX-License-Identifier: Apache-2.0
// The thread that empties the spool into the hub: in order, again and again until the hub took it, never hastily.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "agent/hub_link.hpp"
#include "agent/spool.hpp"

namespace agent {

struct SenderTimes {
  std::chrono::milliseconds first_wait{1'000}, longest_wait{20'000};  // between attempts while the hub is not there
  std::chrono::milliseconds denied_wait{300'000};                     // while it does not know the credential
};

// Thread-safe.
class UplinkSender {
 public:
  enum class State { starting, connected, unreachable, busy, denied };
  struct Seen {
    State state = State::starting;
    std::string message;           // why it is not connected; empty where it is
    std::int64_t refused = 0;      // messages that the hub did not want
    std::int64_t taken_at = 0;     // ms since 1970: the last batch that was taken; 0: none yet
  };
  struct Hooks {
    std::function<uplink::AgentStatus()> status;          // of the header; without what the spool knows
    std::function<void(const uplink::Reply&)> on_reply;   // on the sender's thread
    std::function<void(const Seen&)> on_change;           // of the state, likewise
    std::function<void(const std::string&)> on_refusal;   // of a message that is given up, likewise
    std::function<void()> on_attempt;                     // after each attempt, whatever became of it, likewise
  };

  // All outlive the sender.
  UplinkSender(Spool& spool, HubLink& link, Hooks hooks, SenderTimes times = {});
  UplinkSender(const UplinkSender&) = delete;
  UplinkSender& operator=(const UplinkSender&) = delete;
  ~UplinkSender();

  void begin();  // once
  void stop();   // after the batch in hand
  void wake();  // there is something to send
  Seen seen() const;
  // Until all that waits was taken; false after `time`.
  bool drain(std::chrono::milliseconds time);

 private:
  using Clock = std::chrono::steady_clock;
  void run();
  void send_some();
  std::string batch_of(const Spool::Pending& pending) const;
  void take(const Delivery& delivery, const Spool::Pending& pending);
  void taken(const uplink::Reply& reply, const Spool::Pending& pending);
  void give_up_one();
  void refused(const std::string& message, const Spool::Pending& pending);
  void wait_for(std::chrono::milliseconds least, bool grow);
  void change(State state, const std::string& message);

  Spool& spool_;
  HubLink& link_;
  const Hooks hooks_;
  const SenderTimes times_;

  // On the sender's thread alone.
  Clock::time_point not_before_{};      // of the next attempt
  Clock::time_point heartbeat_at_{};
  std::chrono::seconds heartbeat_{60};
  int failures_ = 0;
  std::uint64_t alone_until_ = 0;       // messages up to this sequence go one by one: one of them is refused
  bool probe_ = false;                  // the next batch has no message: does the hub take any batch?
  bool suspect_ = false;                // if it does, it is the oldest message that it refused

  mutable std::mutex mutex_;  // guards those below
  std::condition_variable changed_;
  bool awake_ = false, stop_ = false;
  Seen seen_;
  std::thread thread_;  // last
};

}  // namespace agent
