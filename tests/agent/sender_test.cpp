// SPDX-License-Identifier: Apache-2.0
#include "agent/uplink_sender.hpp"

#include <gmock/gmock.h>

#include <atomic>

#include "agent/agent_support.hpp"
#include "base/files.hpp"

using agent::Delivery;
using agent::Spool;
using agent::UplinkSender;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using namespace std::chrono_literals;

namespace {

constexpr agent::SenderTimes kHasty{1ms, 5ms, 5ms};

// A hub that takes what its test allows, and remembers it.
class ScriptedHub : public agent::HubLink {
 public:
  Delivery send(std::string_view text) override {
    const auto batch = uplink::parse_batch(text);
    EXPECT_TRUE(batch) << batch.error().message;
    const std::lock_guard lock(mutex_);
    ++sends;
    if (batch->header.status.lost_messages > 0) lost = batch->header.status.lost_messages;
    if (answer) {
      auto said = answer(*batch);
      if (said.outcome != Delivery::Outcome::taken) return said;
    }
    for (const auto& message : batch->messages) {
      if (message.sequence <= last) continue;
      taken.push_back(std::get<uplink::Machine>(message.body).name);
      last = message.sequence;
    }
    Delivery delivery;
    delivery.outcome = Delivery::Outcome::taken;
    delivery.reply.acknowledged = last;
    delivery.reply.requests = requests;
    return delivery;
  }
  std::vector<std::string> names() {
    const std::lock_guard lock(mutex_);
    return taken;
  }

  std::function<Delivery(const uplink::Batch&)> answer;
  std::vector<std::string> requests;
  std::atomic<int> sends{0};
  std::atomic<std::int64_t> lost{0};

 private:
  std::mutex mutex_;
  std::vector<std::string> taken;
  std::uint64_t last = 0;
};

class SenderTest : public testing::Test {
 protected:
  void append(const std::string& name) {
    uplink::Machine machine;
    machine.name = name;
    ASSERT_TRUE(spool_->append({machine}, 1));
  }
  std::unique_ptr<UplinkSender> start(UplinkSender::Hooks hooks = {}) {
    auto sender = std::make_unique<UplinkSender>(*spool_, hub_, std::move(hooks), kHasty);
    sender->begin();
    return sender;
  }

  base::TempDir folder_ = std::move(*base::TempDir::create("sender"));
  std::unique_ptr<Spool> spool_ = std::move(*Spool::open({folder_.path() / "spool", 64u << 20}));
  ScriptedHub hub_;
};

Delivery with_outcome(Delivery::Outcome outcome, std::string message) {
  Delivery delivery;
  delivery.outcome = outcome;
  delivery.message = std::move(message);
  return delivery;
}

bool has(const uplink::Batch& batch, const std::string& name) {
  for (const auto& message : batch.messages)
    if (std::get<uplink::Machine>(message.body).name == name) return true;
  return false;
}

}  // namespace

TEST_F(SenderTest, says_at_once_that_it_lives_and_sends_what_comes) {
  std::atomic<int> replies{0};
  UplinkSender::Hooks hooks;
  hooks.on_reply = [&](const uplink::Reply&) { ++replies; };
  const auto sender = start(std::move(hooks));
  EXPECT_TRUE(test::eventually([&] { return replies > 0; }));
  append("a");
  sender->wake();
  EXPECT_TRUE(test::eventually([&] { return hub_.names() == std::vector<std::string>{"a"}; }));
  EXPECT_TRUE(sender->drain(5s));
  EXPECT_EQ(sender->seen().state, UplinkSender::State::connected);
}

TEST_F(SenderTest, hands_on_what_the_hub_asks_for) {
  std::atomic<bool> asked{false};
  hub_.requests = {"assess"};
  UplinkSender::Hooks hooks;
  hooks.on_reply = [&](const uplink::Reply& reply) { asked = reply.requests == std::vector<std::string>{"assess"}; };
  const auto sender = start(std::move(hooks));
  EXPECT_TRUE(test::eventually([&] { return asked.load(); }));
}

TEST_F(SenderTest, loses_nothing_and_keeps_the_order_while_the_hub_is_away) {
  std::atomic<bool> away{true};
  hub_.answer = [&](const uplink::Batch&) {
    return away ? with_outcome(Delivery::Outcome::unreachable, "no connection") : with_outcome(Delivery::Outcome::taken, "");
  };
  const auto sender = start();
  std::vector<std::string> expected;
  for (int i = 0; i < 500; ++i) {
    append(std::to_string(i));
    expected.push_back(std::to_string(i));
    sender->wake();
  }
  EXPECT_TRUE(test::eventually([&] { return sender->seen().state == UplinkSender::State::unreachable; }));
  EXPECT_EQ(sender->seen().message, "no connection");
  away = false;
  EXPECT_TRUE(sender->drain(20s));
  EXPECT_EQ(hub_.names(), expected);
  EXPECT_EQ(spool_->totals().messages, 0);
  EXPECT_EQ(spool_->totals().lost, 0);
}

TEST_F(SenderTest, does_not_hammer_a_hub_that_is_away) {
  hub_.answer = [&](const uplink::Batch&) { return with_outcome(Delivery::Outcome::unreachable, "no connection"); };
  append("a");
  UplinkSender sender(*spool_, hub_, {}, {10min, 10min, 10min});
  sender.begin();
  EXPECT_TRUE(test::eventually([&] { return sender.seen().state == UplinkSender::State::unreachable; }));
  for (int i = 0; i < 100; ++i) sender.wake();
  EXPECT_FALSE(sender.drain(50ms));
  EXPECT_EQ(hub_.sends, 1);
}

TEST_F(SenderTest, waits_as_long_as_a_busy_hub_asks) {
  hub_.answer = [&](const uplink::Batch&) {
    auto delivery = with_outcome(Delivery::Outcome::later, "too many");
    delivery.wait = std::chrono::seconds(600);
    return delivery;
  };
  append("a");
  const auto sender = start();
  EXPECT_TRUE(test::eventually([&] { return sender->seen().state == UplinkSender::State::busy; }));
  EXPECT_FALSE(sender->drain(100ms));
  EXPECT_EQ(hub_.sends, 1);
}

TEST_F(SenderTest, whose_credential_is_revoked_keeps_its_messages_and_says_so) {
  std::atomic<bool> revoked{true};
  hub_.answer = [&](const uplink::Batch&) {
    return revoked ? with_outcome(Delivery::Outcome::denied, "not known") : with_outcome(Delivery::Outcome::taken, "");
  };
  append("a");
  const auto sender = start();
  EXPECT_TRUE(test::eventually([&] { return sender->seen().state == UplinkSender::State::denied && hub_.sends > 3; }));
  EXPECT_EQ(spool_->totals().messages, 1);
  revoked = false;
  EXPECT_TRUE(sender->drain(10s));
  EXPECT_THAT(hub_.names(), ElementsAre("a"));
}

TEST_F(SenderTest, gives_up_the_one_message_that_the_hub_does_not_want) {
  hub_.answer = [&](const uplink::Batch& batch) {
    return has(batch, "bad") ? with_outcome(Delivery::Outcome::refused, "line 4: nonsense") : with_outcome(Delivery::Outcome::taken, "");
  };
  for (const char* name : {"a", "b", "bad", "c", "d"}) append(name);
  std::mutex mutex;
  std::vector<std::string> refusals;
  UplinkSender::Hooks hooks;
  hooks.on_refusal = [&](const std::string& why) {
    const std::lock_guard lock(mutex);
    refusals.push_back(why);
  };
  const auto sender = start(std::move(hooks));
  EXPECT_TRUE(sender->drain(10s));
  EXPECT_THAT(hub_.names(), ElementsAre("a", "b", "c", "d"));
  EXPECT_EQ(spool_->totals().lost, 1);
  EXPECT_EQ(sender->seen().refused, 1);
  EXPECT_TRUE(test::eventually([&] { return hub_.lost == 1 || (append("e"), sender->wake(), false); })) << "the hub is told";
  const std::lock_guard lock(mutex);
  EXPECT_THAT(refusals, ElementsAre(HasSubstr("line 4: nonsense")));
}

TEST_F(SenderTest, gives_nothing_up_where_the_hub_refuses_whatever_comes) {
  std::atomic<bool> refuses{true};
  hub_.answer = [&](const uplink::Batch&) {
    return refuses ? with_outcome(Delivery::Outcome::refused, "format is not 1") : with_outcome(Delivery::Outcome::taken, "");
  };
  for (const char* name : {"a", "b"}) append(name);
  const auto sender = start();
  EXPECT_TRUE(test::eventually([&] { return hub_.sends > 10; }));
  EXPECT_EQ(spool_->totals().messages, 2);
  EXPECT_THAT(sender->seen().message, HasSubstr("refuses all"));
  refuses = false;
  EXPECT_TRUE(sender->drain(10s));
  EXPECT_THAT(hub_.names(), ElementsAre("a", "b"));
}

TEST_F(SenderTest, ends_while_it_waits) {
  hub_.answer = [&](const uplink::Batch&) { return with_outcome(Delivery::Outcome::unreachable, "no connection"); };
  append("a");
  auto sender = std::make_unique<UplinkSender>(*spool_, hub_, UplinkSender::Hooks{}, agent::SenderTimes{10min, 10min, 10min});
  sender->begin();
  EXPECT_TRUE(test::eventually([&] { return hub_.sends > 0; }));
  sender.reset();
}
