// SPDX-License-Identifier: Apache-2.0
// Behind a real server, asked by a real client.
#include "base/text.hpp"
#include "identity/fixture.hpp"

namespace {

class ServedTest : public identity_test::IdentityTest {
 protected:
  void SetUp() override {
    IdentityTest::SetUp();
    auto server = net::HttpServer::start({}, [this](const net::ServerRequest& request) { return answer(request); });
    ASSERT_TRUE(server) << server.error().message;
    server_ = std::move(*server);
  }
  void TearDown() override { server_.reset(); }

  net::ServerResponse answer(const net::ServerRequest& request) {
    if (auto served = identity_->serve_authority(request)) return *std::move(served);
    net::ServerResponse response;
    const auto found = identity_->authenticate(request);
    response.status = !found ? 403 : *found ? 200 : 401;
    if (found && *found) response.body = (*found)->principal.name;
    return response;
  }

  net::HttpResponse send(const std::string& method, const std::string& path, net::Headers headers, std::string body = {}) {
    net::HttpRequest request;
    request.method = method;
    request.url = "http://127.0.0.1:" + std::to_string(server_->port()) + path;
    request.headers = std::move(headers);
    request.body = std::move(body);
    auto response = client_->send(request);
    EXPECT_TRUE(response) << response.error().message;
    return response ? *response : net::HttpResponse{};
  }

  std::unique_ptr<net::HttpServer> server_;
  std::unique_ptr<net::HttpTransport> client_ = net::curl_transport({});
};

TEST_F(ServedTest, client_finds_the_token_endpoint_and_calls_with_its_token) {
  const auto client = *identity_->add_service_principal("pipeline");
  const auto metadata = send("GET", std::string("/") + identity_test::kTenant + "/v2.0/.well-known/openid-configuration", {});
  const std::string endpoint(base::get_string(*base::parse_json(metadata.body, "metadata"), "token_endpoint"));
  const std::string origin = "http://127.0.0.1:" + std::to_string(server_->port());
  ASSERT_EQ(endpoint.substr(0, origin.size()), origin);
  const auto granted = send("POST", endpoint.substr(origin.size()) + "?client-request-id=1",
                            {{"Content-Type", "application/x-www-form-urlencoded"}},
                            "grant_type=client_credentials&client_id=" + client.principal.name + "&client_secret=" + client.secret +
                                "&scope=" + base::percent_encode(origin + "/.default"));
  ASSERT_EQ(granted.status, 200) << granted.body;
  const std::string token(base::get_string(*base::parse_json(granted.body, "token"), "access_token"));
  const auto called = send("PUT", "/subscriptions", {{"Authorization", "Bearer " + token}});
  EXPECT_EQ(called.status, 200);
  EXPECT_EQ(called.body, client.principal.name);
  EXPECT_EQ(send("PUT", "/subscriptions", {{"Authorization", "Bearer " + token + "A"}}).status, 403);
}

TEST_F(ServedTest, browser_s_session_reads_and_writes_with_its_csrf_token) {
  add_user("alice");
  const auto session = sign_in("alice");
  const std::pair<std::string, std::string> cookie{"Cookie", "bulwark_session=" + session.session_token};
  EXPECT_EQ(send("GET", "/", {cookie}).body, "alice");
  EXPECT_EQ(send("POST", "/", {cookie}).status, 403);
  EXPECT_EQ(send("POST", "/", {cookie, {"X-CSRF-Token", session.csrf}}).status, 200);
  EXPECT_EQ(send("GET", "/", {}).status, 401);
}

}  // namespace
