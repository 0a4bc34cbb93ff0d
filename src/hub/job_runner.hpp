// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "store/jobs.hpp"

namespace hub {

// Runs the jobs of the store on threads of its own, each under a lease that is renewed while it runs. What was running when
// the process died is run again by the next one, but not for ever (store::take_jobs).
class JobRunner {
 public:
  struct Kind {
    std::function<base::Result<void>(const store::Job&)> run;
    // In the transaction that keeps the failure, so that both are kept or neither; may be empty.
    std::function<base::Result<void>(store::Session&, const store::Job&, const base::Error&, bool final)> failed;
    int failures_cap = 6;
  };

  JobRunner(store::Database& database, std::size_t threads);
  ~JobRunner();

  void add(const std::string& kind, Kind handler);  // before start
  base::Result<void> start();
  void wake();
  void stop();  // jobs that run are waited for
  std::size_t running() const;

 private:
  void work();
  void renew_leases();
  std::optional<store::Job> take(store::Millis now);
  base::Result<void> tell_given_up(store::Session& session, const std::vector<store::Job>& jobs);
  void run(const store::Job& job);
  void keep_result(const store::Job& job, const base::Result<void>& done);
  base::Result<void> keep_once(const store::Job& job, const base::Result<void>& done);
  std::chrono::milliseconds time_to_next(store::Millis now);
  bool wait(std::chrono::milliseconds time);  // false: stopping

  store::Database& database_;
  const std::size_t threads_wanted_;
  const store::Lease lease_;
  std::map<std::string, Kind> kinds_;
  std::vector<std::string> names_;
  std::vector<std::thread> threads_;
  mutable std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  std::set<std::int64_t> running_;
  bool woken_ = false;
  bool stopping_ = false;
};

}  // namespace hub
