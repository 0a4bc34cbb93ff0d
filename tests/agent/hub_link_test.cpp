// SPDX-License-Identifier: Apache-2.0
#include "agent/hub_link.hpp"

#include <gmock/gmock.h>

#include <atomic>

#include "agent/enroll.hpp"
#include "base/compress.hpp"
#include "net/server.hpp"

using agent::Delivery;
using testing::HasSubstr;

namespace {

constexpr std::string_view kSecret = "0123456789abcdef0123";

// A hub's door with a certificate of its own.
class Door {
 public:
  explicit Door(net::Handler handler) : identity_(std::move(*net::make_self_signed({"127.0.0.1"}, 30))) {
    net::ServerOptions options;
    options.tls = identity_;
    server_ = std::move(*net::HttpServer::start(std::move(options), std::move(handler)));
  }
  std::string url() const { return "https://127.0.0.1:" + std::to_string(server_->port()); }
  std::string fingerprint() const { return *net::certificate_fingerprint(identity_.certificate_pem); }
  std::string token() const { return uplink::to_text({"t1", std::string(kSecret), fingerprint()}); }

 private:
  net::TlsIdentity identity_;
  std::unique_ptr<net::HttpServer> server_;
};

net::ServerResponse error_of(int status, const std::string& message) {
  net::ServerResponse response;
  response.status = status;
  response.body = R"({"error":{"code":"x","message":")" + message + "\"}}";
  return response;
}

uplink::Machine a_machine() {
  uplink::Machine machine;
  machine.name = "web-1";
  return machine;
}

constexpr std::string_view kHeartbeat = R"({"format":1,"stream":"0b1cfa9e-0a47-4c1e-8d4c-9c6a3d1f0001"})";

Delivery send_to(const Door& door) {
  const auto link = agent::http_link({door.url(), door.fingerprint(), {}, "/m", "credential", {}}, "bulwark-agent/test");
  EXPECT_TRUE(link) << link.error().message;
  return (*link)->send(kHeartbeat);
}

}  // namespace

TEST(Enroll, gives_the_token_for_a_credential) {
  std::string seen;
  const Door door([&](const net::ServerRequest& request) {
    EXPECT_EQ(request.path, "/api/v1/agents/enroll");
    seen = request.body;
    net::ServerResponse response;
    response.status = 201;
    response.body = base::to_text(uplink::to_json(uplink::Enrolled{"/subscriptions/s/machines/web-1", "credential", {}}));
    return response;
  });
  const auto identity = agent::enroll({door.url(), door.token(), {}}, a_machine(), "1.0.0");
  ASSERT_TRUE(identity) << identity.error().message;
  EXPECT_EQ(identity->credential, "credential");
  EXPECT_EQ(identity->resource_id, "/subscriptions/s/machines/web-1");
  EXPECT_EQ(identity->fingerprint, door.fingerprint());
  const auto request = uplink::parse_enroll_request(seen);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->token, door.token());
  EXPECT_EQ(request->machine.name, "web-1");
}

TEST(Enroll, never_sends_the_token_to_who_shows_another_certificate) {
  std::atomic<int> requests{0};
  const Door impostor([&](const net::ServerRequest&) {
    ++requests;
    return net::ServerResponse{};
  });
  const std::string token = uplink::to_text({"t1", std::string(kSecret), std::string(64, 'a')});
  const auto identity = agent::enroll({impostor.url(), token, {}}, a_machine(), "1.0.0");
  ASSERT_FALSE(identity);
  EXPECT_EQ(identity.error().kind, base::Kind::denied);
  EXPECT_THAT(identity.error().message, HasSubstr("the token was not sent"));
  EXPECT_THAT(identity.error().message, testing::Not(HasSubstr(std::string(kSecret))));
  EXPECT_EQ(requests, 0);
}

TEST(Enroll, without_a_fingerprint_asks_authorities) {
  std::atomic<int> requests{0};
  const Door door([&](const net::ServerRequest&) {
    ++requests;
    return net::ServerResponse{};
  });
  const std::string token = uplink::to_text({"t1", std::string(kSecret), "-"});
  EXPECT_FALSE(agent::enroll({door.url(), token, {}}, a_machine(), "1.0.0"));
  EXPECT_EQ(requests, 0);
}

TEST(Enroll, says_what_is_wrong_with_the_token) {
  const Door door([&](const net::ServerRequest&) { return error_of(401, "This enrolment token was used already; make a new one."); });
  const auto identity = agent::enroll({door.url(), door.token(), {}}, a_machine(), "1.0.0");
  ASSERT_FALSE(identity);
  EXPECT_EQ(identity.error().kind, base::Kind::denied);
  EXPECT_THAT(identity.error().message, HasSubstr("This enrolment token was used already; make a new one."));
}

TEST(Enroll, refuses_plain_http_to_another_machine) {
  const std::string token = uplink::to_text({"t1", std::string(kSecret), "-"});
  EXPECT_EQ(agent::enroll({"http://192.0.2.1", token, {}}, a_machine(), "1.0.0").error().kind, base::Kind::denied);
  EXPECT_EQ(agent::enroll({"", token, {}}, a_machine(), "1.0.0").error().kind, base::Kind::invalid_input);
  EXPECT_EQ(agent::enroll({"https://x", "token", {}}, a_machine(), "1.0.0").error().kind, base::Kind::invalid_input);
}

TEST(HttpLink, sends_the_batch_compressed_with_the_credential) {
  const Door door([&](const net::ServerRequest& request) {
    EXPECT_EQ(request.header("authorization"), "Bearer credential");
    EXPECT_EQ(request.header("content-type"), "application/x-ndjson");
    EXPECT_EQ(request.header("content-encoding"), "zstd");
    EXPECT_EQ(base::decompress_whole(request.body, 1u << 20, "body").value_or(""), kHeartbeat);
    net::ServerResponse response;
    response.body = R"({"acknowledged":7,"settings":{"heartbeatSeconds":30}})";
    return response;
  });
  const Delivery delivery = send_to(door);
  EXPECT_EQ(delivery.outcome, Delivery::Outcome::taken);
  EXPECT_EQ(delivery.reply.acknowledged, 7u);
}

TEST(HttpLink, tells_the_ways_of_a_hub_apart) {
  using Outcome = Delivery::Outcome;
  const std::pair<int, Outcome> cases[] = {{400, Outcome::refused}, {413, Outcome::refused},    {401, Outcome::denied},
                                           {429, Outcome::later},   {503, Outcome::later},      {500, Outcome::later},
                                           {404, Outcome::unreachable}, {204, Outcome::unreachable}};
  for (const auto& [status, outcome] : cases) {
    const Door door([status = status](const net::ServerRequest&) {
      auto response = status == 204 ? net::ServerResponse{} : error_of(status, "so it is");
      response.status = status;
      if (status == 429) response.headers.emplace_back("Retry-After", "17");
      return response;
    });
    const Delivery delivery = send_to(door);
    EXPECT_EQ(delivery.outcome, outcome) << status;
    EXPECT_TRUE(status != 400 || delivery.message == "so it is");
    EXPECT_EQ(delivery.wait.has_value(), status == 429) << status;
  }
}

TEST(HttpLink, takes_no_page_of_a_proxy_for_a_hub) {
  const Door door([&](const net::ServerRequest&) {
    net::ServerResponse response;
    response.body = "<html>welcome</html>";
    return response;
  });
  EXPECT_EQ(send_to(door).outcome, Delivery::Outcome::unreachable);
}

TEST(HttpLink, says_nothing_to_who_shows_another_certificate) {
  std::atomic<int> requests{0};
  const Door door([&](const net::ServerRequest&) {
    ++requests;
    return net::ServerResponse{};
  });
  const auto link = agent::http_link({door.url(), std::string(64, 'b'), {}, "/m", "credential", {}}, "test");
  ASSERT_TRUE(link);
  const Delivery delivery = (*link)->send(kHeartbeat);
  EXPECT_EQ(delivery.outcome, Delivery::Outcome::unreachable);
  EXPECT_THAT(delivery.message, HasSubstr("fingerprint"));
  EXPECT_EQ(requests, 0);
}

TEST(InProcessLink, hands_batches_on_and_tells_errors_apart) {
  using Outcome = Delivery::Outcome;
  base::Result<uplink::Reply> answer = uplink::Reply{};
  const auto link = agent::in_process_link([&](const uplink::Batch& batch) {
    EXPECT_EQ(batch.header.stream, "0b1cfa9e-0a47-4c1e-8d4c-9c6a3d1f0001");
    return answer;
  });
  EXPECT_EQ(link->send(kHeartbeat).outcome, Outcome::taken);
  answer = base::fail(base::Kind::invalid_input, "no");
  EXPECT_EQ(link->send(kHeartbeat).outcome, Outcome::refused);
  answer = base::fail(base::Kind::denied, "no");
  EXPECT_EQ(link->send(kHeartbeat).outcome, Outcome::denied);
  answer = base::fail(base::Kind::internal, "no");
  EXPECT_EQ(link->send(kHeartbeat).outcome, Outcome::later);
  EXPECT_EQ(link->send("nonsense").outcome, Outcome::refused);
}
