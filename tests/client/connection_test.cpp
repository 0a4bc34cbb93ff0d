// SPDX-License-Identifier: Apache-2.0
#include "client/connection.hpp"

#include <gtest/gtest.h>

#include "net/pinned_certificate.hpp"
#include "support/fake_hub.hpp"

namespace {

using test_support::FakeHub;

client::Connection open_to(const FakeHub& hub, const std::string& fingerprint = {}) {
  client::Target target;
  target.url = hub.url();
  target.token = "bwk_secret";
  target.fingerprint = fingerprint;
  auto connection = client::Connection::open(target);
  EXPECT_TRUE(connection) << connection.error().message;
  return *connection;
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

TEST(Connection, sends_the_token_and_the_api_version_with_resource_paths_alone) {
  FakeHub hub;
  const auto connection = open_to(hub);
  const std::string resource = "/subscriptions/1/resourceGroups/default/providers/Microsoft.ContainerRegistry/registries/a";
  hub.on("GET /api/v1/session", R"({"user": {"name": "ada"}})");
  hub.on("POST " + resource + "/scan", "", 202);
  ASSERT_TRUE(connection.get("/api/v1/session"));
  ASSERT_TRUE(connection.send("POST", resource + "/scan", base::JsonObject{{"rescan", true}}));
  EXPECT_EQ(hub.last("GET /api/v1/session").header("authorization"), "Bearer bwk_secret");
  EXPECT_FALSE(hub.last("GET /api/v1/session").has_parameter("api-version"));
  const auto scan = hub.last("POST " + resource + "/scan");
  EXPECT_EQ(scan.parameter("api-version"), "2025-11-01");
  EXPECT_EQ(scan.body, R"({"rescan":true})");
  EXPECT_EQ(scan.header("content-type"), "application/json");
}

TEST(Connection, follows_cursors_until_the_last_page) {
  FakeHub hub;
  hub.on("GET /api/v1/findings", R"({"value": [1, 2], "total": 5, "next": "c 1"})");
  hub.on("GET /api/v1/findings", R"({"value": [], "total": 5, "next": "c2"})");
  hub.on("GET /api/v1/findings", R"({"value": [3, 4, 5], "total": 5, "next": null})");
  const auto rows = open_to(hub).list("/api/v1/findings", {{"severity", "High,Low"}, {"empty", ""}}, 0);
  ASSERT_TRUE(rows) << rows.error().message;
  EXPECT_EQ(base::to_text(rows->value), "[1,2,3,4,5]");
  EXPECT_EQ(rows->total, 5);
  EXPECT_FALSE(rows->more);
  const auto requests = hub.requests();
  ASSERT_EQ(requests.size(), 3u);
  EXPECT_EQ(requests[0].parameter("top"), "1000");
  EXPECT_EQ(requests[1].parameter("cursor"), "c 1");
  EXPECT_EQ(requests[2].parameter("cursor"), "c2");
  for (const auto& request : requests) {
    EXPECT_EQ(request.parameter("severity"), "High,Low");
    EXPECT_FALSE(request.has_parameter("empty"));
  }
}

TEST(Connection, stops_at_the_limit_and_says_that_there_is_more) {
  FakeHub hub;
  hub.on("GET /api/v1/findings", R"({"value": [1, 2], "total": 9, "next": "a"})");
  hub.on("GET /api/v1/findings", R"({"value": [3, 4], "total": 9, "next": "b"})");
  const auto rows = open_to(hub).list("/api/v1/findings", {}, 3);
  ASSERT_TRUE(rows);
  EXPECT_EQ(base::to_text(rows->value), "[1,2,3]");
  EXPECT_TRUE(rows->more);
  EXPECT_EQ(hub.requests()[0].parameter("top"), "3");
}

TEST(Connection, follows_next_links_to_itself_whatever_host_they_name) {
  FakeHub hub;
  const std::string path = "/subscriptions/1/providers/Bulwark.Security/disableRules";
  hub.on("GET " + path, R"({"value": [1], "nextLink": "https://public.example/subscriptions/1/providers/Bulwark.Security/disableRules?api-version=2025-11-01&$skiptoken=x"})");
  hub.on("GET " + path, R"({"value": [2]})");
  const auto rows = open_to(hub).list(path, {}, 0);
  ASSERT_TRUE(rows) << rows.error().message;
  EXPECT_EQ(base::to_text(rows->value), "[1,2]");
  EXPECT_EQ(hub.requests()[1].parameter("$skiptoken"), "x");
  EXPECT_EQ(hub.requests()[1].header("authorization"), "Bearer bwk_secret");
}

TEST(Connection, gives_up_on_pages_that_lead_to_themselves_and_on_what_is_no_list) {
  FakeHub hub;
  hub.on("GET /api/v1/findings", R"({"value": [1], "next": "same"})");
  const auto endless = open_to(hub).list("/api/v1/findings", {}, 0);
  ASSERT_FALSE(endless);
  EXPECT_TRUE(contains(endless.error().message, "no end"));
  hub.on("GET /api/v1/registries", R"({"hello": "world"})");
  const auto other = open_to(hub).list("/api/v1/registries", {}, 0);
  ASSERT_FALSE(other);
  EXPECT_TRUE(contains(other.error().message, "is it a hub?"));
}

TEST(Connection, errors_carry_the_hubs_code_and_message) {
  FakeHub hub;
  hub.on("GET /api/v1/a", R"({"error": {"code": "AuthorizationFailed", "message": "The client may not."}})", 403);
  hub.on("GET /api/v1/b", "<html>Bad gateway</html>", 418);
  hub.on("POST /api/v1/c", R"({"error": {"code": "TooManyRequests", "message": "Locked."}})", 429, {{"Retry-After", "30"}});
  hub.on("POST /api/v1/d", R"({"error": "invalid_client", "error_description": "AADSTS7000215: wrong secret"})", 401);
  const auto connection = open_to(hub);
  const auto denied = connection.get("/api/v1/a");
  ASSERT_FALSE(denied);
  EXPECT_EQ(denied.error().kind, base::Kind::denied);
  EXPECT_EQ(denied.error().message, "AuthorizationFailed: The client may not.");
  const auto strange = connection.get("/api/v1/b");
  ASSERT_FALSE(strange);
  EXPECT_TRUE(contains(strange.error().message, "status 418"));
  EXPECT_FALSE(contains(strange.error().message, "html"));
  const auto locked = connection.send("POST", "/api/v1/c");
  ASSERT_FALSE(locked);
  EXPECT_EQ(locked.error().kind, base::Kind::unavailable);
  EXPECT_TRUE(contains(locked.error().message, "30 s"));
  const auto oauth = connection.send("POST", "/api/v1/d");
  ASSERT_FALSE(oauth);
  EXPECT_TRUE(contains(oauth.error().message, "invalid_client: AADSTS7000215"));
}

TEST(Connection, unauthorized_says_how_to_sign_in_and_quotes_no_token) {
  FakeHub hub;
  hub.on("GET /api/v1/findings", R"({"error": {"code": "AuthenticationFailed", "message": "Sign in first."}})", 401);
  const auto answer = open_to(hub).get("/api/v1/findings");
  ASSERT_FALSE(answer);
  EXPECT_TRUE(contains(answer.error().message, "bulwark login " + hub.url()));
  EXPECT_FALSE(contains(answer.error().message, "bwk_secret"));
}

TEST(Connection, never_speaks_plain_http_to_another_machine) {
  client::Target target;
  target.url = "http://hub.example.com:8443";
  const auto refused = client::Connection::open(target);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, base::Kind::denied);
  target.url = "http://localhost:8443";
  EXPECT_TRUE(client::Connection::open(target));
}

TEST(Connection, addresses_are_read_as_people_write_them) {
  for (const auto& [text, url] : std::vector<std::pair<std::string, std::string>>{
           {"hub.example.com", "https://hub.example.com"},
           {"HUB.example.com:8443/", "https://hub.example.com:8443"},
           {"https://hub.example.com:443", "https://hub.example.com"},
           {"http://127.0.0.1:8080", "http://127.0.0.1:8080"},
           {"https://example.com/bulwark/", "https://example.com/bulwark"}}) {
    const auto read = client::normal_url(text);
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(*read, url);
  }
  for (const auto* bad : {"", "ftp://hub.example.com", "https://", "hub?x=1", "a b"}) EXPECT_FALSE(client::normal_url(bad)) << bad;
}

class PinnedHub : public testing::Test {
 protected:
  void SetUp() override {
    auto identity = net::make_self_signed({"elsewhere.example"}, 30);
    ASSERT_TRUE(identity);
    auto fingerprint = net::certificate_fingerprint(identity->certificate_pem);
    ASSERT_TRUE(fingerprint);
    fingerprint_ = *fingerprint;
    hub_.emplace(*identity);
    hub_->on("GET /api/v1/session", "{}");
  }
  std::string fingerprint_;
  std::optional<FakeHub> hub_;
};

TEST_F(PinnedHub, is_trusted_by_its_fingerprint_alone) {
  const auto connection = open_to(*hub_, fingerprint_);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(connection.get("/api/v1/session"));
  const auto seen = net::server_fingerprint(hub_->url());
  ASSERT_TRUE(seen) << seen.error().message;
  EXPECT_EQ(*seen, fingerprint_);
}

TEST_F(PinnedHub, is_refused_with_another_fingerprint_before_anything_is_sent) {
  const auto connection = open_to(*hub_, std::string(64, 'b'));
  const auto answer = connection.get("/api/v1/session");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, base::Kind::denied);
  EXPECT_TRUE(contains(answer.error().message, fingerprint_)) << answer.error().message;
  EXPECT_TRUE(contains(answer.error().message, std::string(64, 'b')));
  EXPECT_TRUE(hub_->requests().empty());
}

TEST_F(PinnedHub, is_not_trusted_without_one) {
  const auto answer = open_to(*hub_).get("/api/v1/session");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, base::Kind::denied);
  EXPECT_TRUE(hub_->requests().empty());
}

TEST(Fingerprint, is_read_with_colons_and_prefix) {
  const std::string plain = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
  for (const std::string& text : {plain, "sha256:" + plain, "SHA256:" + plain,
                                 std::string("00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF")}) {
    const auto read = net::parse_fingerprint(text);
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(*read, plain);
  }
  for (const std::string& bad : {std::string(), std::string(63, 'a'), std::string(64, 'g'), "sha1:" + plain})
    EXPECT_FALSE(net::parse_fingerprint(bad)) << bad;
}

}  // namespace
