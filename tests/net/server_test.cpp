// SPDX-License-Identifier: Apache-2.0
#include "net/server.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "base/files.hpp"
#include "net/server_parser.hpp"
#include "net/server_support.hpp"

namespace server_test {

namespace {

using namespace std::chrono_literals;
using net_test::RawClient;

std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size()))
    ++count;
  return count;
}

TEST(HttpServer, answers_a_real_client) {
  const auto server = start([](const net::ServerRequest& request) {
    EXPECT_EQ(request.path, "/a%20b");
    EXPECT_EQ(request.parameter("API-version"), "1 2");
    EXPECT_TRUE(request.has_parameter("flag"));
    EXPECT_EQ(request.header("x-test"), "yes");
    EXPECT_EQ(request.peer, "127.0.0.1");
    EXPECT_FALSE(request.tls);
    return echo(request);
  });
  const auto transport = net::curl_transport({});
  auto request = get_request(url_of(*server, "/a%20b?api-version=1+2&flag"));
  request.method = "PUT";
  request.body = std::string(100'000, 'x');
  request.headers = {{"X-Test", "yes"}};
  const auto response = transport->send(request);
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->body, "PUT /a%20b?api-version=1+2&flag " + request.body);
  EXPECT_TRUE(contains(response->header("date"), " GMT"));
  EXPECT_EQ(response->header("content-type"), "text/plain");
}

TEST(HttpServer, keeps_one_connection_for_requests_in_a_row) {
  const auto server = start(echo);
  const auto transport = net::curl_transport({});
  for (int i = 0; i < 5; ++i)
    ASSERT_TRUE(transport->send(get_request(url_of(*server, "/"))));
  EXPECT_EQ(server->stats().accepted, 1u);
  EXPECT_EQ(server->stats().requests, 5u);
}

TEST(HttpServer, answers_pipelined_requests_in_their_order) {
  const auto server = start(echo);
  RawClient client(server->port());
  client.write("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
               "GET /3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  const std::string all = client.read_to_end();
  EXPECT_EQ(count_of(all, "HTTP/1.1 200 OK\r\n"), 3u) << all;
  EXPECT_LT(all.find("GET /1"), all.find("POST /2 abc"));
  EXPECT_LT(all.find("POST /2 abc"), all.find("GET /3"));
  EXPECT_EQ(count_of(all, "Connection: close"), 1u);
}

TEST(HttpServer, reads_chunked_bodies_and_drops_their_trailers) {
  const auto server = start([](const net::ServerRequest& request) {
    EXPECT_EQ(request.header("authorization"), "");
    return echo(request);
  });
  RawClient client(server->port());
  client.write("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
  client.write("A;name=value\r\n0123456789\r\n0\r\nAuthorization: forged\r\n\r\n");
  EXPECT_TRUE(contains(client.read_answer(), "POST / abc0123456789"));
  client.write("GET /next HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(contains(client.read_answer(), "GET /next"));
}

TEST(HttpServer, reads_a_chunked_body_byte_by_byte) {
  const auto server = start(echo);
  for (const std::string body : {"0\r\n\r\n", "1\r\na\r\n0;x=y\r\nTrailer: b\r\n\r\n"}) {
    RawClient client(server->port());
    client.write("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    const net::ServerLimits limits;
    net::RequestParser parser(limits);
    std::string input = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    input.erase(0, parser.take(input));
    for (const char byte : body) {
      EXPECT_EQ(parser.state(), net::RequestParser::State::body);
      input += byte;
      input.erase(0, parser.take(input));
      client.write({&byte, 1});
    }
    EXPECT_EQ(parser.state(), net::RequestParser::State::complete);
    EXPECT_TRUE(contains(client.read_answer(), "200 OK"));
  }
}

TEST(HttpServer, answers_head_without_a_body) {
  const auto server = start(echo);
  RawClient client(server->port());
  client.write("HEAD / HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  const std::string all = client.read_to_end();
  EXPECT_TRUE(contains(all, "Content-Length: 7\r\n"));
  EXPECT_FALSE(contains(all, "HEAD /"));
  EXPECT_TRUE(contains(all, "GET /2"));
}

TEST(HttpServer, sends_no_length_with_204) {
  const auto server = start([](const net::ServerRequest&) { return text_answer("ignored", 204); });
  RawClient client(server->port());
  client.write("DELETE / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  const std::string all = client.read_to_end();
  EXPECT_TRUE(contains(all, "HTTP/1.1 204 No Content\r\n"));
  EXPECT_FALSE(contains(all, "Content-Length"));
  EXPECT_FALSE(contains(all, "ignored"));
}

TEST(HttpServer, continues_when_the_client_waits_for_it) {
  const auto server = start(echo);
  RawClient client(server->port());
  client.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.write("ok");
  EXPECT_TRUE(contains(client.read_answer(), "POST / ok"));
}

TEST(HttpServer, refuses_a_body_over_the_cap_before_it_comes) {
  net::ServerOptions options;
  options.limits.body_bytes = 1000;
  options.limits.body_bytes_for = [](const std::string&, const std::string& path) {
    return path == "/large" ? std::size_t{5000} : std::size_t{1000};
  };
  const auto server = start(echo, options);
  RawClient waits(server->port());
  waits.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_TRUE(contains(waits.read_to_end(), "HTTP/1.1 413 "));
  RawClient chunked(server->port());
  chunked.write("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n" + std::string(1001, 'a'));
  EXPECT_TRUE(contains(chunked.read_to_end(), "HTTP/1.1 413 "));
  auto request = get_request(url_of(*server, "/large"));
  request.method = "POST";
  request.body = std::string(5000, 'x');
  const auto transport = net::curl_transport({});
  EXPECT_EQ(transport->send(request)->status, 200);
  request.url = url_of(*server, "/");
  request.body = std::string(3'000'000, 'x');
  const auto refused = transport->send(request);
  ASSERT_TRUE(refused) << refused.error().message;
  EXPECT_EQ(refused->status, 413);
  EXPECT_EQ(server->stats().refused, 3u);
}

TEST(HttpServer, answers_503_where_all_requests_together_are_too_large) {
  net::ServerOptions options;
  options.limits.body_bytes = 2000;
  options.limits.bytes_held = 3000;
  const auto server = start(echo, options);
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1800\r\n\r\n", half(900, 'x');
  for (int i = 0; i < 5; ++i) {  // what was answered is given back
    RawClient client(server->port());
    client.write(head + half + half);
    EXPECT_TRUE(contains(client.read_answer(), "HTTP/1.1 200 ")) << i;
  }
  RawClient third(server->port()), fourth(server->port());
  third.write(head + half + half.substr(0, 800));
  ASSERT_TRUE(eventually([&] { return server->stats().bytes_held > 1700; }));
  fourth.write(head + half + half.substr(0, 800));
  const std::string refused = fourth.read_to_end();
  EXPECT_TRUE(contains(refused, "HTTP/1.1 503 ")) << refused;
  EXPECT_TRUE(contains(refused, "Retry-After: 1\r\n"));
  third.write(half.substr(0, 100));
  EXPECT_TRUE(contains(third.read_answer(), "HTTP/1.1 200 "));
}

TEST(HttpServer, takes_one_large_body_at_a_time) {
  net::ServerOptions options;
  options.limits.body_bytes = 1000;
  options.limits.bytes_held = 3000;
  options.limits.body_bytes_for = [](const std::string&, const std::string& path) {
    return path == "/large" ? std::size_t{5000} : std::size_t{1000};
  };
  const auto server = start(echo, options);
  const std::string head = "POST /large HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n", most(4000, 'x'), rest(1000, 'x');
  RawClient first(server->port());
  first.write(head + most);
  ASSERT_TRUE(eventually([&] { return server->stats().large_bodies == 1; }));
  RawClient second(server->port());
  second.write(head + most);
  EXPECT_TRUE(contains(second.read_to_end(), "HTTP/1.1 503 "));
  RawClient small(server->port());
  small.write("POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok");
  EXPECT_TRUE(contains(small.read_answer(), "HTTP/1.1 200 ")) << "the others are served beside it";
  first.write(rest);
  EXPECT_TRUE(contains(first.read_answer(), "HTTP/1.1 200 "));
  RawClient third(server->port());
  third.write(head + most + rest);
  EXPECT_TRUE(contains(third.read_answer(), "HTTP/1.1 200 "));
  EXPECT_EQ(server->stats().bytes_held, 0u);
}

TEST(HttpServer, closes_a_client_that_drips_its_head) {
  net::ServerOptions options;
  options.limits.header_time = 300ms;
  const auto server = start(echo, options);
  RawClient client(server->port());
  const auto begin = std::chrono::steady_clock::now();
  client.write("GET / HTTP/1.1\r\n");
  while (client.write("X-A: b\r\n") && client.read_until("\r\n", 20ms).empty() && !client.ended()) {
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
  EXPECT_TRUE(eventually([&] { return server->stats().open == 0; }));
  EXPECT_EQ(server->stats().refused, 1u);
}

TEST(HttpServer, answers_408_when_head_or_body_do_not_come) {
  net::ServerOptions options;
  options.limits.header_time = 100ms;
  options.limits.body_time = 100ms;
  const auto server = start(echo, options);
  RawClient head(server->port()), body(server->port());
  head.write("GET / HT");
  body.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc");
  EXPECT_TRUE(contains(head.read_to_end(), "HTTP/1.1 408 Request Timeout\r\n"));
  EXPECT_TRUE(contains(body.read_to_end(), "HTTP/1.1 408 Request Timeout\r\n"));
}

TEST(HttpServer, closes_idle_connections_without_a_word) {
  net::ServerOptions options;
  options.limits.idle_time = 100ms;
  const auto server = start(echo, options);
  RawClient client(server->port());
  EXPECT_EQ(client.read_to_end(), "");
  EXPECT_TRUE(client.ended());
}

TEST(HttpServer, answers_fast_beside_a_thousand_idle_connections) {
  const auto server = start(echo);  // raises the limit of open files, the client's too
  std::vector<RawClient> idle;
  for (int i = 0; i < 1000; ++i) {
    idle.emplace_back(server->port());
    ASSERT_TRUE(idle.back().connected());
    if (i % 2) idle.back().write("GET / HTTP/1.1\r\nX-Slow: ");
  }
  ASSERT_TRUE(eventually([&] { return server->stats().open == 1000; }));
  const auto begin = std::chrono::steady_clock::now();
  RawClient client(server->port());
  client.write("GET /now HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(contains(client.read_answer(), "GET /now"));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 2s);
}

TEST(HttpServer, turns_connections_over_the_caps_away) {
  net::ServerOptions options;
  options.limits.connections_per_address = 2;
  const auto server = start(echo, options);
  auto first = std::make_unique<RawClient>(server->port());
  RawClient second(server->port());
  ASSERT_TRUE(eventually([&] { return server->stats().open == 2; }));
  EXPECT_TRUE(contains(RawClient(server->port()).read_to_end(), "HTTP/1.1 503 "));
  first.reset();
  ASSERT_TRUE(eventually([&] { return server->stats().open == 1; }));
  RawClient third(server->port());
  third.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(contains(third.read_answer(), "200 OK"));
}

TEST(HttpServer, answers_503_when_too_many_requests_wait) {
  net::ServerOptions options;
  options.workers = 1;
  options.limits.queued_requests = 1;
  std::promise<void> go;
  const auto gone = go.get_future().share();
  std::atomic<int> entered{0};
  const auto server = start(
      [&](const net::ServerRequest& request) {
        ++entered;
        gone.wait();
        return echo(request);
      },
      options);
  RawClient first(server->port()), second(server->port()), third(server->port());
  const std::string request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  first.write(request);
  ASSERT_TRUE(eventually([&] { return entered == 1; }));
  second.write(request);
  ASSERT_TRUE(eventually([&] { return server->stats().requests == 2; }));
  third.write(request);
  const std::string refused = third.read_answer();
  EXPECT_TRUE(contains(refused, "HTTP/1.1 503 ")) << refused;
  EXPECT_TRUE(contains(refused, "Retry-After: 1\r\n"));
  go.set_value();
  EXPECT_TRUE(contains(first.read_answer(), "200 OK"));
  EXPECT_TRUE(contains(second.read_answer(), "200 OK"));
  third.write(request);
  EXPECT_TRUE(contains(third.read_answer(), "200 OK"));
}

TEST(HttpServer, answers_500_to_an_exception_and_lives) {
  const auto server = start([](const net::ServerRequest& request) -> net::ServerResponse {
    if (request.path == "/throw") throw std::runtime_error("secret");
    if (request.path == "/split") {
      auto response = text_answer("x");
      response.headers.emplace_back("X-Bad", "a\r\nSet-Cookie: b");
      return response;
    }
    return echo(request);
  });
  RawClient client(server->port());
  for (const std::string path : {"/throw", "/split"}) {
    client.write("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
    const std::string answer = client.read_answer();
    EXPECT_TRUE(contains(answer, "HTTP/1.1 500 ")) << answer;
    EXPECT_FALSE(contains(answer, "secret"));
    EXPECT_FALSE(contains(answer, "Set-Cookie"));
  }
  client.write("GET /good HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(contains(client.read_answer(), "GET /good"));
}

struct BadRequest {
  std::string name, bytes;
  int status = 400;
};

TEST(HttpServer, refuses_what_can_be_read_in_two_ways) {
  net::ServerOptions options;
  options.refusal = [](int status, std::string_view message) {
    net::ServerResponse response;
    response.headers = {{"X-Refused", std::to_string(status)}};
    response.body = std::string("{") + std::string(message) + "}";
    return response;
  };
  const auto server = start(
      [](const net::ServerRequest&) -> net::ServerResponse {
        ADD_FAILURE() << "handled";
        return {};
      },
      options);
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\n";
  const std::vector<BadRequest> cases = {
      {"both lengths", head + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {"both lengths, the other way", head + "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n0\r\n\r\n"},
      {"two lengths", head + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"},
      {"the same length twice", head + "Content-Length: 1\r\nContent-Length: 1\r\n\r\na"},
      {"a list of lengths", head + "Content-Length: 1, 1\r\n\r\na"},
      {"a signed length", head + "Content-Length: +1\r\n\r\na"},
      {"a length over 64 bits", head + "Content-Length: 99999999999999999999999\r\n\r\na"},
      {"another coding", head + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501},
      {"chunked twice", head + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {"chunked in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {"a broken chunk size", head + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n"},
      {"a chunk without its end", head + "Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n"},
      {"a NUL in a header", std::string(head + "X: a") + std::string(1, '\0') + "b\r\n\r\n"},
      {"a NUL in the target", std::string("GET /") + std::string(1, '\0') + " HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"an escaped NUL", "GET /a%00b HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"a folded header", head + "X: a\r\n b\r\n\r\n"},
      {"a blank before the colon", head + "X : a\r\n\r\n"},
      {"a header without a colon", head + "nonsense\r\n\r\n"},
      {"no host", "GET / HTTP/1.1\r\n\r\n"},
      {"two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"},
      {"two credentials", head + "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n"},
      {"two content types", head + "Content-Type: a/b\r\ncontent-type: a/b\r\n\r\n"},
      {"a host that is none", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"},
      {"another scheme", "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"a user in the target", "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"a relative target", "GET a HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"a fragment", "GET /#a HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"a malformed escape", "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"a tunnel", "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n"},
      {"an unknown version", "GET / HTTP/3.7\r\nHost: a\r\n\r\n"},
      {"HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
      {"a TLS greeting", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 15)},
      {"an unknown expectation", head + "Content-Length: 1\r\nExpect: wonders\r\n\r\na", 417},
      {"a head too large", head + "X: " + std::string(40'000, 'a') + "\r\n\r\n", 431},
      {"a head too large in lines",
       [&] {
         std::string lines = head;
         for (int i = 0; i < 40; ++i)
           lines += "X: " + std::string(1000, 'a') + "\r\n";
         return lines + "\r\n";
       }(),
       431},
      {"too many headers",
       [&] {
         std::string lines = head;
         for (int i = 0; i < 300; ++i)
           lines += "X: a\r\n";
         return lines + "\r\n";
       }(),
       431},
  };
  for (const BadRequest& bad : cases) {
    RawClient client(server->port());
    client.write(bad.bytes);
    const std::string answer = client.read_to_end();
    EXPECT_EQ(answer.substr(0, 13), "HTTP/1.1 " + std::to_string(bad.status) + " ") << bad.name << ": " << answer;
    EXPECT_TRUE(contains(answer, "X-Refused: " + std::to_string(bad.status))) << bad.name;
    EXPECT_TRUE(contains(answer, "Connection: close\r\n")) << bad.name;
    EXPECT_EQ(count_of(answer, "HTTP/1.1"), 1u) << bad.name;
  }
}

TEST(HttpServer, takes_the_host_from_an_absolute_target) {
  const auto server = start([](const net::ServerRequest& request) {
    return text_answer(std::string(request.header("host")) + "|" + request.target + "|" + request.path);
  });
  RawClient client(server->port());
  client.write("GET http://good.example:80?a=b HTTP/1.1\r\nHost: other\r\n\r\n");
  EXPECT_TRUE(contains(client.read_answer(), "\r\n\r\ngood.example:80|/?a=b|/"));
}

TEST(HttpServer, speaks_http_1_0) {
  const auto server = start(echo);
  RawClient once(server->port());
  once.write("GET / HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(contains(once.read_to_end(), "Connection: close\r\n"));
  RawClient again(server->port());
  for (int i = 0; i < 2; ++i) {
    again.write("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_TRUE(contains(again.read_answer(), "Connection: keep-alive\r\n"));
  }
}

TEST(HttpServer, sends_large_bodies_and_static_ones) {
  static const std::string kLarge(20u << 20, 'z');
  const auto server = start([](const net::ServerRequest&) {
    net::ServerResponse response;
    response.static_body = kLarge;
    return response;
  });
  const auto response = net::curl_transport({})->send(get_request(url_of(*server, "/")));
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_TRUE(response->body == kLarge);
}

TEST(HttpServer, ends_running_requests_and_streams_before_it_stops) {
  StreamSlot slot;
  std::promise<void> go;
  const auto gone = go.get_future().share();
  std::atomic<bool> entered{false};
  const auto open_stream = stream_to(slot);
  const auto server = start([&](const net::ServerRequest& request) {
    if (request.path == "/stream") return open_stream(request);
    entered = true;
    gone.wait();
    return echo(request);
  });
  RawClient stream(server->port()), running(server->port()), idle(server->port());
  stream.write("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
  stream.read_until("data: first\n\n\r\n");
  running.write("GET /run HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(eventually([&] { return entered.load() && slot.get() != nullptr; }));
  const auto port = server->port();
  std::thread stopper([&] { server->stop(10s); });
  ASSERT_TRUE(eventually([&] { return !RawClient(port).connected(); }));
  EXPECT_TRUE(slot.get()->send("data: still\n\n"));
  EXPECT_TRUE(contains(stream.read_until("\n\n\r\n"), "data: still"));
  go.set_value();
  const std::string answer = running.read_to_end();
  EXPECT_TRUE(contains(answer, "GET /run"));
  EXPECT_TRUE(contains(answer, "Connection: close\r\n"));
  EXPECT_EQ(stream.read_to_end(), "0\r\n\r\n");
  EXPECT_EQ(idle.read_to_end(), "");
  EXPECT_TRUE(idle.ended());
  stopper.join();
  EXPECT_EQ(server->stats().open, 0u);
}

TEST(HttpServer, cuts_what_does_not_end_within_the_grace) {
  std::promise<void> go;
  const auto gone = go.get_future().share();
  std::atomic<bool> entered{false};
  auto server = start([&](const net::ServerRequest& request) {
    entered = true;
    gone.wait();
    return echo(request);
  });
  RawClient client(server->port());
  client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(eventually([&] { return entered.load(); }));
  server->stop(50ms);
  EXPECT_EQ(client.read_to_end(), "");
  EXPECT_TRUE(client.ended());
  go.set_value();
  server.reset();
}

TEST(HttpServer, names_what_is_wrong_with_its_address) {
  const auto first = start(echo);
  net::ServerOptions options;
  options.port = first->port();
  const auto second = net::HttpServer::start(options, echo);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, base::Kind::conflict);
  options.address = "nowhere.example";
  EXPECT_EQ(net::HttpServer::start(options, echo).error().kind, base::Kind::invalid_input);
}

TEST(HttpServer, accepts_again_when_files_were_short) {
  const auto server = start(echo);
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  RawClient first(server->port());
  ASSERT_TRUE(eventually([&] { return server->stats().open == 1; }));
  RawClient second(server->port()), third(server->port());
  ASSERT_TRUE(eventually([&] { return server->stats().open == 3; }));
  const int next = ::dup(0);
  ::close(next);
  const int waiting = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  rlimit tight = before;
  tight.rlim_cur = static_cast<rlim_t>(waiting) + 1;  // what accept() would give is over the limit
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &tight), 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(server->port());
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(::connect(waiting, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  first.write("GET /first HTTP/1.1\r\nHost: a\r\n\r\n");  // those that are open go on
  EXPECT_TRUE(contains(first.read_answer(), "GET /first"));
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_TRUE(eventually([&] { return server->stats().open == 4; }));
  ::close(waiting);
}

class TlsServer : public testing::Test {
 protected:
  void SetUp() override {
    auto identity = net::make_self_signed({"localhost", "127.0.0.1", "::1"}, 30);
    ASSERT_TRUE(identity) << identity.error().message;
    identity_ = *identity;
    auto folder = base::TempDir::create();
    ASSERT_TRUE(folder);
    folder_.emplace(std::move(*folder));
    ca_file_ = (folder_->path() / "ca.pem").string();
    ASSERT_TRUE(base::write_file_atomically(ca_file_, identity_.certificate_pem));
    net::ServerOptions options;
    options.tls = identity_;
    server_ = start(
        [this](const net::ServerRequest& request) {
          EXPECT_TRUE(request.tls);
          return request.path == "/stream" ? stream_to(slot_)(request) : echo(request);
        },
        options);
  }

  net::TlsIdentity identity_;
  std::optional<base::TempDir> folder_;
  std::string ca_file_;
  StreamSlot slot_;
  std::unique_ptr<net::HttpServer> server_;
};

TEST_F(TlsServer, is_trusted_by_who_is_given_its_certificate) {
  net::TransportOptions trusting;
  trusting.ca_file = ca_file_;
  const auto transport = net::curl_transport(trusting);
  for (const std::string host : {"localhost", "127.0.0.1"}) {
    auto request = get_request("https://" + host + ":" + std::to_string(server_->port()) + "/x");
    request.method = "POST";
    request.body = std::string(3 << 20, 'b');
    const auto response = transport->send(request);
    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(response->body.size(), request.body.size() + 8);
  }
  const auto stranger = net::curl_transport({})->send(get_request(url_of(*server_, "/", "https")));
  ASSERT_FALSE(stranger);
  EXPECT_EQ(stranger.error().kind, base::Kind::denied);
}

TEST_F(TlsServer, streams) {
  net::TransportOptions trusting;
  trusting.ca_file = ca_file_;
  std::string got;
  const auto response = net::curl_transport(trusting)->send(
      get_request(url_of(*server_, "/stream", "https")), [&](std::string_view bytes) -> base::Result<void> {
        if (got.empty()) {
          EXPECT_TRUE(eventually([&] { return slot_.get() != nullptr; }));
          slot_.get()->send(std::string(900'000, 'e'));
          slot_.get()->close();
        }
        got += bytes;
        return {};
      });
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(got.size(), 13u + 900'000u);
}

TEST_F(TlsServer, tells_who_speaks_plain_http) {
  RawClient client(server_->port());
  client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(contains(client.read_to_end(), "https://"));
}

TEST_F(TlsServer, ends_a_handshake_that_does_not_come) {
  net::ServerOptions options;
  options.tls = identity_;
  options.limits.header_time = 100ms;
  const auto server = start(echo, options);
  RawClient client(server->port());
  client.write("\x16\x03\x01");
  EXPECT_EQ(client.read_to_end(), "");
  EXPECT_TRUE(client.ended());
}

TEST_F(TlsServer, refuses_a_key_of_another_certificate) {
  net::ServerOptions options;
  options.tls = identity_;
  options.tls->key_pem = net::make_self_signed({"localhost"}, 1)->key_pem;
  const auto server = net::HttpServer::start(options, echo);
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().kind, base::Kind::invalid_input);
  EXPECT_FALSE(contains(server.error().message, "BEGIN"));
}

TEST(SelfSigned, has_a_fingerprint_of_its_own) {
  const auto one = net::make_self_signed({"a.example", "*.b.example", "10.0.0.1", "fd00::1"}, 1);
  const auto two = net::make_self_signed({"a.example"}, 1);
  ASSERT_TRUE(one && two);
  const auto fingerprint = net::certificate_fingerprint(one->certificate_pem);
  ASSERT_TRUE(fingerprint);
  EXPECT_EQ(fingerprint->size(), 64u);
  EXPECT_NE(*fingerprint, *net::certificate_fingerprint(two->certificate_pem));
  EXPECT_FALSE(net::certificate_fingerprint("none"));
  for (const std::string bad : {"", "a,DNS:evil.example", "a b", "a\nb"})
    EXPECT_FALSE(net::make_self_signed({bad}, 1)) << bad;
  EXPECT_FALSE(net::make_self_signed({}, 1));
  EXPECT_FALSE(net::make_self_signed({"a"}, 0));
}

}  // namespace

}  // namespace server_test
