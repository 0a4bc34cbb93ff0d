// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <thread>

#include "net/raw_client.hpp"
#include "net/server.hpp"

namespace hang_up_test {

namespace {

using namespace std::chrono_literals;
using net_test::RawClient;

std::unique_ptr<net::HttpServer> serve(net::Handler handler) {
  auto server = net::HttpServer::start({}, std::move(handler));
  EXPECT_TRUE(server) << server.error().message;
  return server ? std::move(*server) : nullptr;
}

net::ServerResponse answer_to(const net::ServerRequest& request) {
  net::ServerResponse response;
  response.body = request.method + " " + request.target;
  return response;
}

template <typename Condition>
bool soon(Condition holds) {
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  while (!holds() && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  return holds();
}

TEST(HangUp, is_told_to_who_handles_the_request) {
  std::promise<void> entered, heard, again;
  const auto server = serve([&](const net::ServerRequest& request) {
    request.hang_up->listen([&] { heard.set_value(); });
    entered.set_value();
    heard.get_future().wait_for(10s);
    request.hang_up->listen([&] { again.set_value(); });  // it did already
    return answer_to(request);
  });
  auto client = std::make_unique<RawClient>(server->port());
  client->write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  entered.get_future().wait();
  client.reset();
  EXPECT_EQ(again.get_future().wait_for(10s), std::future_status::ready);
  EXPECT_TRUE(soon([&] { return server->stats().open == 0; }));
}

TEST(HangUp, of_a_peer_that_only_ended_its_own_side_leaves_it_its_answer) {
  std::promise<void> heard;
  const auto server = serve([&](const net::ServerRequest& request) {
    request.hang_up->listen([&] { heard.set_value(); });
    heard.get_future().wait_for(10s);
    return answer_to(request);
  });
  RawClient client(server->port());
  client.write("GET /half HTTP/1.1\r\nHost: a\r\n\r\n");
  client.end_writing();
  EXPECT_NE(client.read_answer().find("GET /half"), std::string::npos);
}

TEST(HangUp, is_not_what_a_next_request_is_taken_for) {
  std::promise<void> entered, go;
  const auto gone = go.get_future().share();
  std::atomic<bool> heard{false};
  const auto server = serve([&](const net::ServerRequest& request) {
    if (request.path == "/first") {
      request.hang_up->listen([&] { heard = true; });
      entered.set_value();
      gone.wait();
    }
    return answer_to(request);
  });
  RawClient client(server->port());
  client.write("GET /first HTTP/1.1\r\nHost: a\r\n\r\n");
  entered.get_future().wait();
  client.write("GET /second HTTP/1.1\r\nHost: a\r\n\r\n");
  go.set_value();
  EXPECT_NE(client.read_answer().find("GET /first"), std::string::npos);
  EXPECT_NE(client.read_answer().find("GET /second"), std::string::npos);
  EXPECT_FALSE(heard);
  EXPECT_TRUE(soon([&] { return server->stats().bytes_held == 0; }));
}

}  // namespace

}  // namespace hang_up_test
