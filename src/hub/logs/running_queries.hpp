// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <list>
#include <mutex>
#include <string>
#include <string_view>

#include "workspace/query_service.hpp"

namespace hub {

// What an asker hears who should try again in a few seconds.
inline constexpr std::string_view kTooManyQueries = "Too many queries run at the moment; try again in a few seconds.";

// Which queries run, so that there are not too many of them and their askers can end them. Thread-safe.
class RunningQueries {
 public:
  RunningQueries(workspace::QueryService& service, std::size_t at_once, std::size_t waiting) : service_(service), at_once_(at_once), most_waiting_(waiting) {}

 private:
  struct Entry {
    std::string principal, client_id, engine_id;
    bool runs = false, cancelled = false;
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
  // Kind::cancelled.
  base::Result<Turn> begin(std::string principal, std::string client_id, std::chrono::milliseconds patience);

  // Ends the queries of this principal with this id of the client's; false where there is none.
  bool cancel(std::string_view principal, std::string_view client_id);

 private:
  void end(std::list<Entry>::iterator entry);

  workspace::QueryService& service_;
  const std::size_t at_once_, most_waiting_;
  std::mutex mutex_;  // guards the three below
  std::condition_variable changed_;
  std::list<Entry> entries_;
  std::size_t running_ = 0;
};

}  // namespace hub
