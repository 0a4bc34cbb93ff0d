// SPDX-License-Identifier: Apache-2.0
// Work that survives a crash: at least once, one at a time for each subject, with leases and back-off.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/database.hpp"

namespace store {

using Millis = std::int64_t;  // since 1970, UTC

Millis now_ms();

struct Job {
  std::int64_t id = 0;
  std::string kind;      // "image.scan", "registry.poll" …
  std::string subject;   // what it is about; at most one job of a kind is open for a subject
  std::string payload;   // JSON
  std::string state;     // queued, running, succeeded, failed
  int attempts = 0;      // begun so far
  Millis run_at = 0;
  std::string progress;  // words for people
  std::string error;     // of the last attempt
  Millis created_at = 0;
  Millis finished_at = 0;
};

enum class Enqueued { added, merged };  // merged: one was open; where it runs already it will run once more afterwards

base::Result<Enqueued> enqueue(Session& session, const std::string& kind, const std::string& subject,
                               const std::string& payload, Millis run_at);

struct Lease {
  std::string owner;                     // of this process, unique
  std::chrono::milliseconds time{60'000};
};

// Takes up to `count` jobs that are due: queued ones, and running ones whose lease has ended (their process died).
// Oldest first.
base::Result<std::vector<Job>> take_jobs(Session& session, const std::vector<std::string>& kinds, std::size_t count,
                                         const Lease& lease, Millis now);
base::Result<bool> renew_lease(Session& session, std::int64_t id, const Lease& lease, Millis now);  // false: it was lost
base::Result<void> set_progress(Session& session, std::int64_t id, const std::string& progress);

base::Result<void> finish_job(Session& session, const Job& job, Millis now);
// Queues it again after a wait that doubles (5 s … 30 min), or fails it for good after `attempts_cap` attempts or where
// trying again cannot help. True where it failed for good.
base::Result<bool> fail_job(Session& session, const Job& job, const base::Error& error, int attempts_cap, Millis now);

base::Result<std::optional<Job>> last_job(Session& session, const std::string& kind, const std::string& subject);
base::Result<std::optional<Millis>> next_due(Session& session, const std::vector<std::string>& kinds);  // of queued ones
base::Result<void> forget_jobs(Session& session, Millis finished_before);

// Leases of an owner that is gone (this process, started again) end now.
base::Result<void> release_leases(Session& session, Millis now);

}  // namespace store
