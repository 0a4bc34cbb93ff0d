// SPDX-License-Identifier: Apache-2.0
#include "net/retry.hpp"

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;

// 2015-10-21T07:28:00Z
const std::chrono::system_clock::time_point kNow{std::chrono::seconds(1'445'412'480)};

TEST(RetryAfter, reads_seconds_and_dates) {
  EXPECT_EQ(net::parse_retry_after("120", kNow), 120s);
  EXPECT_EQ(net::parse_retry_after(" 0 ", kNow), 0s);
  EXPECT_EQ(net::parse_retry_after("Wed, 21 Oct 2015 07:29:30 GMT", kNow), 90s);
  EXPECT_EQ(net::parse_retry_after("Wednesday, 21-Oct-15 07:28:05 GMT", kNow), 5s);
  EXPECT_EQ(net::parse_retry_after("Wed Oct 21 07:28:07 2015", kNow), 7s);
}

TEST(RetryAfter, takes_a_date_in_the_past_as_now) {
  EXPECT_EQ(net::parse_retry_after("Wed, 21 Oct 2015 07:00:00 GMT", kNow), 0s);
}

TEST(RetryAfter, survives_nonsense) {
  for (const char* text : {"", "soon", "-5", "1.5", "12:30", "Wed, 99 Oct 2015 99:99:99 GMT!"})
    EXPECT_FALSE(net::parse_retry_after(text, kNow)) << text;
  EXPECT_GT(*net::parse_retry_after("99999999999999999999999", kNow), 24h);
}

TEST(RetryWait, doubles_with_jitter_up_to_a_cap) {
  net::RetryPolicy policy;
  policy.attempts = 40;
  policy.first_wait = 100ms;
  policy.longest_wait = 1000ms;
  policy.jitter = [] { return 0.0; };
  EXPECT_EQ(net::retry_wait(policy, 1), 50ms);
  EXPECT_EQ(net::retry_wait(policy, 2), 100ms);
  EXPECT_EQ(net::retry_wait(policy, 3), 200ms);
  EXPECT_EQ(net::retry_wait(policy, 39), 500ms);
  EXPECT_FALSE(net::retry_wait(policy, 40));
}

TEST(RetryWait, obeys_retry_after_within_reason) {
  net::RetryPolicy policy;
  EXPECT_EQ(net::retry_wait(policy, 1, 7s), 7000ms);
  EXPECT_FALSE(net::retry_wait(policy, 1, 3600s));
}

// Answers from a list, the last one again and again.
class ScriptedTransport final : public net::HttpTransport {
 public:
  explicit ScriptedTransport(std::vector<int> statuses) : statuses_(std::move(statuses)) {}
  base::Result<net::HttpResponse> send(const net::HttpRequest&, const base::ByteSink&) override {
    const int status = statuses_[std::min(calls_++, statuses_.size() - 1)];
    if (status == 0) return base::fail(base::Kind::unavailable, "cut");
    if (status < 0) return base::fail(base::Kind::denied, "no trust");
    net::HttpResponse response;
    response.status = status;
    if (status == 429) response.headers = {{"retry-after", "3"}};
    return response;
  }
  std::size_t calls() const { return calls_; }

 private:
  std::vector<int> statuses_;
  std::size_t calls_ = 0;
};

TEST(SendWithRetries, asks_again_while_it_may_help) {
  std::vector<std::chrono::milliseconds> waits;
  net::RetryPolicy policy;
  policy.sleep = [&](std::chrono::milliseconds time) { waits.push_back(time); };
  ScriptedTransport transport({0, 503, 429, 200});
  const auto response = net::send_with_retries(transport, {}, policy);
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 200);
  ASSERT_EQ(waits.size(), 3u);
  EXPECT_GE(waits[2], 3000ms);
}

TEST(SendWithRetries, gives_the_last_answer_after_the_last_attempt) {
  net::RetryPolicy policy;
  policy.sleep = [](std::chrono::milliseconds) {};
  ScriptedTransport failing({502});
  const auto response = net::send_with_retries(failing, {}, policy);
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 502);
  EXPECT_EQ(failing.calls(), 5u);
  ScriptedTransport distrusted({-1});
  EXPECT_FALSE(net::send_with_retries(distrusted, {}, policy));
  EXPECT_EQ(distrusted.calls(), 1u);
}

}  // namespace
