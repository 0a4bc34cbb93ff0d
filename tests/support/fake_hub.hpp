// SPDX-License-Identifier: Apache-2.0
// A hub whose answers a test writes, on a free loopback port.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "base/json.hpp"
#include "net/server.hpp"

namespace test_support {

class FakeHub {
 public:
  explicit FakeHub(std::optional<net::TlsIdentity> tls = {}) {
    net::ServerOptions options;
    options.tls = tls;
    scheme_ = tls ? "https" : "http";
    auto started = net::HttpServer::start(std::move(options), [this](const net::ServerRequest& request) { return answer(request); });
    if (started) server_ = std::move(*started);
    else ADD_FAILURE() << started.error().message;
  }

  std::string url() const { return scheme_ + "://127.0.0.1:" + std::to_string(server_->port()); }

  // What the next and all further requests of this method and path get; of several the last is repeated.
  void on(const std::string& method_and_path, std::string body, int status = 200, net::Headers headers = {}) {
    const std::lock_guard lock(mutex_);
    net::ServerResponse response;
    response.status = status;
    response.headers = std::move(headers);
    response.headers.emplace_back("Content-Type", "application/json");
    response.body = std::move(body);
    answers_[method_and_path].push_back(std::move(response));
  }

  std::vector<net::ServerRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  // The last request of this method and path; one without a method where there was none.
  net::ServerRequest last(const std::string& method_and_path) const {
    net::ServerRequest found;
    for (const auto& request : requests())
      if (request.method + " " + request.path == method_and_path) found = request;
    return found;
  }

 private:
  net::ServerResponse answer(const net::ServerRequest& request) {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
    net::ServerResponse response;
    auto found = answers_.find(request.method + " " + request.path);
    if (found == answers_.end()) {
      response.status = 404;
      response.body = R"({"error": {"code": "ResourceNotFound", "message": "There is no such thing."}})";
      return response;
    }
    response = found->second.front();
    if (found->second.size() > 1) found->second.erase(found->second.begin());
    return response;
  }

  std::string scheme_;
  mutable std::mutex mutex_;  // guards the members below
  std::map<std::string, std::vector<net::ServerResponse>> answers_;
  std::vector<net::ServerRequest> requests_;
  std::unique_ptr<net::HttpServer> server_;  // ended first
};

// A variable of the environment, as it was again at the end.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    if (value.empty()) ::unsetenv(name);
    else ::setenv(name, value.c_str(), 1);
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() {
    if (before_) ::setenv(name_, before_->c_str(), 1);
    else ::unsetenv(name_);
  }

 private:
  const char* name_;
  std::optional<std::string> before_;
};

}  // namespace test_support
