// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "net/http.hpp"
#include "net/loopback_server.hpp"

namespace {

using namespace std::chrono_literals;
using net_test::Connection;
using net_test::LoopbackServer;

net::HttpRequest get_request(std::string url) {
  net::HttpRequest request;
  request.url = std::move(url);
  request.connect_timeout = 5s;
  request.total_timeout = 20s;
  return request;
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

class CurlTransport : public testing::Test {
 protected:
  std::unique_ptr<net::HttpTransport> transport_ = net::curl_transport({});
};

TEST_F(CurlTransport, reports_status_headers_and_body) {
  LoopbackServer server([](Connection& c, const std::string& head) {
    EXPECT_TRUE(contains(head, "GET /a?b=c HTTP/1.1\r\n"));
    EXPECT_TRUE(contains(head, "X-Test: yes\r\n"));
    EXPECT_TRUE(contains(head, "User-Agent: bulwark\r\n"));
    EXPECT_FALSE(contains(head, "Accept-Encoding"));
    return c.answer("404 Not Found", "none", "X-Thing:  two words \r\n");
  });
  auto request = get_request(server.url("/a?b=c"));
  request.headers = {{"X-Test", "yes"}};
  const auto response = transport_->send(request);
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->status, 404);
  EXPECT_EQ(response->header("x-thing"), "two words");
  EXPECT_EQ(response->body, "none");
  EXPECT_EQ(response->url, server.url("/a?b=c"));
}

TEST_F(CurlTransport, keeps_one_connection_for_requests_in_a_row) {
  LoopbackServer server([](Connection& c, const std::string&) { return c.answer("200 OK", "x"); });
  for (int i = 0; i < 5; ++i)
    ASSERT_TRUE(transport_->send(get_request(server.url("/"))));
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(CurlTransport, posts_bodies_and_puts_them) {
  LoopbackServer server([](Connection& c, const std::string& head) {
    return c.answer("200 OK", head.substr(0, head.find(' ')) + "=" + c.body);
  });
  for (const std::string method : {"POST", "PUT", "PATCH", "DELETE"}) {
    auto request = get_request(server.url("/"));
    request.method = method;
    request.body = "a\0b";
    request.body += std::string("\0c", 2);
    const auto response = transport_->send(request);
    ASSERT_TRUE(response);
    EXPECT_EQ(response->body, method + "=" + request.body);
  }
}

TEST_F(CurlTransport, streams_a_success_to_the_sink_and_keeps_an_error_body) {
  LoopbackServer server([](Connection& c, const std::string& head) {
    return contains(head, "/good") ? c.answer("200 OK", std::string(1 << 20, 'a')) : c.answer("500 Oops", "broken");
  });
  std::string got;
  const base::ByteSink sink = [&](std::string_view bytes) -> base::Result<void> {
    got += bytes;
    return {};
  };
  const auto good = transport_->send(get_request(server.url("/good")), sink);
  ASSERT_TRUE(good);
  EXPECT_EQ(got.size(), 1u << 20);
  EXPECT_TRUE(good->body.empty());
  got.clear();
  const auto bad = transport_->send(get_request(server.url("/bad")), sink);
  ASSERT_TRUE(bad);
  EXPECT_TRUE(got.empty());
  EXPECT_EQ(bad->body, "broken");
}

TEST_F(CurlTransport, hands_on_the_error_of_a_sink) {
  LoopbackServer server(
      [](Connection& c, const std::string&) { return c.answer("200 OK", std::string(1 << 20, 'a')); });
  const auto response = transport_->send(get_request(server.url("/")), [](std::string_view) -> base::Result<void> {
    return base::fail(base::Kind::cancelled, "enough");
  });
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, base::Kind::cancelled);
  EXPECT_EQ(response.error().message, "enough");
}

TEST_F(CurlTransport, shows_the_head_before_the_first_byte_and_ends_when_refused) {
  LoopbackServer server([](Connection& c, const std::string&) {
    return c.answer("206 Partial", "abc", "Content-Range: bytes 5-7/8\r\n");
  });
  auto request = get_request(server.url("/"));
  std::string order;
  request.on_head = [&](const net::HttpResponse& head) -> base::Result<void> {
    order += std::to_string(head.status) + std::string(head.header("content-range")) + ";";
    return {};
  };
  const base::ByteSink sink = [&](std::string_view bytes) -> base::Result<void> {
    order += bytes;
    return {};
  };
  ASSERT_TRUE(transport_->send(request, sink));
  EXPECT_EQ(order, "206bytes 5-7/8;abc");
  request.on_head = [](const net::HttpResponse&) -> base::Result<void> {
    return base::fail(base::Kind::conflict, "no");
  };
  const auto refused = transport_->send(request, sink);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, base::Kind::conflict);
}

TEST_F(CurlTransport, caps_a_body_held_in_memory) {
  LoopbackServer server([](Connection& c, const std::string& head) {
    return c.answer(contains(head, "/ok") ? "200 OK" : "503 No", std::string(4 << 20, 'a'));
  });
  auto request = get_request(server.url("/ok"));
  request.body_cap = 1000;
  const auto response = transport_->send(request);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, base::Kind::too_large);
  const auto error_page = transport_->send(get_request(server.url("/error")));
  ASSERT_TRUE(error_page) << error_page.error().message;
  EXPECT_EQ(error_page->status, 503);
  EXPECT_LE(error_page->body.size(), 1u << 20);
}

TEST_F(CurlTransport, caps_headers_without_end) {
  LoopbackServer server([](Connection& c, const std::string&) {
    c.write("HTTP/1.1 200 OK\r\n");
    while (c.write("X-Noise: " + std::string(1000, 'n') + "\r\n")) {}
    return false;
  });
  const auto response = transport_->send(get_request(server.url("/")));
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, base::Kind::too_large);
}

TEST_F(CurlTransport, names_the_host_of_a_refused_connection) {
  int port;
  {
    LoopbackServer gone([](Connection&, const std::string&) { return false; });
    port = gone.port();
  }
  const std::string host = "127.0.0.1:" + std::to_string(port);
  const auto response = transport_->send(get_request("http://" + host + "/secret?token=hush"));
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, base::Kind::unavailable);
  EXPECT_TRUE(contains(response.error().message, host)) << response.error().message;
  EXPECT_FALSE(contains(response.error().message, "hush")) << response.error().message;
}

TEST_F(CurlTransport, ends_a_transfer_that_stalls) {
  LoopbackServer server([](Connection& c, const std::string&) {
    c.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc");
    c.wait_for_hangup();
    return false;
  });
  auto request = get_request(server.url("/"));
  request.stall_timeout = 300ms;
  const auto response = transport_->send(request);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, base::Kind::unavailable);
  EXPECT_TRUE(contains(response.error().message, "stalled")) << response.error().message;
}

TEST_F(CurlTransport, does_not_take_a_slow_sink_for_a_stall) {
  LoopbackServer server(
      [](Connection& c, const std::string&) { return c.answer("200 OK", std::string(600'000, 'a')); });
  auto request = get_request(server.url("/"));
  request.stall_timeout = 200ms;
  int calls = 0;
  const auto response = transport_->send(request, [&](std::string_view) -> base::Result<void> {
    if (++calls == 1) std::this_thread::sleep_for(500ms);  // the slowness is what is tested
    return {};
  });
  EXPECT_TRUE(response) << response.error().message;
}

TEST_F(CurlTransport, reports_a_body_cut_short) {
  LoopbackServer server([](Connection& c, const std::string&) {
    c.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc");
    return false;
  });
  const auto response = transport_->send(get_request(server.url("/")));
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, base::Kind::unavailable);
  EXPECT_TRUE(contains(response.error().message, "cut the answer short")) << response.error().message;
}

TEST_F(CurlTransport, refuses_what_is_no_http) {
  LoopbackServer server([](Connection& c, const std::string&) {
    c.write("\x15\x03\x01\x00\x02\x02\x16 no web server here\n");
    return false;
  });
  const auto response = transport_->send(get_request(server.url("/")));
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, base::Kind::unavailable);
}

TEST_F(CurlTransport, follows_redirects_with_credentials_on_the_same_origin_only) {
  std::string seen;
  LoopbackServer other([&](Connection& c, const std::string& head) {
    seen = head;
    return c.answer("200 OK", "there");
  });
  LoopbackServer server([&](Connection& c, const std::string& head) {
    if (contains(head, "/same")) return c.answer("307 Go", "", "Location: /target\r\n");
    if (contains(head, "/away")) return c.answer("302 Go", "ignored", "Location: " + other.url("/x") + "\r\n");
    seen = head;
    return c.answer("200 OK", "here");
  });
  auto request = get_request(server.url("/same"));
  request.headers = {
      {"Authorization", "Bearer hush"}, {"X-Api-Token", "hush"}, {"Range", "bytes=3-"}, {"Accept", "a/b"}};
  auto response = transport_->send(request);
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->body, "here");
  EXPECT_EQ(response->url, server.url("/target"));
  EXPECT_TRUE(contains(seen, "Authorization: Bearer hush\r\n"));
  request.url = server.url("/away");
  response = transport_->send(request);
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->body, "there");
  EXPECT_FALSE(contains(seen, "hush")) << seen;
  EXPECT_TRUE(contains(seen, "Range: bytes=3-\r\n"));
}

TEST_F(CurlTransport, ends_a_redirect_loop) {
  std::atomic<int> requests{0};
  LoopbackServer server([&](Connection& c, const std::string&) {
    ++requests;
    return c.answer("301 Again", "", "Location: /again\r\n");
  });
  const auto response = transport_->send(get_request(server.url("/")));
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, base::Kind::unavailable);
  EXPECT_EQ(requests, 6);
}

TEST_F(CurlTransport, never_follows_a_redirect_of_a_post_or_to_a_file) {
  LoopbackServer server([](Connection& c, const std::string& head) {
    return c.answer("302 Go", "", contains(head, "/file") ? "Location: file:///etc/passwd\r\n" : "Location: /x\r\n");
  });
  auto request = get_request(server.url("/"));
  request.method = "POST";
  request.body = "refresh_token=hush";
  const auto response = transport_->send(request);
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 302);
  const auto file = transport_->send(get_request(server.url("/file")));
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().kind, base::Kind::invalid_input);
}

TEST_F(CurlTransport, refuses_header_values_that_would_split_the_request) {
  auto request = get_request("http://127.0.0.1:1/");
  request.headers = {{"Authorization", "Basic x\r\nX-Evil: 1"}};
  const auto response = transport_->send(request);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, base::Kind::invalid_input);
  EXPECT_FALSE(contains(response.error().message, "Evil"));
}

TEST_F(CurlTransport, refuses_other_schemes) {
  for (const char* url :
       {"file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "", "http://", "http://a b/"}) {
    const auto response = transport_->send(get_request(url));
    ASSERT_FALSE(response) << url;
    EXPECT_EQ(response.error().kind, base::Kind::invalid_input) << url;
  }
}

TEST_F(CurlTransport, sends_loopback_requests_past_a_proxy) {
  LoopbackServer server([](Connection& c, const std::string&) { return c.answer("200 OK", "direct"); });
  ::setenv("http_proxy", "http://127.0.0.1:1", 1);
  const auto response = transport_->send(get_request(server.url("/")));
  ::unsetenv("http_proxy");
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->body, "direct");
}

TEST_F(CurlTransport, sends_other_requests_through_the_proxy_of_the_environment) {
  LoopbackServer proxy(
      [](Connection& c, const std::string& head) { return c.answer("200 OK", head.substr(0, head.find('\r'))); });
  ::setenv("HTTP_PROXY", proxy.url("").c_str(), 1);
  const auto response = transport_->send(get_request("http://registry.invalid/v2/"));
  ::unsetenv("HTTP_PROXY");
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->body, "GET http://registry.invalid/v2/ HTTP/1.1");
}

TEST_F(CurlTransport, serves_several_threads_at_once) {
  LoopbackServer server(
      [](Connection& c, const std::string& head) { return c.answer("200 OK", head.substr(4, head.find(' ', 4) - 4)); });
  std::atomic<int> right{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 10; ++i) {
        const std::string path = "/" + std::to_string(t) + "-" + std::to_string(i);
        const auto response = transport_->send(get_request(server.url(path)));
        if (response && response->body == path) ++right;
      }
    });
  for (std::thread& thread : threads)
    thread.join();
  EXPECT_EQ(right, 80);
  EXPECT_LE(server.connections(), 16);
}

}  // namespace
