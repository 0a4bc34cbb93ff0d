// SPDX-License-Identifier: Apache-2.0
#include "store/jobs.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace store {

namespace {

constexpr Millis kFirstWait = 5'000;
constexpr Millis kLongestWait = 30 * 60'000;
constexpr int kSuspectCrashes = 2;  // from then on it runs alone
constexpr int kLoneCrashes = 3;     // then it is given up

constexpr std::string_view kJobColumns =
    "id, kind, subject, payload, state, attempts, failures, crashes, run_at, progress, error, created_at, finished_at";

Job read_job(const Row& row) {
  Job job;
  job.id = row.integer(0);
  job.kind = row.text(1);
  job.subject = row.text(2);
  job.payload = row.text(3);
  job.state = row.text(4);
  job.attempts = static_cast<int>(row.integer(5));
  job.failures = static_cast<int>(row.integer(6));
  job.crashes = static_cast<int>(row.integer(7));
  job.run_at = row.integer(8);
  job.progress = row.text(9);
  job.error = row.text(10);
  job.created_at = row.integer(11);
  job.finished_at = row.integer(12);
  return job;
}

// "?, ?, ?" and the values for them.
std::string placeholders(const std::vector<std::string>& kinds, std::vector<Value>& parameters) {
  std::string out;
  for (const std::string& kind : kinds) {
    out += out.empty() ? "?" : ", ?";
    parameters.emplace_back(std::string_view(kind));
  }
  return out;
}

base::Result<std::vector<Job>> query_jobs(Session& session, std::string_view where, const std::vector<Value>& parameters) {
  std::vector<Job> jobs;
  TRY(session.query(fmt::format("SELECT {} FROM jobs WHERE {}", kJobColumns, where), parameters,
                    [&](const Row& row) { jobs.push_back(read_job(row)); }));
  return jobs;
}

base::Result<std::vector<Job>> due_jobs(Session& session, const std::vector<std::string>& kinds, std::size_t count, Millis now) {
  std::vector<Value> parameters{now};
  const std::string list = placeholders(kinds, parameters);
  parameters.emplace_back(static_cast<std::int64_t>(count));
  return query_jobs(session, fmt::format("state = 'queued' AND run_at <= ? AND kind IN ({}) ORDER BY run_at, id LIMIT ?", list), parameters);
}

base::Result<void> insert_job(Session& session, std::string_view kind, std::string_view subject, std::string_view payload,
                              Millis run_at, Millis created_at) {
  return session.run("INSERT INTO jobs (kind, subject, payload, state, attempts, failures, crashes, again, run_at, lease_owner, lease_until, "
                     "progress, error, created_at, finished_at) VALUES (?, ?, ?, 'queued', 0, 0, 0, 0, ?, '', 0, '', '', ?, 0)",
                     {kind, subject, payload, run_at, created_at});
}

// What was asked for while the job ran.
struct Again {
  bool wanted = false;
  std::string payload;
  Millis run_at = 0;
};

// The run that `job` stands for is still the current one: ids are never used twice, and each run counts an attempt.
base::Result<Again> current_run(Session& session, const Job& job) {
  std::optional<Again> found;
  TRY(session.query("SELECT again, payload, run_at FROM jobs WHERE id = ? AND state = 'running' AND attempts = ?",
                    {job.id, std::int64_t{job.attempts}},
                    [&](const Row& row) { found = {row.integer(0) != 0, std::string(row.text(1)), row.integer(2)}; }));
  if (!found)
    return base::fail(base::Kind::conflict, fmt::format("job {} ({} of {}) is no longer this worker's: its lease ended and it "
                                                        "was taken again", job.id, job.kind, job.subject));
  return std::move(*found);
}

base::Result<void> close_job(Session& session, const Job& job, std::string_view state, std::string_view error, Millis now) {
  return session.run("UPDATE jobs SET state = ?, error = ?, again = 0, lease_owner = '', lease_until = 0, finished_at = ? "
                     "WHERE id = ?", {state, error, now, job.id});
}

// The wrong input stays wrong; a peer, a damaged download and a fault of ours may be better next time.
bool may_help_again(base::Kind kind) {
  return kind == base::Kind::unavailable || kind == base::Kind::conflict || kind == base::Kind::corrupt ||
         kind == base::Kind::cancelled || kind == base::Kind::internal;
}

Millis wait_after(int times) {
  const int doublings = std::clamp(times - 1, 0, 20);
  return std::min(kFirstWait << doublings, kLongestWait);
}

bool is_suspect(const Job& job) { return job.crashes >= kSuspectCrashes; }

base::Result<void> queue_again(Session& session, const Job& job, const std::string& error, Millis run_at) {
  return session.run("UPDATE jobs SET state = 'queued', run_at = ?, failures = ?, crashes = ?, error = ?, again = 0, "
                     "lease_owner = '', lease_until = 0 WHERE id = ?",
                     {run_at, std::int64_t{job.failures}, std::int64_t{job.crashes}, error, job.id});
}

// A job whose process ended while it ran: it waits for its next run, or is given up. True where it is.
base::Result<bool> count_crash(Session& session, Job& job, Millis now) {
  job.crashes += 1;
  const int lone = job.crashes - kSuspectCrashes;
  job.error = lone < 1 ? "the process ended while this ran"
                       : fmt::format("the process ended {} time{} while this alone ran", lone, lone == 1 ? "" : "s");
  if (lone < kLoneCrashes) {
    TRY(queue_again(session, job, job.error, lone < 1 ? job.run_at : now + wait_after(lone)));
    return false;
  }
  job.error += ": it is not tried again unless it is asked for; look into the log of the machine for what ended the process";
  job.state = "failed";
  TRY(close_job(session, job, "failed", job.error, now));
  return true;
}

// Jobs of processes that died come back, or are given up. A lease of this process itself that ended is one that could not
// be renewed in time: its job still runs.
base::Result<std::vector<Job>> recover_jobs(Session& session, const std::string& owner, Millis now) {
  std::vector<Job> given_up;
  auto lost = TRY(query_jobs(session, "state = 'running' AND lease_until <= ? AND lease_owner <> ?", {now, owner}));
  if (std::any_of(lost.begin(), lost.end(), [](const Job& job) { return !is_suspect(job); }))
    TRY(session.run("UPDATE jobs SET crashes = ? WHERE state = 'queued' AND crashes > ?",
                    {std::int64_t{kSuspectCrashes}, std::int64_t{kSuspectCrashes}}));
  for (Job& job : lost)
    if (TRY(count_crash(session, job, now))) given_up.push_back(std::move(job));
  return given_up;
}

// What of the jobs that are due may run now: suspects alone. Those behind one that waits for its turn wait as well, or it
// would never come.
base::Result<void> drop_withheld(Session& session, std::vector<Job>& due) {
  const auto running = TRY(query_integer(session, "SELECT count(*) FROM jobs WHERE state = 'running'"));
  const auto crashes = TRY(query_integer(session, "SELECT max(crashes) FROM jobs WHERE state = 'running'"));
  if (crashes.value_or(0) >= kSuspectCrashes) due.clear();
  const auto suspect = std::find_if(due.begin(), due.end(), is_suspect);
  if (suspect == due.end()) return {};
  const bool now_alone = suspect == due.begin() && running.value_or(0) == 0;
  due.erase(now_alone ? suspect + 1 : suspect, due.end());
  return {};
}

}  // namespace

Millis now_ms() {
  using std::chrono::system_clock;
  return std::chrono::duration_cast<std::chrono::milliseconds>(system_clock::now().time_since_epoch()).count();
}

base::Result<Enqueued> enqueue(Session& session, const std::string& kind, const std::string& subject,
                               const std::string& payload, Millis run_at) {
  // The latest payload counts. A job that waits starts at the earlier time; one that runs is asked for once more.
  TRY(session.run("UPDATE jobs SET payload = ?, "
                  "run_at = CASE WHEN (state = 'queued' OR again = 1) AND run_at < ? THEN run_at ELSE ? END, "
                  "again = CASE WHEN state = 'running' THEN 1 ELSE 0 END "
                  "WHERE kind = ? AND subject = ? AND state IN ('queued', 'running')",
                  {payload, run_at, run_at, kind, subject}));
  if (session.changes() > 0) return Enqueued::merged;
  TRY(insert_job(session, kind, subject, payload, run_at, now_ms()));
  return Enqueued::added;
}

base::Result<Taken> take_jobs(Session& session, const std::vector<std::string>& kinds, std::size_t count, const Lease& lease,
                              Millis now) {
  Taken taken;
  if (kinds.empty() || count == 0) return taken;
  taken.given_up = TRY(recover_jobs(session, lease.owner, now));
  taken.jobs = TRY(due_jobs(session, kinds, count, now));
  TRY(drop_withheld(session, taken.jobs));
  for (Job& job : taken.jobs) {
    job.state = "running";
    job.attempts += 1;
    job.progress.clear();
    // A run that begins now serves what was asked for while the last one ran.
    TRY(session.run("UPDATE jobs SET state = 'running', attempts = ?, again = 0, lease_owner = ?, lease_until = ?, "
                    "progress = '' WHERE id = ?",
                    {std::int64_t{job.attempts}, lease.owner, now + lease.time.count(), job.id}));
  }
  return taken;
}

base::Result<bool> renew_lease(Session& session, std::int64_t id, const Lease& lease, Millis now) {
  TRY(session.run("UPDATE jobs SET lease_until = ? WHERE id = ? AND state = 'running' AND lease_owner = ?",
                  {now + lease.time.count(), id, lease.owner}));
  return session.changes() > 0;
}

base::Result<void> set_progress(Session& session, std::int64_t id, const std::string& progress) {
  return session.run("UPDATE jobs SET progress = ? WHERE id = ? AND state = 'running'", {progress, id});
}

base::Result<void> finish_job(Session& session, const Job& job, Millis now) {
  const Again again = TRY(current_run(session, job));
  TRY(close_job(session, job, "succeeded", "", now));
  if (again.wanted) TRY(insert_job(session, job.kind, job.subject, again.payload, again.run_at, now));
  return {};
}

base::Result<bool> fail_job(Session& session, const Job& job, const base::Error& error, int failures_cap, Millis now) {
  const Again again = TRY(current_run(session, job));
  Job next = job;
  next.crashes = 0;
  const bool stopped = error.kind == base::Kind::cancelled;  // the hub is shutting down: no fault of the job
  if (!stopped) next.failures += 1;
  if (stopped || (may_help_again(error.kind) && next.failures < failures_cap)) {
    TRY(queue_again(session, next, error.message, stopped ? now : now + wait_after(next.failures)));
    return false;
  }
  TRY(close_job(session, job, "failed", error.message, now));
  if (!again.wanted) return true;
  TRY(insert_job(session, job.kind, job.subject, again.payload, again.run_at, now));
  return false;
}

base::Result<std::optional<Job>> last_job(Session& session, const std::string& kind, const std::string& subject) {
  auto jobs = TRY(query_jobs(session, "subject = ? AND kind = ? ORDER BY id DESC LIMIT 1", {subject, kind}));
  return jobs.empty() ? std::optional<Job>() : std::optional<Job>(std::move(jobs.front()));
}

base::Result<std::optional<Millis>> next_due(Session& session, const std::vector<std::string>& kinds) {
  if (kinds.empty()) return std::nullopt;
  std::vector<Value> parameters;
  const std::string list = placeholders(kinds, parameters);
  const auto due = TRY(query_integer(session, fmt::format("SELECT run_at FROM jobs WHERE state = 'queued' AND kind IN ({}) "
                                                          "ORDER BY run_at LIMIT 1", list), parameters));
  const auto lease = TRY(query_integer(session, "SELECT min(lease_until) FROM jobs WHERE state = 'running'"));
  if (!due || !lease) return due ? due : lease;
  return std::min(*due, *lease);
}

base::Result<void> forget_jobs(Session& session, Millis finished_before) {
  // The last row stays: its id would be given out again, and a worker that is late would end another's job.
  return session.run("DELETE FROM jobs WHERE state IN ('succeeded', 'failed') AND finished_at < ? "
                     "AND id < (SELECT max(id) FROM jobs)", {finished_before});
}

base::Result<void> release_leases(Session& session, Millis now) {
  return session.run("UPDATE jobs SET lease_until = ? WHERE state = 'running' AND lease_until > ?", {now, now});
}

}  // namespace store
