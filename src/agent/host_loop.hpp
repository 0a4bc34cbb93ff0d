// SPDX-License-Identifier: Apache-2.0
// The working thread: looks at the host when something says that it changed, and now and then in any case, and puts what it finds
// into the spool.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "agent/assessor.hpp"
#include "agent/event_follower.hpp"
#include "agent/inbox.hpp"
#include "agent/inventory.hpp"
#include "agent/problems.hpp"
#include "agent/spool.hpp"

namespace agent {

struct LoopTimes {
  std::chrono::milliseconds look{60'000};          // between looks at what no event tells of
  std::chrono::milliseconds lost_grace{10'000};    // an engine that restarts is not told of as lost
  std::chrono::milliseconds info_delay{300};       // counts of the engine are asked for once after a burst
  std::chrono::milliseconds start_grace{3'000};    // the first assessment waits for the engine so long
};

class HostLoop {
 public:
  struct Parts {
    OpenHost open_host;
    std::string collector;              // "bulwark agent 1.0.0"
    Spool& spool;
    Problems& problems;
    std::function<void()> on_spooled;   // there is something to send
    std::function<void(const Things&)> on_images;            // which images there are now
    std::function<void(const std::vector<std::string>&)> on_paths;  // which paths are to be watched
    std::function<void(const std::string&)> log;
  };

  HostLoop(Parts parts, LoopTimes times);
  HostLoop(const HostLoop&) = delete;
  HostLoop& operator=(const HostLoop&) = delete;
  ~HostLoop();

  void begin();  // once
  void stop();
  Inbox& inbox() { return inbox_; }

 private:
  using Clock = Inbox::Clock;
  void run();
  Clock::time_point next_due() const;
  void add_what_is_due(Work& work);
  void hear_of_engine(Work& work);
  void take_settings(Work& work);
  void handle(Work work);
  void look_at_all(bool whole, const std::string& cause);
  void look_at_containers(const Work& work);
  void look_at_rest(const Work& work);
  std::set<std::string> changed_images();
  void judge(const Touched& touched, const std::string& cause, std::vector<uplink::Body>& bodies);
  void add_inventory(bool whole, std::vector<uplink::Body>& bodies);
  void add_machine(bool always, std::vector<uplink::Body>& bodies);
  void check(const std::string& part, const base::Result<void>& done);
  void emit(std::vector<uplink::Body> bodies);
  void tell_found(const std::vector<uplink::Assessment>& messages);

  const Parts parts_;
  const LoopTimes times_;
  Inbox inbox_;

  // On the thread alone.
  std::unique_ptr<benchmark::HostReader> host_;
  Assessor assessor_;
  Things things_, told_;      // what is there; what the hub was told of
  uplink::Machine machine_;   // as the hub was told
  uplink::Settings settings_;
  bool started_ = false;
  Clock::time_point assess_at_, look_at_;
  Clock::time_point lost_at_ = Clock::time_point::max(), info_at_ = Clock::time_point::max();
  std::int64_t lost_handled_ = 0;  // losses after which all was told anew
  std::thread thread_;        // last
};

}  // namespace agent
