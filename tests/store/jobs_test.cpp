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
    auto taken = write<store::Taken>([&](Session& session) { return store::take_jobs(session, kScan, most, lease, now); });
    given_up_ = std::move(taken.given_up);
    return std::move(taken.jobs);
  }
  // A process that takes what there is for `threads` threads, and dies with it.
  std::vector<Job> take_and_die(Millis now, std::size_t threads = 4) {
    auto jobs = take(now, threads, {"process " + std::to_string(++processes_), std::chrono::milliseconds(60'000)});
    EXPECT_TRUE(database_->write([&](Session& session) { return store::release_leases(session, now); }));
    return jobs;
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

  std::vector<Job> given_up_;  // of the last take
  int processes_ = 0;
};

std::vector<std::string> subjects(const std::vector<Job>& jobs) {
  std::vector<std::string> out;
  for (const Job& job : jobs) out.push_back(job.subject);
  return out;
}

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
  EXPECT_EQ(next_due(), 1100) << "when its lease ends";
  ASSERT_TRUE(finish(taken[0], 200));
  EXPECT_EQ(next_due(), std::nullopt);
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
  const store::Lease other{"other", std::chrono::milliseconds(1000)};
  EXPECT_TRUE(take(1899, 10, other).empty());
  EXPECT_EQ(take(1900, 10, other).size(), 1u);
}

TEST_F(Jobs, stays_with_a_process_that_was_late_to_renew) {
  enqueue("a", 0);
  const auto taken = take(0);
  ASSERT_EQ(taken.size(), 1u);
  EXPECT_TRUE(take(5000).empty()) << "it runs in this very process";
  EXPECT_TRUE(write<bool>([&](Session& session) { return store::renew_lease(session, taken[0].id, kLease, 5000); }));
  EXPECT_TRUE(finish(taken[0], 5100));
}

TEST_F(Jobs, ends_all_leases_of_a_process_that_is_gone) {
  enqueue("a", 0);
  ASSERT_EQ(take(0).size(), 1u);
  ASSERT_TRUE(database_->write([](Session& session) { return store::release_leases(session, 5); }));
  EXPECT_EQ(next_due(), 5);
  EXPECT_EQ(take(5, 10, {"next", std::chrono::milliseconds(1000)}).size(), 1u);
}

TEST_F(Jobs, runs_alone_once_two_processes_ended_with_it) {
  for (const char* subject : {"a", "b", "c"}) enqueue(subject, 0);
  EXPECT_EQ(take_and_die(0).size(), 3u);
  EXPECT_EQ(take_and_die(0).size(), 3u) << "once may be chance";
  const auto alone = take(0);
  EXPECT_EQ(subjects(alone), std::vector<std::string>{"a"});
  enqueue("new", 0);
  EXPECT_TRUE(take(0).empty()) << "nothing runs beside it";
  ASSERT_TRUE(finish(alone[0], 1));
  const auto next = take(1);
  EXPECT_EQ(subjects(next), std::vector<std::string>{"b"});
  ASSERT_TRUE(finish(next[0], 2));
  const auto last_suspect = take(2);
  EXPECT_EQ(subjects(last_suspect), std::vector<std::string>{"c"});
  ASSERT_TRUE(finish(last_suspect[0], 3));
  EXPECT_EQ(subjects(take(3)), std::vector<std::string>{"new"});
}

TEST_F(Jobs, lets_a_suspect_wait_for_those_that_run_and_others_for_the_suspect) {
  enqueue("suspect", 0);
  take_and_die(0);
  take_and_die(0);
  ASSERT_TRUE(run("UPDATE jobs SET run_at = 10"));
  enqueue("early", 5);
  enqueue("late", 20);
  const auto first = take(20, 10);
  EXPECT_EQ(subjects(first), std::vector<std::string>{"early"});
  EXPECT_TRUE(take(20).empty()) << "the suspect is next, and not beside another";
  ASSERT_TRUE(finish(first[0], 21));
  EXPECT_EQ(subjects(take(21)), std::vector<std::string>{"suspect"});
}

TEST_F(Jobs, gives_up_what_ends_the_process_each_time_it_runs_and_nothing_beside_it) {
  for (const char* subject : {"innocent", "poison", "other"}) enqueue(subject, 0);
  Millis now = 0;
  int deaths = 0;
  while (last("poison").state != "failed") {
    ASSERT_LT(now, 1'000'000);
    auto jobs = take(now, 4, {"process " + std::to_string(++processes_), std::chrono::milliseconds(60'000)});
    bool dies = false;
    for (const Job& job : jobs) dies = dies || job.subject == "poison";
    deaths += dies ? 1 : 0;
    if (!dies) {
      for (const Job& job : jobs) ASSERT_TRUE(finish(job, now));
      now += jobs.empty() ? 1'000 : 0;
    }
    ASSERT_TRUE(database_->write([&](Session& session) { return store::release_leases(session, now); }));
  }
  EXPECT_EQ(deaths, 5) << "twice among others, three times alone";
  EXPECT_EQ(last("innocent").state, "succeeded");
  EXPECT_EQ(last("other").state, "succeeded");
  ASSERT_EQ(given_up_.size(), 1u);
  EXPECT_EQ(given_up_[0].subject, "poison");
  EXPECT_THAT(last("poison").error, HasSubstr("the process ended 3 times while this alone ran"));
  EXPECT_TRUE(take(1'000'000'000).empty());
  EXPECT_EQ(enqueue("poison", now), Enqueued::added) << "who asks for it gets it";
}

TEST_F(Jobs, waits_longer_after_each_lone_run_that_the_process_did_not_survive) {
  enqueue("a", 0);
  for (int i = 0; i < 3; ++i) take_and_die(0);
  EXPECT_TRUE(take(0).empty());
  EXPECT_EQ(next_due(), 5'000);
  EXPECT_EQ(last("a").error, "the process ended 1 time while this alone ran");
  EXPECT_EQ(take_and_die(5'000).size(), 1u);
  EXPECT_TRUE(take(5'000).empty());
  EXPECT_EQ(next_due(), 15'000);
}

TEST_F(Jobs, gives_up_several_that_end_the_process) {
  for (const char* subject : {"a", "b"}) enqueue(subject, 0);
  Millis now = 0;
  for (int deaths = 0; deaths < 20; ++deaths) {
    if (take_and_die(now).empty()) now += 5'000;
  }
  EXPECT_EQ(last("a").state, "failed");
  EXPECT_EQ(last("b").state, "failed");
}

TEST_F(Jobs, blames_no_job_where_processes_end_without_it_too) {
  enqueue("unlucky", 0);
  Millis now = 0;
  take_and_die(now);
  take_and_die(now);
  for (int round = 0; round < 50; ++round) {
    const auto alone = take_and_die(now);
    ASSERT_EQ(subjects(alone), std::vector<std::string>{"unlucky"}) << round;
    // While it waits, the next process dies too, with a job that is new.
    enqueue("round " + std::to_string(round), now);
    ASSERT_EQ(take_and_die(now).size(), 1u);
    for (const Job& job : take(now, 10, {"survivor", std::chrono::milliseconds(1000)})) ASSERT_TRUE(finish(job, now));
    EXPECT_TRUE(given_up_.empty());
    now += 30'000;
  }
  EXPECT_EQ(last("unlucky").state, "queued");
}

TEST_F(Jobs, counts_failures_apart_from_crashes) {
  enqueue("a", 0);
  take_and_die(0);
  const auto taken = take(0);
  ASSERT_EQ(taken.size(), 1u);
  EXPECT_EQ(taken[0].attempts, 2);
  EXPECT_FALSE(fail(taken[0], base::Kind::unavailable, 0, 2)) << "its first failure";
  EXPECT_EQ(last("a").crashes, 0) << "it came to an end";
  EXPECT_TRUE(fail(take(5'000).at(0), base::Kind::unavailable, 0, 2));
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
  EXPECT_TRUE(write<store::Taken>([](Session& session) {
    return store::take_jobs(session, {}, 10, kLease, 10);
  }).jobs.empty());
}

}  // namespace
