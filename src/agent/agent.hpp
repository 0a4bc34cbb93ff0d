// SPDX-License-Identifier: Apache-2.0
// The agent of a container host: what watches it, what judges it, and what tells the hub (docs/agent.md). Runs as a program of its
// own, and within the hub for the hub's own machine.
#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "agent/agent_folder.hpp"
#include "agent/event_follower.hpp"
#include "agent/file_watch.hpp"
#include "agent/host_loop.hpp"
#include "agent/hub_link.hpp"
#include "agent/packages.hpp"
#include "agent/problems.hpp"
#include "agent/spool.hpp"
#include "agent/status_file.hpp"
#include "agent/uplink_sender.hpp"

namespace agent {

inline constexpr std::uint64_t kSpoolBytes = 64ull << 20;
inline constexpr std::uint64_t kLeastSpoolBytes = 16ull << 20;

struct AgentOptions {
  OpenHost open_host;                      // benchmark::local_host or hostreader::remote_host; called on several threads
  std::string version;                     // of this program
  std::string hub;                         // as status and log name it
  std::uint64_t spool_bytes = kSpoolBytes;
  std::string root = "/";                  // of the host's files, for its packages
  bool packages = true;
  std::function<void(const std::string&)> log;  // a line for people, without a line feed; on any thread
  LoopTimes loop;
  SenderTimes sender;
  EventFollower::Times events;
  PackageTimes package_times;
};

// Thread-safe.
class Agent {
 public:
  // Begins at once, on threads of its own.
  static base::Result<std::unique_ptr<Agent>> start(AgentFolder folder, std::unique_ptr<HubLink> link, AgentOptions options);
  Agent(const Agent&) = delete;
  Agent& operator=(const Agent&) = delete;
  ~Agent();  // stop()

  // No more is looked at; what waits is sent as far as the hub takes it within `grace`. Once.
  void stop(std::chrono::milliseconds grace = std::chrono::milliseconds(2'000));

  Spool::Totals spool() const { return spool_->totals(); }
  UplinkSender::Seen uplink() const { return sender_->seen(); }
  std::vector<std::string> problems() const { return problems_.all(); }

 private:
  Agent(AgentFolder folder, std::unique_ptr<HubLink> link, std::unique_ptr<Spool> spool, AgentOptions options);
  void make();
  void make_loop();
  void begin();
  uplink::AgentStatus status() const;
  void take_reply(const uplink::Reply& reply);
  void sender_changed(const UplinkSender::Seen& seen);
  void file_changed(const std::string& path);
  void write_status(bool at_once);

  const AgentFolder folder_;
  const std::unique_ptr<HubLink> link_;
  const AgentOptions options_;
  const std::int64_t started_at_;
  Problems problems_;
  const std::unique_ptr<Spool> spool_;
  StatusFile status_file_;
  std::atomic<bool> stopped_{false};
  // On the sender's thread: when the hub asked for an assessment, when the status was written.
  std::chrono::steady_clock::time_point asked_at_{}, written_at_{};
  // All are there before any has a thread that could call another, and until none has.
  std::unique_ptr<UplinkSender> sender_;
  std::unique_ptr<PackageWatch> packages_;
  std::unique_ptr<FileWatch> files_;
  std::unique_ptr<HostLoop> loop_;
  std::unique_ptr<EventFollower> events_;
};

}  // namespace agent
