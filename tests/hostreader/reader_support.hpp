// SPDX-License-Identifier: Apache-2.0
// A host reader on a socket of its own, before a host that is a table.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <memory>
#include <string>

#include "base/files.hpp"
#include "benchmark/table_host.hpp"
#include "hostreader/listener.hpp"
#include "hostreader/remote_host.hpp"
#include "hostreader/server.hpp"

namespace test {

inline hostreader::OpenFile open_in(benchmark::HostReader& host) {
  return [&host](const std::string& path, std::size_t cap) -> base::Result<hostreader::OpenedFile> {
    std::string bytes = TRY(host.read(path, cap));
    return hostreader::OpenedFile{std::move(bytes), path, 0};
  };
}

class Reader {
 public:
  explicit Reader(benchmark::HostReader& host) : Reader(host, open_in(host), {}) {}
  Reader(benchmark::HostReader& host, hostreader::OpenFile open, const hostreader::ServerOptions& options)
      : folder_(std::move(*base::TempDir::create("reader"))), gate_(host, std::move(open)), options_(options) {
    options_.users.push_back(::getuid());
    start();
  }

  void start() {
    auto listener = hostreader::listen_at(path(), ::getgid());
    ASSERT_TRUE(listener.has_value()) << listener.error().message;
    auto server = hostreader::Server::start(std::move(*listener), gate_, options_);
    ASSERT_TRUE(server.has_value()) << server.error().message;
    server_ = std::move(*server);
  }
  void stop() { server_.reset(); }

  std::string path() const { return (folder_.path() / "reader.sock").string(); }
  std::unique_ptr<benchmark::HostReader> host(std::chrono::milliseconds timeout = std::chrono::seconds(20)) const {
    return hostreader::remote_host({path(), timeout});
  }

 private:
  const base::TempDir folder_;
  hostreader::Gate gate_;
  hostreader::ServerOptions options_;
  std::unique_ptr<hostreader::Server> server_;
};

}  // namespace test
