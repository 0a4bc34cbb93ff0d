// SPDX-License-Identifier: Apache-2.0
// A server under test, and what is asked of it.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "net/raw_client.hpp"
#include "net/server.hpp"

namespace server_test {

using namespace std::chrono_literals;

inline bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

inline net::ServerResponse text_answer(std::string body, int status = 200) {
  net::ServerResponse response;
  response.status = status;
  response.headers = {{"Content-Type", "text/plain"}};
  response.body = std::move(body);
  return response;
}

inline net::ServerResponse echo(const net::ServerRequest& request) {
  return text_answer(request.method + " " + request.target + " " + request.body);
}

inline std::unique_ptr<net::HttpServer> start(net::Handler handler, net::ServerOptions options = {}) {
  auto server = net::HttpServer::start(std::move(options), std::move(handler));
  EXPECT_TRUE(server) << server.error().message;
  return server ? std::move(*server) : nullptr;
}

inline std::string url_of(const net::HttpServer& server, std::string_view path, std::string_view scheme = "http") {
  return std::string(scheme) + "://127.0.0.1:" + std::to_string(server.port()) + std::string(path);
}

inline net::HttpRequest get_request(std::string url) {
  net::HttpRequest request;
  request.url = std::move(url);
  request.connect_timeout = 5s;
  request.total_timeout = 20s;
  return request;
}

// Waits until `holds`, for 10 s at most.
template <typename Condition>
bool eventually(Condition holds) {
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

// What a handler gave away of its stream.
struct StreamSlot {
  std::mutex mutex;
  std::shared_ptr<net::EventStream> stream;

  std::shared_ptr<net::EventStream> get() {
    const std::lock_guard lock(mutex);
    return stream;
  }
};

inline net::Handler stream_to(StreamSlot& slot) {
  return [&slot](const net::ServerRequest&) {
    net::ServerResponse response;
    response.headers = {{"Content-Type", "text/event-stream"}};
    response.stream = [&slot](std::shared_ptr<net::EventStream> stream) {
      stream->send("data: first\n\n");
      const std::lock_guard lock(slot.mutex);
      slot.stream = std::move(stream);
    };
    return response;
  };
}

}  // namespace server_test
