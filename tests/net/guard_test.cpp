// SPDX-License-Identifier: Apache-2.0
#include "net/guard.hpp"

#include <gtest/gtest.h>

#include "net/http.hpp"
#include "net/loopback_server.hpp"

namespace guard_test {

namespace {

using net_test::Connection;
using net_test::LoopbackServer;

TEST(Guard, knows_private_addresses) {
  for (const std::string ip :
       {"127.0.0.1", "127.255.255.255", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "100.127.255.255", "168.63.129.16", "224.0.0.1", "255.255.255.255", "::", "::1",
        "fe80::1", "fe80::1%eth0", "febf::1", "fc00::1", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1",
        "::ffff:169.254.169.254", "::ffff:a00:1", "64:ff9b::a00:1", "2002:7f00:1::", "[::1]", "::127.0.0.1", "", "nonsense",
        "127.1", "0177.0.0.1", "2130706433", "10.0.0.0/8"})
    EXPECT_TRUE(net::is_private_address(ip)) << ip;
  for (const std::string ip : {"1.1.1.1", "172.15.255.255", "172.32.0.1", "100.63.255.255", "100.128.0.1", "11.0.0.1",
                               "169.253.0.1", "::ffff:8.8.8.8", "2606:4700::1111", "64:ff9b::808:808", "2002:808:808::"})
    EXPECT_FALSE(net::is_private_address(ip)) << ip;
}

TEST(Guard, lets_named_private_addresses_through) {
  const auto allow = net::public_addresses_and({"10.1.0.0/16", "127.0.0.1", "fd00::/8"});
  ASSERT_TRUE(allow);
  for (const std::string ip : {"10.1.255.1", "127.0.0.1", "::ffff:10.1.2.3", "fd12::1", "8.8.8.8"})
    EXPECT_TRUE((*allow)(ip)) << ip;
  for (const std::string ip : {"10.2.0.1", "127.0.0.2", "fc00::1", "::1", "nonsense"})
    EXPECT_FALSE((*allow)(ip)) << ip;
  for (const std::string bad : {"", "10.0.0.0/33", "10.0.0.0/", "::/129", "host", "10.0.0.0/8x"})
    EXPECT_FALSE(net::public_addresses_and({bad})) << bad;
}

class GuardedRequest : public testing::Test {
 protected:
  static net::HttpRequest request(std::string url) {
    net::HttpRequest request;
    request.url = std::move(url);
    request.total_timeout = std::chrono::seconds(10);
    request.allow_address = [](std::string_view ip) { return !net::is_private_address(ip); };
    return request;
  }
  std::unique_ptr<net::HttpTransport> transport_ = net::curl_transport({});
};

TEST_F(GuardedRequest, does_not_connect_to_private_addresses) {
  LoopbackServer server([](Connection& c, const std::string&) { return c.answer("200 OK", "secret"); });
  for (const std::string host : {"127.0.0.1", "localhost", "2130706433", "0x7f.1"}) {
    const auto response = transport_->send(request(server.url("/", host)));
    ASSERT_FALSE(response) << host;
    EXPECT_EQ(response.error().kind, base::Kind::denied) << host << ": " << response.error().message;
  }
  EXPECT_EQ(server.connections(), 0);
  auto named = request(server.url("/", "localhost"));
  named.how_to_allow = "allow it with --this";
  const auto response = transport_->send(named);
  EXPECT_NE(response.error().message.find("localhost"), std::string::npos);
  EXPECT_NE(response.error().message.find(named.how_to_allow), std::string::npos);
}

TEST_F(GuardedRequest, connects_where_it_may) {
  LoopbackServer server([](Connection& c, const std::string&) { return c.answer("200 OK", "x"); });
  auto allowed = request(server.url("/"));
  allowed.allow_address = *net::public_addresses_and({"127.0.0.1"});
  const auto response = transport_->send(allowed);
  ASSERT_TRUE(response) << response.error().message;
}

TEST_F(GuardedRequest, checks_where_redirects_lead) {
  LoopbackServer server([](Connection& c, const std::string&) {
    return c.answer("302 Found", "", "Location: http://127.0.0.2:9/\r\n");
  });
  auto allowed = request(server.url("/"));
  allowed.allow_address = *net::public_addresses_and({"127.0.0.1"});
  const auto response = transport_->send(allowed);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, base::Kind::denied);
  EXPECT_NE(response.error().message.find("127.0.0.2"), std::string::npos);
}

TEST_F(GuardedRequest, does_not_use_a_connection_that_others_opened) {
  std::atomic<int> requests{0};
  LoopbackServer server([&](Connection& c, const std::string&) {
    ++requests;
    return c.answer("200 OK", "x");
  });
  auto open = request(server.url("/"));
  open.allow_address = nullptr;
  ASSERT_TRUE(transport_->send(open));
  const auto response = transport_->send(request(server.url("/")));
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, base::Kind::denied);
  EXPECT_EQ(requests, 1);
}

}  // namespace

}  // namespace guard_test
