// SPDX-License-Identifier: Apache-2.0
#include "hub/job_runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>

#include "base/crypto.hpp"

namespace hub {

namespace {

constexpr std::chrono::milliseconds kLongestWait{2'000};

// Memory that runs out ends the job, not the hub.
base::Result<void> run_guarded(const JobRunner::Kind& kind, const store::Job& job) {
  try {
    return kind.run(job);
  } catch (const std::exception& failure) {
    return base::fail(base::Kind::internal, fmt::format("the job met a fault: {}", failure.what()));
  }
}

}  // namespace

JobRunner::JobRunner(store::Database& database, std::size_t threads)
    : database_(database), threads_wanted_(threads), lease_{base::uuid4(), std::chrono::seconds(60)} {}

JobRunner::~JobRunner() { stop(); }

void JobRunner::add(const std::string& kind, Kind handler) {
  names_.push_back(kind);
  kinds_.insert_or_assign(kind, std::move(handler));
}

base::Result<void> JobRunner::start() {
  TRY(database_.write([](store::Session& session) { return store::release_leases(session, store::now_ms()); }));
  for (std::size_t i = 0; i < threads_wanted_; ++i) threads_.emplace_back([this] { work(); });
  threads_.emplace_back([this] { renew_leases(); });
  return {};
}

void JobRunner::wake() {
  const std::lock_guard lock(mutex_);
  woken_ = true;
  changed_.notify_all();  // one alone might be the thread that renews leases, which only goes back to sleep
}

void JobRunner::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  for (auto& thread : threads_)
    if (thread.joinable()) thread.join();
  threads_.clear();
}

std::size_t JobRunner::running() const {
  const std::lock_guard lock(mutex_);
  return running_.size();
}

std::optional<store::Job> JobRunner::take(store::Millis now) {
  std::optional<store::Job> taken;
  if (time_to_next(now).count() > 0) return taken;  // no transaction that writes where there is nothing to take
  const auto done = database_.write([&](store::Session& session) -> base::Result<void> {
    auto found = TRY(store::take_jobs(session, names_, 1, lease_, now));
    TRY(tell_given_up(session, found.given_up));
    if (!found.jobs.empty()) taken = std::move(found.jobs.front());
    return {};
  });
  if (!done) taken.reset();
  return taken;
}

base::Result<void> JobRunner::tell_given_up(store::Session& session, const std::vector<store::Job>& jobs) {
  for (const auto& job : jobs) {
    const auto kind = kinds_.find(job.kind);
    if (kind == kinds_.end() || !kind->second.failed) continue;
    TRY(kind->second.failed(session, job, base::Error{base::Kind::internal, job.error}, true));
  }
  return {};
}

std::chrono::milliseconds JobRunner::time_to_next(store::Millis now) {
  std::optional<store::Millis> due;
  (void)database_.read([&](store::Session& session) -> base::Result<void> {
    due = TRY(store::next_due(session, names_));
    return {};
  });
  return due ? std::clamp(std::chrono::milliseconds(*due - now), std::chrono::milliseconds(0), kLongestWait) : kLongestWait;
}

void JobRunner::work() {
  for (;;) {
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
      woken_ = false;
    }
    const auto now = store::now_ms();
    if (const auto job = take(now)) {
      wake();  // there may be more for others
      run(*job);
      continue;
    }
    // What is due and was not taken is withheld until a job ends (whose thread looks then), or cannot be written now.
    const auto time = time_to_next(now);
    wait(time.count() > 0 ? time : kLongestWait);
  }
}

bool JobRunner::wait(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, time, [this] { return woken_ || stopping_; });
  return !stopping_;
}

void JobRunner::run(const store::Job& job) {
  {
    const std::lock_guard lock(mutex_);
    running_.insert(job.id);
  }
  keep_result(job, run_guarded(kinds_.at(job.kind), job));
  const std::lock_guard lock(mutex_);
  running_.erase(job.id);
}

// A disk that is full has room again some time: until then this thread has nothing better to do, for no result can be kept.
void JobRunner::keep_result(const store::Job& job, const base::Result<void>& done) {
  bool said = false;
  for (;;) {
    const auto kept = keep_once(job, done);
    if (kept) return;
    if (!std::exchange(said, true))
      fmt::print(stderr, "bulwark: job {} ({}): its result could not be kept: {}\n", job.id, job.kind, kept.error().message);
    if (kept.error().kind != base::Kind::unavailable) return;
    std::unique_lock lock(mutex_);
    if (changed_.wait_for(lock, kLongestWait, [this] { return stopping_; })) return;  // run again by the next process
  }
}

base::Result<void> JobRunner::keep_once(const store::Job& job, const base::Result<void>& done) {
  const Kind& kind = kinds_.at(job.kind);
  return database_.write([&](store::Session& session) -> base::Result<void> {
    if (done) return store::finish_job(session, job, store::now_ms());
    const bool final = TRY(store::fail_job(session, job, done.error(), kind.failures_cap, store::now_ms()));
    if (!kind.failed) return {};
    const auto told = kind.failed(session, job, done.error(), final);
    // What cannot be said about the failure must not keep the job open; a full disk keeps neither.
    if (told || told.error().kind == base::Kind::unavailable) return told;
    fmt::print(stderr, "bulwark: job {} ({}): its failure could not be told: {}\n", job.id, job.kind, told.error().message);
    return {};
  });
}

void JobRunner::renew_leases() {
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, lease_.time / 3, [this] { return stopping_; })) {
    const std::set<std::int64_t> held = running_;
    lock.unlock();
    if (!held.empty()) {
      (void)database_.write([&](store::Session& session) -> base::Result<void> {
        for (const auto id : held) TRY(store::renew_lease(session, id, lease_, store::now_ms()));
        return {};
      });
    }
    lock.lock();
  }
}

}  // namespace hub
