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
  int attempts = 0;      // runs begun so far; names the run
  int failures = 0;      // of them, those that ended with an error
  int crashes = 0;       // processes that ended while it ran, since it last came to an end itself
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

struct Taken {
  std::vector<Job> jobs;      // running now, oldest first
  std::vector<Job> given_up;  // failed for good: the process ended each time they ran
};

// Takes up to `count` jobs that are due, those too that another process held whose lease has ended: it died.
//
// Which job ended a process is not seen, so every one that ran is suspect, the innocent of a power cut too. One that was there
// twice runs alone from then on: nothing else is taken until it has ended. Where the process ends in such a run, it waits
// (5 s, 10 s) and runs alone again; after the third it is given up. Whoever kills the process now and then does not hit the same
// lone run three times, with waits between; and where a process ends with jobs in it that are not suspect, those that wait
// begin their count of lone runs anew: something else ends processes.
base::Result<Taken> take_jobs(Session& session, const std::vector<std::string>& kinds, std::size_t count, const Lease& lease,
                              Millis now);
base::Result<bool> renew_lease(Session& session, std::int64_t id, const Lease& lease, Millis now);  // false: it was lost
base::Result<void> set_progress(Session& session, std::int64_t id, const std::string& progress);

// Both: Kind::conflict where the run is no longer the current one (its lease ended, and it was taken again).
base::Result<void> finish_job(Session& session, const Job& job, Millis now);
// Queues it again after a wait that doubles (5 s … 30 min), or fails it for good after `failures_cap` failures or where
// trying again cannot help. True where it failed for good.
base::Result<bool> fail_job(Session& session, const Job& job, const base::Error& error, int failures_cap, Millis now);

base::Result<std::optional<Job>> last_job(Session& session, const std::string& kind, const std::string& subject);
// When there will be something to take: the first job is due, or the first lease ends.
base::Result<std::optional<Millis>> next_due(Session& session, const std::vector<std::string>& kinds);
base::Result<void> forget_jobs(Session& session, Millis finished_before);

// All leases end now: this process, started again, is the only one.
base::Result<void> release_leases(Session& session, Millis now);

}  // namespace store
