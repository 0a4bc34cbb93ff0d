// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <future>
#include <vector>

#include "hub/logs/running_queries.hpp"

namespace {

using hub::RunningQueries;
using namespace std::chrono_literals;

class CancelledIds final : public workspace::QueryService {
 public:
  tl::expected<workspace::QueryOutcome, workspace::QueryFailure> run(const workspace::QueryRequest&) override { return {}; }
  base::Result<std::vector<workspace::QueryDiagnostic>> check(const workspace::QueryRequest&) override { return {}; }
  base::Result<void> cancel(std::string_view id) override {
    const std::lock_guard lock(mutex_);
    ids.emplace_back(id);
    changed_.notify_all();
    return {};
  }
  bool cancelled_times(std::size_t times) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 30s, [&] { return ids.size() >= times; });
  }
  base::Result<std::vector<model::TableSchema>> schema(const workspace::WorkspaceRef&) override { return {}; }
  std::vector<std::string> ids;

 private:
  std::mutex mutex_;  // guards `ids` while a query is abandoned
  std::condition_variable changed_;
};

TEST(RunningQueries, are_cancelled_by_their_asker_alone) {
  CancelledIds service;
  RunningQueries queries(service, 2, 2);
  const auto turn = queries.begin("anna", "q1", 1s);
  ASSERT_TRUE(turn);
  EXPECT_FALSE(queries.cancel("bert", "q1"));
  EXPECT_FALSE(queries.cancel("anna", "q2"));
  EXPECT_TRUE(service.ids.empty());
  EXPECT_FALSE(turn->cancelled());
  EXPECT_TRUE(queries.cancel("anna", "q1"));
  EXPECT_EQ(service.ids, std::vector<std::string>{turn->engine_id()});
  EXPECT_TRUE(turn->cancelled());
}

TEST(RunningQueries, an_ended_one_is_not_found) {
  CancelledIds service;
  RunningQueries queries(service, 2, 2);
  { const auto turn = queries.begin("anna", "q1", 1s); }
  EXPECT_FALSE(queries.cancel("anna", "q1"));
}

TEST(RunningQueries, one_too_many_waits_and_then_runs) {
  CancelledIds service;
  RunningQueries queries(service, 1, 1);
  auto first = std::make_optional(queries.begin("anna", "q1", 1s));
  ASSERT_TRUE(*first);
  auto second = std::async(std::launch::async, [&] { return queries.begin("anna", "q2", 60s).has_value(); });
  first.reset();
  EXPECT_TRUE(second.get());
}

TEST(RunningQueries, more_than_may_wait_are_sent_away) {
  CancelledIds service;
  RunningQueries queries(service, 1, 0);
  const auto first = queries.begin("anna", "q1", 1s);
  const auto second = queries.begin("bert", "q2", 60s);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().message, hub::kTooManyQueries);
}

TEST(RunningQueries, patience_ends) {
  CancelledIds service;
  RunningQueries queries(service, 1, 1);
  const auto first = queries.begin("anna", "q1", 1s);
  const auto second = queries.begin("bert", "q2", 1ms);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, base::Kind::unavailable);
}

TEST(RunningQueries, one_that_waits_can_be_cancelled) {
  CancelledIds service;
  RunningQueries queries(service, 1, 1);
  const auto first = queries.begin("anna", "q1", 1s);
  auto second = std::async(std::launch::async, [&] {
    const auto turn = queries.begin("anna", "q2", 60s);
    return turn ? base::Kind::internal : turn.error().kind;
  });
  while (!queries.cancel("anna", "q2")) std::this_thread::yield();
  EXPECT_EQ(second.get(), base::Kind::cancelled);
  EXPECT_TRUE(service.ids.empty());
}

TEST(RunningQueries, whose_asker_hangs_up_are_ended_until_they_have) {
  CancelledIds service;
  RunningQueries queries(service, 2, 2);
  const auto asker = std::make_shared<net::HangUp>();
  {
    const auto turn = queries.begin("anna", "", 1s, asker);
    ASSERT_TRUE(turn);
    asker->raise();
    EXPECT_TRUE(service.cancelled_times(2));
    EXPECT_EQ(service.ids.front(), turn->engine_id());
    EXPECT_TRUE(turn->cancelled());
  }
  const auto next = queries.begin("anna", "", 1s, asker);  // of a batch
  EXPECT_EQ(next ? base::Kind::internal : next.error().kind, base::Kind::cancelled);
}

TEST(RunningQueries, whose_asker_hangs_up_while_they_wait_do_not_run) {
  CancelledIds service;
  RunningQueries queries(service, 1, 1);
  const auto first = queries.begin("anna", "q1", 1s);
  const auto asker = std::make_shared<net::HangUp>();
  auto second = std::async(std::launch::async, [&] {
    const auto turn = queries.begin("bert", "q2", 60s, asker);
    return turn ? base::Kind::internal : turn.error().kind;
  });
  asker->raise();
  EXPECT_EQ(second.get(), base::Kind::cancelled);
  EXPECT_TRUE(service.ids.empty());
}

TEST(RunningQueries, that_ended_do_not_hear_their_asker) {
  CancelledIds service;
  RunningQueries queries(service, 1, 1);
  const auto asker = std::make_shared<net::HangUp>();
  { const auto turn = queries.begin("anna", "q1", 1s, asker); }
  const auto other = queries.begin("bert", "q2", 1s);
  asker->raise();
  EXPECT_FALSE(other->cancelled());
}

}  // namespace
