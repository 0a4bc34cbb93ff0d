// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "net/server.hpp"
#include "workspace/query_service.hpp"

namespace hub {

// What an asker hears who should try again in a few seconds.
inline constexpr std::string_view kTooManyQueries = "Too many queries run at the moment; try again in a few seconds.";

// Which queries run, so that there are not too many of them and their askers can end them, also by hanging up. Thread-safe.
class RunningQueries {
 public:
  RunningQueries(workspace::QueryService& service, std::size_t at_once, std::size_t waiting)
      : service_(service), at_once_(at_once), most_waiting_(waiting), ender_([this] { end_abandoned(); }) {}
  ~RunningQueries();

 private:
  struct Entry {
    std::string principal, client_id, engine_id;
    std::shared_ptr<net::HangUp> hang_up;
    bool runs = false, cancelled = false;
    bool abandoned = false;  // its asker hung up
  };

 public:
  // One query's place, given back with it.
  class Turn {
   public:
    Turn(Turn&& other) noexcept : owner_(other.owner_), entry_(other.entry_) { other.owner_ = nullptr; }
    Turn& operator=(Turn&&) = delete;
    ~Turn();
    const std::string& engine_id() const { return entry_->engine_id; }
    bool cancelled() const;

   private:
    friend class RunningQueries;
    Turn(RunningQueries* owner, std::list<Entry>::iterator entry) : owner_(owner), entry_(entry) {}
    RunningQueries* owner_;
    std::list<Entry>::iterator entry_;
  };

  // Waits for a place. Kind::unavailable with kTooManyQueries: too many wait already, or none came free in time;
  // Kind::cancelled. Where its asker hangs up, the query is ended soon.
  base::Result<Turn> begin(std::string principal, std::string client_id, std::chrono::milliseconds patience,
                           std::shared_ptr<net::HangUp> hang_up = nullptr);

  // Ends the queries of this principal with this id of the client's; false where there is none.
  bool cancel(std::string_view principal, std::string_view client_id);

 private:
  void end(std::list<Entry>::iterator entry);
  void abandon(std::list<Entry>::iterator entry);
  void end_abandoned();

  workspace::QueryService& service_;
  const std::size_t at_once_, most_waiting_;
  std::mutex mutex_;  // guards those below, but for the thread
  std::condition_variable changed_;
  std::list<Entry> entries_;
  std::size_t running_ = 0;
  bool stopping_ = false;
  std::thread ender_;  // of what was abandoned: the engine takes its time for that
};

}  // namespace hub
