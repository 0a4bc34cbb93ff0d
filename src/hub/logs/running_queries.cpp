// SPDX-License-Identifier: Apache-2.0
#include "hub/logs/running_queries.hpp"

#include <malloc.h>

#include "base/crypto.hpp"

namespace hub {

namespace {

constexpr std::chrono::milliseconds kAskAgain{200};
constexpr std::size_t kFreeBytesKept = std::size_t{256} << 20;

// What a large query held goes back to the system; the allocator would keep it for good.
void give_memory_back() {
  if (::mallinfo2().fordblks > kFreeBytesKept) ::malloc_trim(0);
}

}  // namespace

RunningQueries::Turn::~Turn() {
  if (owner_) owner_->end(entry_);
}

bool RunningQueries::Turn::cancelled() const {
  const std::lock_guard lock(owner_->mutex_);
  return entry_->cancelled;
}

RunningQueries::~RunningQueries() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  ender_.join();
}

base::Result<RunningQueries::Turn> RunningQueries::begin(std::string principal, std::string client_id, std::chrono::milliseconds patience,
                                                         std::shared_ptr<net::HangUp> hang_up) {
  std::unique_lock lock(mutex_);
  if (running_ >= at_once_ && entries_.size() - running_ >= most_waiting_)
    return base::fail(base::Kind::unavailable, std::string(kTooManyQueries));
  const auto entry = entries_.insert(entries_.end(), Entry{std::move(principal), std::move(client_id), base::uuid4(), hang_up});
  if (hang_up) {
    lock.unlock();  // it may be heard within the call
    hang_up->listen([this, entry] { abandon(entry); });
    lock.lock();
  }
  const bool in_time = changed_.wait_for(lock, patience, [&] { return running_ < at_once_ || entry->cancelled; });
  if (in_time && !entry->cancelled) {
    entry->runs = true;
    ++running_;
    return Turn(this, entry);
  }
  const bool cancelled = entry->cancelled;
  lock.unlock();
  if (hang_up) hang_up->listen(nullptr);
  lock.lock();
  entries_.erase(entry);
  if (cancelled) return base::fail(base::Kind::cancelled, "The query was cancelled before it ran.");
  return base::fail(base::Kind::unavailable, std::string(kTooManyQueries));
}

void RunningQueries::abandon(std::list<Entry>::iterator entry) {
  {
    const std::lock_guard lock(mutex_);
    entry->cancelled = entry->abandoned = true;
  }
  changed_.notify_all();
}

// Again and again until it has ended: a query is several statements, and between two of them the engine knows of none.
void RunningQueries::end_abandoned() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    std::list<std::string> ids;
    for (const auto& entry : entries_)
      if (entry.abandoned && entry.runs) ids.push_back(entry.engine_id);
    if (ids.empty()) {
      changed_.wait(lock);
      continue;
    }
    lock.unlock();
    for (const auto& id : ids) (void)service_.cancel(id);  // where it fails, it is asked again
    lock.lock();
    changed_.wait_for(lock, kAskAgain, [this] { return stopping_; });
  }
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
  if (entry->hang_up) entry->hang_up->listen(nullptr);
  {
    const std::lock_guard lock(mutex_);
    entries_.erase(entry);
    --running_;
  }
  changed_.notify_all();
  give_memory_back();
}

}  // namespace hub
