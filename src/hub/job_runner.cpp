// SPDX-License-Identifier: Apache-2.0
#include "hub/job_runner.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/crypto.hpp"

namespace hub {

namespace {

constexpr std::chrono::milliseconds kLongestWait{2'000};  // leases of others end without a word

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
  changed_.notify_one();
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

std::optional<store::Job> JobRunner::take() {
  std::optional<store::Job> taken;
  bool any_due = false;
  const auto now = store::now_ms();
  (void)database_.read([&](store::Session& session) -> base::Result<void> {
    const auto due = TRY(store::next_due(session, names_));
    any_due = due && *due <= now;
    return {};
  });
  if (!any_due) return taken;
  (void)database_.write([&](store::Session& session) -> base::Result<void> {
    auto jobs = TRY(store::take_jobs(session, names_, 1, lease_, now));
    if (!jobs.empty()) taken = std::move(jobs.front());
    return {};
  });
  return taken;
}

std::optional<store::Millis> JobRunner::next_due() {
  std::optional<store::Millis> due;
  (void)database_.read([&](store::Session& session) -> base::Result<void> {
    due = TRY(store::next_due(session, names_));
    return {};
  });
  return due;
}

void JobRunner::work() {
  for (;;) {
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
      woken_ = false;
    }
    if (const auto job = take()) {
      wake();  // there may be more for others
      run(*job);
      continue;
    }
    const auto due = next_due();
    const auto until_due = std::chrono::milliseconds(due ? std::max<store::Millis>(*due - store::now_ms(), 1) : kLongestWait.count());
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::min(until_due, kLongestWait), [this] { return woken_ || stopping_; });
  }
}

void JobRunner::run(const store::Job& job) {
  {
    const std::lock_guard lock(mutex_);
    running_.insert(job.id);
  }
  const Kind& kind = kinds_.at(job.kind);
  const auto done = kind.run(job);
  bool final = false;
  const auto kept = database_.write([&](store::Session& session) -> base::Result<void> {
    if (done) return store::finish_job(session, job, store::now_ms());
    final = TRY(store::fail_job(session, job, done.error(), kind.attempts_cap, store::now_ms()));
    return {};
  });
  if (!kept) fmt::print(stderr, "bulwark: job {} ({}): its result could not be kept: {}\n", job.id, job.kind, kept.error().message);
  if (!done && kind.failed) (void)kind.failed(job, done.error(), final);
  const std::lock_guard lock(mutex_);
  running_.erase(job.id);
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
