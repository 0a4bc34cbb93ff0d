// SPDX-License-Identifier: Apache-2.0
#include "hub/scheduler.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "hub/data_jobs.hpp"
#include "providers/container_registry/registry_poll.hpp"
#include "providers/hybrid_compute/agent_state.hpp"
#include "providers/hybrid_compute/enrollment_tokens.hpp"
#include "providers/hybrid_compute/host_history.hpp"
#include "security/notifications.hpp"
#include "security/plans.hpp"
#include "security/rules.hpp"
#include "security/score.hpp"

namespace hub {

namespace {

constexpr std::chrono::milliseconds kTick{1'000};
constexpr store::Millis kHour = 3'600'000, kDay = 24 * kHour;
constexpr store::Millis kWatchEvery = 5'000, kKeepAlive = 15'000, kScoreEvery = kHour, kClearEvery = kHour;
constexpr store::Millis kKeepJobs = 7 * kDay, kKeepDeliveries = 7 * kDay, kKeepActivity = 400 * kDay;

void report(const base::Result<void>& done, std::string_view what) {
  if (!done) fmt::print(stderr, "bulwark: {}: {}\n", what, done.error().message);
}

}  // namespace

void Scheduler::start() {
  thread_ = std::thread([this] { run(); });
}

void Scheduler::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

void Scheduler::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    tick(store::now_ms());
    lock.lock();
    changed_.wait_for(lock, kTick, [this] { return stopping_; });
  }
}

void Scheduler::tick(store::Millis now) {
  if (now >= next_poll_) {
    const auto next = providers::queue_due_polls(context_.services, now);
    next_poll_ = next ? *next : now + 60'000;
    if (!next) report(base::fail(next.error()), "looking for registries to poll");
    report(queue_due_refresh(context_, now), "queueing a refresh of vulnerability data");
  }
  if (now >= next_watch_) {
    next_watch_ = now + kWatchEvery;
    report(providers::hybrid_compute::watch_hosts(context_.hosts, now), "watching the agents of hosts");
  }
  report(end_rules(now), "ending rules that ran out");
  report(deliver(now), "delivering notifications");
  if (now >= next_keep_alive_) {
    context_.events.keep_alive();
    next_keep_alive_ = now + kKeepAlive;
  }
  if (now >= next_score_) {
    next_score_ = now + kScoreEvery;
    report(context_.database.write([&](store::Session& session) -> base::Result<void> {
      TRY(security::assess_plans(session, context_.services.assessor, context_.subscription(), now));
      return security::record_score(session, context_.recommendations, base::to_lower(context_.subscription()), now);
    }), "recording the secure score");
  }
  if (now >= next_clear_) {
    next_clear_ = now + kClearEvery;
    report(clear_up(now), "clearing up");
  }
}

base::Result<void> Scheduler::end_rules(store::Millis now) {
  if (rules_checked_ == 0) rules_checked_ = now;
  std::optional<security::Expiry> expiry;
  TRY(context_.database.read([&](store::Session& session) -> base::Result<void> {
    expiry = TRY(security::next_expiry(session, rules_checked_));
    return {};
  }));
  if (!expiry || expiry->at > now) return {};
  TRY(context_.database.write([&](store::Session& session) {
    return context_.services.assessor.reassess_scope(session, expiry->scope_key, now);
  }));
  rules_checked_ = expiry->at;
  return {};
}

base::Result<void> Scheduler::deliver(store::Millis now) {
  std::optional<store::Millis> due;
  TRY(context_.database.read([&](store::Session& session) -> base::Result<void> {
    due = TRY(security::next_delivery(session));
    return {};
  }));
  if (!due || *due > now) return {};
  TRY(security::deliver_due(context_.database, {transport_, context_.services.vault, context_.url}, now));
  return {};
}

base::Result<void> Scheduler::clear_up(store::Millis now) {
  return context_.database.write([&](store::Session& session) -> base::Result<void> {
    TRY(store::forget_jobs(session, now - kKeepJobs));
    TRY(security::forget_deliveries(session, now - kKeepDeliveries));
    TRY(providers::hybrid_compute::trim_history(session, now));
    TRY(providers::hybrid_compute::forget_old_tokens(session, now));
    TRY(session.run("DELETE FROM registry_deliveries WHERE at < ?", {now - kKeepDeliveries}));
    return session.run("DELETE FROM activity WHERE at < ?", {now - kKeepActivity});
  });
}

}  // namespace hub
