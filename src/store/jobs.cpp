// SPDX-License-Identifier: Apache-2.0
#include "store/jobs.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace store {

namespace {

constexpr Millis kFirstWait = 5'000;
constexpr Millis kLongestWait = 30 * 60'000;

constexpr std::string_view kJobColumns =
    "id, kind, subject, payload, state, attempts, run_at, progress, error, created_at, finished_at";

Job read_job(const Row& row) {
  Job job;
  job.id = row.integer(0);
  job.kind = row.text(1);
  job.subject = row.text(2);
  job.payload = row.text(3);
  job.state = row.text(4);
  job.attempts = static_cast<int>(row.integer(5));
  job.run_at = row.integer(6);
  job.progress = row.text(7);
  job.error = row.text(8);
  job.created_at = row.integer(9);
  job.finished_at = row.integer(10);
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

// Up to `count` jobs in one state whose time (`column`) has come.
base::Result<void> collect_due(Session& session, std::string_view state, std::string_view column,
                               const std::vector<std::string>& kinds, std::size_t count, Millis now, std::vector<Job>& out) {
  std::vector<Value> parameters{state, now};
  const std::string list = placeholders(kinds, parameters);
  parameters.emplace_back(static_cast<std::int64_t>(count));
  return session.query(fmt::format("SELECT {} FROM jobs WHERE state = ? AND {} <= ? AND kind IN ({}) "
                                   "ORDER BY run_at, id LIMIT ?", kJobColumns, column, list),
                       parameters, [&](const Row& row) { out.push_back(read_job(row)); });
}

base::Result<void> insert_job(Session& session, std::string_view kind, std::string_view subject, std::string_view payload,
                              Millis run_at, Millis created_at) {
  return session.run("INSERT INTO jobs (kind, subject, payload, state, attempts, again, run_at, lease_owner, lease_until, "
                     "progress, error, created_at, finished_at) VALUES (?, ?, ?, 'queued', 0, 0, ?, '', 0, '', '', ?, 0)",
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

Millis wait_after(int attempts) {
  const int doublings = std::clamp(attempts - 1, 0, 20);
  return std::min(kFirstWait << doublings, kLongestWait);
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

base::Result<std::vector<Job>> take_jobs(Session& session, const std::vector<std::string>& kinds, std::size_t count,
                                         const Lease& lease, Millis now) {
  std::vector<Job> jobs;
  if (kinds.empty() || count == 0) return jobs;
  // Two questions, for each of which there is an index, instead of one with OR that would sort every job that waits.
  TRY(collect_due(session, "running", "lease_until", kinds, count, now, jobs));
  TRY(collect_due(session, "queued", "run_at", kinds, count, now, jobs));
  std::sort(jobs.begin(), jobs.end(), [](const Job& a, const Job& b) {
    return a.run_at != b.run_at ? a.run_at < b.run_at : a.id < b.id;
  });
  if (jobs.size() > count) jobs.resize(count);
  for (Job& job : jobs) {
    job.state = "running";
    job.attempts += 1;
    job.progress.clear();
    // A run that begins now serves what was asked for while the last one ran.
    TRY(session.run("UPDATE jobs SET state = 'running', attempts = ?, again = 0, lease_owner = ?, lease_until = ?, "
                    "progress = '' WHERE id = ?",
                    {std::int64_t{job.attempts}, lease.owner, now + lease.time.count(), job.id}));
  }
  return jobs;
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

base::Result<bool> fail_job(Session& session, const Job& job, const base::Error& error, int attempts_cap, Millis now) {
  const Again again = TRY(current_run(session, job));
  const bool stopped = error.kind == base::Kind::cancelled;  // the hub is shutting down: no fault of the job
  if (stopped || (may_help_again(error.kind) && job.attempts < attempts_cap)) {
    TRY(session.run("UPDATE jobs SET state = 'queued', run_at = ?, error = ?, again = 0, lease_owner = '', lease_until = 0 "
                    "WHERE id = ?", {stopped ? now : now + wait_after(job.attempts), error.message, job.id}));
    return false;
  }
  TRY(close_job(session, job, "failed", error.message, now));
  if (!again.wanted) return true;
  TRY(insert_job(session, job.kind, job.subject, again.payload, again.run_at, now));
  return false;
}

base::Result<std::optional<Job>> last_job(Session& session, const std::string& kind, const std::string& subject) {
  std::optional<Job> job;
  TRY(session.query(fmt::format("SELECT {} FROM jobs WHERE subject = ? AND kind = ? ORDER BY id DESC LIMIT 1", kJobColumns),
                    {subject, kind}, [&](const Row& row) { job = read_job(row); }));
  return job;
}

base::Result<std::optional<Millis>> next_due(Session& session, const std::vector<std::string>& kinds) {
  if (kinds.empty()) return std::nullopt;
  std::vector<Value> parameters;
  const std::string list = placeholders(kinds, parameters);
  return query_integer(session, fmt::format("SELECT run_at FROM jobs WHERE state = 'queued' AND kind IN ({}) "
                                            "ORDER BY run_at LIMIT 1", list), parameters);
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
