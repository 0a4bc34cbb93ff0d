// SPDX-License-Identifier: Apache-2.0
#include "store/jobs.hpp"

#include <gmock/gmock.h>

#include "store_testing.hpp"

namespace {

using store::Enqueued;
using store::Job;
using store::Millis;
using store::Session;
using testing::HasSubstr;

const std::vector<std::string> kScan{"image.scan"};
const store::Lease kLease{"worker", std::chrono::milliseconds(1000)};

class Jobs : public store_testing::StoreTest {
 protected:
  Enqueued enqueue(const std::string& subject, Millis run_at, const std::string& payload = "{}",
                   const std::string& kind = "image.scan") {
    return write<Enqueued>([&](Session& session) { return store::enqueue(session, kind, subject, payload, run_at); });
  }
  std::vector<Job> take(Millis now, std::size_t most = 10, const store::Lease& lease = kLease) {
    return write<std::vector<Job>>([&](Session& session) { return store::take_jobs(session, kScan, most, lease, now); });
  }
  base::Result<void> finish(const Job& job, Millis now) {
    return database_->write([&](Session& session) { return store::finish_job(session, job, now); });
  }
  bool fail(const Job& job, base::Kind kind, Millis now, int cap = 3) {
    return write<bool>([&](Session& session) { return store::fail_job(session, job, {kind, "broken"}, cap, now); });
  }
  Job last(const std::string& subject) {
    return write<std::optional<Job>>([&](Session& session) {
      return store::last_job(session, "image.scan", subject);
    }).value_or(Job{});
  }
  std::optional<Millis> next_due() {
    return write<std::optional<Millis>>([&](Session& session) { return store::next_due(session, kScan); });
  }
};

TEST_F(Jobs, runs_once_when_all_goes_well) {
  EXPECT_EQ(enqueue("a", 100, R"({"n":1})"), Enqueued::added);
  EXPECT_EQ(next_due(), 100);
  EXPECT_TRUE(take(99).empty());
  const auto taken = take(100);
  ASSERT_EQ(taken.size(), 1u);
  EXPECT_EQ(taken[0].subject, "a");
  EXPECT_EQ(taken[0].payload, R"({"n":1})");
  EXPECT_EQ(taken[0].state, "running");
  EXPECT_EQ(taken[0].attempts, 1);
  EXPECT_TRUE(take(100).empty());
  EXPECT_EQ(next_due(), std::nullopt);
  ASSERT_TRUE(finish(taken[0], 200));
  EXPECT_TRUE(take(1'000'000).empty());
  EXPECT_EQ(last("a").state, "succeeded");
  EXPECT_EQ(last("a").finished_at, 200);
}

TEST_F(Jobs, takes_the_oldest_first_and_no_more_than_asked) {
  enqueue("late", 30);
  enqueue("early", 10);
  enqueue("middle", 20);
  enqueue("other", 1, "{}", "registry.poll");
  const auto first = take(100, 2);
  ASSERT_EQ(first.size(), 2u);
  EXPECT_EQ(first[0].subject, "early");
  EXPECT_EQ(first[1].subject, "middle");
  const auto second = take(100, 2);
  ASSERT_EQ(second.size(), 1u);
  EXPECT_EQ(second[0].subject, "late");
}

TEST_F(Jobs, keeps_one_open_job_of_a_kind_for_a_subject) {
  EXPECT_EQ(enqueue("a", 500, "1"), Enqueued::added);
  EXPECT_EQ(enqueue("a", 900, "2"), Enqueued::merged);
  EXPECT_EQ(next_due(), 500) << "the earlier time holds";
  EXPECT_EQ(enqueue("a", 100, "3"), Enqueued::merged);
  EXPECT_EQ(enqueue("a", 100, "poll", "registry.poll"), Enqueued::added);
  const auto taken = take(100);
  ASSERT_EQ(taken.size(), 1u);
  EXPECT_EQ(taken[0].payload, "3") << "the latest payload counts";
}

TEST_F(Jobs, runs_once_more_where_asked_for_while_it_ran) {
  enqueue("a", 0, "1");
  const auto first = take(10);
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(enqueue("a", 20, "2"), Enqueued::merged);
  EXPECT_EQ(enqueue("a", 30, "3"), Enqueued::merged);
  EXPECT_TRUE(take(40).empty()) << "never two at once";
  ASSERT_TRUE(finish(first[0], 50));
  const auto second = take(50);
  ASSERT_EQ(second.size(), 1u);
  EXPECT_EQ(second[0].payload, "3");
  EXPECT_EQ(second[0].attempts, 1);
  ASSERT_TRUE(finish(second[0], 60));
  EXPECT_TRUE(take(1'000'000).empty());
}

TEST_F(Jobs, is_taken_again_when_its_lease_ends_and_counts_the_attempt) {
  enqueue("a", 0);
  const auto lost = take(0);
  ASSERT_EQ(lost.size(), 1u);
  EXPECT_TRUE(take(999).empty());
  const auto again = take(1000, 10, {"other", std::chrono::milliseconds(1000)});
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].id, lost[0].id);
  EXPECT_EQ(again[0].attempts, 2);

  const auto late = finish(lost[0], 1100);
  ASSERT_FALSE(late) << "another has it now";
  EXPECT_EQ(late.error().kind, base::Kind::conflict);
  EXPECT_FALSE(write<bool>([&](Session& session) { return store::renew_lease(session, lost[0].id, kLease, 1100); }));
  EXPECT_TRUE(finish(again[0], 1200));
}

TEST_F(Jobs, keeps_what_it_is_renewed_for) {
  enqueue("a", 0);
  const auto taken = take(0);
  ASSERT_EQ(taken.size(), 1u);
  EXPECT_TRUE(write<bool>([&](Session& session) { return store::renew_lease(session, taken[0].id, kLease, 900); }));
  EXPECT_TRUE(take(1899).empty());
  EXPECT_EQ(take(1900).size(), 1u);
}

TEST_F(Jobs, ends_all_leases_of_a_process_that_is_gone) {
  enqueue("a", 0);
  ASSERT_EQ(take(0).size(), 1u);
  ASSERT_TRUE(database_->write([](Session& session) { return store::release_leases(session, 5); }));
  EXPECT_EQ(take(5).size(), 1u);
}

TEST_F(Jobs, waits_twice_as_long_after_each_failure_and_gives_up_at_the_cap) {
  enqueue("a", 0);
  Millis now = 0;
  for (const Millis wait : {5'000, 10'000, 20'000, 40'000, 80'000, 160'000, 320'000, 640'000, 1'280'000, 1'800'000, 1'800'000}) {
    const auto taken = take(now);
    ASSERT_EQ(taken.size(), 1u) << now;
    EXPECT_FALSE(fail(taken[0], base::Kind::unavailable, now, 12));
    EXPECT_EQ(next_due(), now + wait);
    EXPECT_EQ(last("a").error, "broken");
    now += wait;
  }
  const auto taken = take(now);
  ASSERT_EQ(taken.size(), 1u);
  EXPECT_TRUE(fail(taken[0], base::Kind::unavailable, now, 12));
  EXPECT_EQ(last("a").state, "failed");
  EXPECT_TRUE(take(now + 1'000'000'000).empty());
  EXPECT_EQ(enqueue("a", now), Enqueued::added) << "a job that failed for good is not open";
}

TEST_F(Jobs, fails_at_once_where_trying_again_cannot_help) {
  for (const auto kind : {base::Kind::invalid_input, base::Kind::not_found, base::Kind::denied, base::Kind::unsupported,
                          base::Kind::too_large}) {
    enqueue("a", 0);
    const auto taken = take(0);
    ASSERT_EQ(taken.size(), 1u);
    EXPECT_TRUE(fail(taken[0], kind, 0));
  }
}

TEST_F(Jobs, goes_on_where_the_process_was_asked_to_stop) {
  enqueue("a", 0);
  EXPECT_FALSE(fail(take(0).at(0), base::Kind::cancelled, 7, 1));
  EXPECT_EQ(next_due(), 7);
}

TEST_F(Jobs, runs_again_after_a_final_failure_where_asked_for_meanwhile) {
  enqueue("a", 0, "1");
  const auto taken = take(0);
  ASSERT_EQ(taken.size(), 1u);
  enqueue("a", 5, "2");
  EXPECT_FALSE(fail(taken[0], base::Kind::invalid_input, 10));
  const auto again = take(10);
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].payload, "2");
}

TEST_F(Jobs, shows_progress_while_it_runs) {
  enqueue("a", 0);
  const auto taken = take(0);
  ASSERT_EQ(taken.size(), 1u);
  const auto say = [&] {
    ASSERT_TRUE(database_->write([&](Session& session) { return store::set_progress(session, taken[0].id, "2 of 5"); }));
  };
  say();
  EXPECT_EQ(last("a").progress, "2 of 5");
}

TEST_F(Jobs, forgets_what_finished_long_ago) {
  for (const char* subject : {"a", "b", "c", "d"}) enqueue(subject, 0);
  const auto taken = take(0);
  ASSERT_EQ(taken.size(), 4u);
  ASSERT_TRUE(finish(taken[0], 10));
  ASSERT_TRUE(finish(taken[1], 20));
  ASSERT_TRUE(finish(taken[3], 10)) << "the last id is kept, lest it be given out again";
  ASSERT_TRUE(database_->write([](Session& session) { return store::forget_jobs(session, 20); }));
  EXPECT_EQ(count("SELECT count(*) FROM jobs"), 3);
  EXPECT_EQ(last("a").id, 0);
  EXPECT_EQ(last("b").state, "succeeded");
  EXPECT_EQ(last("c").state, "running");
}

TEST_F(Jobs, takes_nothing_of_no_kind) {
  enqueue("a", 0);
  EXPECT_TRUE(write<std::vector<Job>>([](Session& session) {
    return store::take_jobs(session, {}, 10, kLease, 10);
  }).empty());
}

}  // namespace
