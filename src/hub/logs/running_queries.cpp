// SPDX-License-Identifier: Apache-2.0
#include "hub/logs/running_queries.hpp"

#include "base/crypto.hpp"

namespace hub {

RunningQueries::Turn::~Turn() {
  if (owner_) owner_->end(entry_);
}

bool RunningQueries::Turn::cancelled() const {
  const std::lock_guard lock(owner_->mutex_);
  return entry_->cancelled;
}

base::Result<RunningQueries::Turn> RunningQueries::begin(std::string principal, std::string client_id, std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  if (running_ >= at_once_ && entries_.size() - running_ >= most_waiting_)
    return base::fail(base::Kind::unavailable, std::string(kTooManyQueries));
  const auto entry = entries_.insert(entries_.end(), Entry{std::move(principal), std::move(client_id), base::uuid4()});
  const bool in_time = changed_.wait_for(lock, patience, [&] { return running_ < at_once_ || entry->cancelled; });
  if (!in_time || entry->cancelled) {
    const bool cancelled = entry->cancelled;
    entries_.erase(entry);
    if (cancelled) return base::fail(base::Kind::cancelled, "The query was cancelled before it ran.");
    return base::fail(base::Kind::unavailable, std::string(kTooManyQueries));
  }
  entry->runs = true;
  ++running_;
  return Turn(this, entry);
}

bool RunningQueries::cancel(std::string_view principal, std::string_view client_id) {
  std::list<std::string> running;
  bool found = false;
  {
    const std::lock_guard lock(mutex_);
    for (auto& entry : entries_) {
      if (entry.principal != principal || entry.client_id != client_id) continue;
      found = entry.cancelled = true;
      if (entry.runs) running.push_back(entry.engine_id);
    }
  }
  changed_.notify_all();
  for (const auto& id : running) (void)service_.cancel(id);  // soon: its answer says how it ended
  return found;
}

void RunningQueries::end(std::list<Entry>::iterator entry) {
  {
    const std::lock_guard lock(mutex_);
    entries_.erase(entry);
    --running_;
  }
  changed_.notify_all();
}

}  // namespace hub
