// SPDX-License-Identifier: Apache-2.0
#include "security/notifications.hpp"

#include <gmock/gmock.h>

#include "base/crypto.hpp"
#include "security/security_testing.hpp"

namespace {

using model::Severity;
using security_testing::finding;
using security_testing::image;
using security_testing::kRegistry;
using security_testing::kSubscription;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

// Answers with what the test says, and keeps what was sent.
class TableTransport : public net::HttpTransport {
 public:
  base::Result<net::HttpResponse> send(const net::HttpRequest& request, const base::ByteSink&) override {
    sent.push_back(request);
    if (status == 0) return base::fail(base::Kind::unavailable, "no connection");
    net::HttpResponse answer;
    answer.status = status;
    answer.headers = headers;
    return answer;
  }
  int status = 204;
  net::Headers headers;
  std::vector<net::HttpRequest> sent;
};

class NotificationsTest : public security_testing::SecurityTest {
 protected:
  NotificationsTest() : vault_(std::move(*store::Vault::open(folder_.path() / "key"))) {}

  void put_webhook(const std::string& name, const std::string& more = R"("minimumSeverity": "High")") {
    put_resource(channel_id(name), "bulwark.security/notificationchannels",
                 R"({"properties": {"kind": "Webhook", "url": "https://hooks.example/in", "events": ["NewFinding", )"
                 R"("NewRecommendation", "ScanFailed"], )" + more + "}}");
  }
  static std::string channel_id(const std::string& name) {
    return kSubscription + "/providers/Bulwark.Security/notificationChannels/" + name;
  }

  security::Delivered deliver(store::Millis now) {
    security::Delivery delivery{transport_, vault_, "https://hub.example"};
    delivery.mail = [this](const net::SmtpOptions& options, const net::Mail& mail) -> base::Result<void> {
      passwords_.push_back(options.password);
      mails_.push_back(mail);
      return {};
    };
    const auto delivered = security::deliver_due(*database_, delivery, now);
    EXPECT_TRUE(delivered) << delivered.error().message;
    return *delivered;
  }

  base::Json event(std::size_t at) { return *base::parse_json(transport_.sent.at(at).body, "event"); }
  std::vector<std::string> outbox() { return rows("SELECT state, attempts, run_at, error FROM outbox ORDER BY id", 4); }

  void assess_unhealthy(store::Millis now) {
    const auto set = put_set("set", {finding("CVE-1", "openssl", Severity::critical), finding("CVE-2", "zlib", Severity::high),
                                     finding("CVE-3", "bash", Severity::low)}, now);
    assess(image("team/app", "sha256:aa"), {set, "", "", ""}, now);
  }

  store::Vault vault_;
  TableTransport transport_;
  std::vector<net::Mail> mails_;
  std::vector<std::string> passwords_;
};

std::string hex(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) out += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return out;
}

TEST_F(NotificationsTest, one_signed_message_lists_the_new_findings_of_an_image) {
  put_webhook("ops");
  write([&](store::Session& session) {
    return vault_.put(session, base::to_lower(channel_id("ops")), "secret", "hush");
  });
  assess_unhealthy(1000);
  assess_unhealthy(2000);
  EXPECT_EQ(deliver(2000).sent, 1u) << "nothing was new the second time";
  const auto sent = event(0);
  EXPECT_EQ(base::get_string(sent, "specversion"), "1.0");
  EXPECT_EQ(base::get_string(sent, "type"), "bulwark.finding.new");
  EXPECT_EQ(base::get_string(sent, "source"), "https://hub.example");
  EXPECT_EQ(base::get_string(sent, "time"), "1970-01-01T00:00:01Z");
  const auto* data = base::find(sent, "data");
  ASSERT_TRUE(data);
  EXPECT_EQ(base::get_string(*data, "registry"), "harbor");
  EXPECT_EQ(base::get_string(*data, "repository"), "team/app");
  EXPECT_EQ(base::get_string(*data, "digest"), "sha256:aa");
  EXPECT_THAT(base::get_array(*data, "findings"), SizeIs(2)) << "the low one is below the minimum";
  const auto& request = transport_.sent[0];
  EXPECT_THAT(request.headers, testing::Contains(std::pair<std::string, std::string>(
                                   "X-Bulwark-Signature", "sha256=" + hex(base::hmac_sha256("hush", request.body)))));
  ASSERT_TRUE(request.allow_address);
  EXPECT_FALSE(request.allow_address("10.0.0.7"));
  EXPECT_EQ(deliver(3000).sent, 0u);
}

TEST_F(NotificationsTest, a_recommendation_is_told_when_its_resource_turns_unhealthy) {
  put_webhook("ops", R"("minimumSeverity": "Critical", "allowPrivate": ["10.0.0.0/8"])");
  assess_unhealthy(1000);
  roll_up(security_testing::registry(), 1000);
  roll_up(security_testing::registry(), 2000);
  EXPECT_EQ(deliver(2000).sent, 2u);
  EXPECT_EQ(base::get_string(event(1), "type"), "bulwark.recommendation.new");
  EXPECT_TRUE(transport_.sent[1].allow_address("10.0.0.7"));
}

TEST_F(NotificationsTest, findings_that_a_rule_gives_back_are_not_new) {
  put_webhook("ops");
  put_disable_rule("all", R"({"criteria": {"categories": ["Vulnerability"]}})");
  assess_unhealthy(1000);
  delete_resource(kSubscription + "/providers/Bulwark.Security/disableRules/all");
  reassess_scope(kSubscription, 2000);
  EXPECT_THAT(rows("SELECT status FROM assessments ORDER BY id", 1), ElementsAre("Unhealthy", "Unhealthy"));
  deliver(3000);
  for (std::size_t i = 0; i < transport_.sent.size(); ++i) EXPECT_NE(base::get_string(event(i), "type"), "bulwark.finding.new");
}

TEST_F(NotificationsTest, a_busy_receiver_is_asked_again_as_late_as_it_wants) {
  put_webhook("ops");
  assess_unhealthy(1000);
  transport_.status = 503;
  EXPECT_EQ(deliver(1000).put_off, 1u);
  EXPECT_THAT(outbox(), ElementsAre("pending 1 11000 the receiver answered 503"));
  EXPECT_EQ(deliver(5000).put_off, 0u) << "not due yet";
  transport_.status = 429;
  transport_.headers = {{"retry-after", "120"}};
  deliver(11'000);
  EXPECT_THAT(outbox(), ElementsAre("pending 2 131000 the receiver answered 429"));
  transport_.status = 200;
  EXPECT_EQ(deliver(131'000).sent, 1u);
  EXPECT_EQ(base::get_string(event(0), "id"), base::get_string(event(2), "id")) << "a receiver can tell it is the same";
}

TEST_F(NotificationsTest, what_cannot_be_delivered_is_dead_with_the_error_kept) {
  put_webhook("ops");
  assess_unhealthy(1000);
  transport_.status = 404;
  EXPECT_EQ(deliver(1000).dead, 1u);
  EXPECT_THAT(outbox(), ElementsAre(HasSubstr("the receiver answered 404")));
  transport_.status = 0;
  write([&](store::Session& session) { return security::notify_scan_failed(session, kRegistry, "cut short", 2000); });
  store::Millis now = 2000;
  std::size_t dead = 0;
  for (int i = 0; i < 12; ++i) dead += deliver(now += 4'000'000).dead;
  EXPECT_EQ(dead, 1u);
  write([&](store::Session& session) { return security::forget_deliveries(session, now); });
  EXPECT_THAT(outbox(), IsEmpty());
}

TEST_F(NotificationsTest, mail_carries_the_password_of_the_vault_and_words_for_people) {
  put_resource(channel_id("mail"), "bulwark.security/notificationchannels",
               R"({"properties": {"kind": "Email", "host": "mail.example", "username": "u", "from": "b@example.org", )"
               R"("to": ["a@example.org"], "events": ["NewFinding"]}})");
  write([&](store::Session& session) {
    return vault_.put(session, base::to_lower(channel_id("mail")), "password", "pass");
  });
  assess_unhealthy(1000);
  EXPECT_EQ(deliver(1000).sent, 1u);
  ASSERT_THAT(mails_, SizeIs(1));
  EXPECT_EQ(mails_[0].subject, "Bulwark: 2 new findings in team/app");
  EXPECT_THAT(mails_[0].text, HasSubstr("Critical CVE-1 openssl 1.0"));
  EXPECT_THAT(passwords_, ElementsAre("pass"));
}

TEST_F(NotificationsTest, a_test_message_says_what_the_receiver_said) {
  put_webhook("ops");
  const auto channels = write([&](store::Session& session) { return security::load_channels(session); });
  ASSERT_THAT(channels, SizeIs(1));
  const security::Delivery delivery{transport_, vault_, "https://hub.example"};
  EXPECT_TRUE(security::send_test(*database_, delivery, channels[0], 1000));
  EXPECT_EQ(base::get_string(event(0), "type"), "bulwark.test");
  transport_.status = 500;
  const auto failed = security::send_test(*database_, delivery, channels[0], 1000);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message, "the receiver answered 500");
}

TEST(Channels, a_body_that_cannot_work_is_refused) {
  const auto refusal = [](std::string_view properties) {
    const auto body = base::parse_json("{\"properties\":" + std::string(properties) + "}", "body");
    const auto channel = security::parse_channel("/subscriptions/s/providers/x/y/z", "z", *body);
    return channel ? std::string() : channel.error().message;
  };
  EXPECT_THAT(refusal("{}"), HasSubstr("events is empty"));
  EXPECT_THAT(refusal(R"({"events": ["Gossip"]})"), HasSubstr("'Gossip' is none of"));
  EXPECT_THAT(refusal(R"({"events": ["NewFinding"]})"), HasSubstr("kind is neither"));
  EXPECT_THAT(refusal(R"({"events": ["NewFinding"], "kind": "Webhook", "url": "ftp://x"})"), HasSubstr("url begins"));
  EXPECT_THAT(refusal(R"({"events": ["NewFinding"], "kind": "Webhook", "url": "http://x", "allowPrivate": ["x"]})"),
              HasSubstr("allowPrivate"));
  EXPECT_EQ(refusal(R"({"events": ["newfinding"], "kind": "webhook", "url": "http://x"})"), "");
}

}  // namespace
