// SPDX-License-Identifier: Apache-2.0
#include "net/server.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <exception>

#include "net/server_core.hpp"
#include "net/server_listener.hpp"

namespace net {

namespace {

// Each connection is a file; the soft limit is low for the sake of programs that use select().
void raise_open_files() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  (void)::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

HttpServer::HttpServer(std::unique_ptr<ServerCore> core) : core_(std::move(core)) {}
HttpServer::~HttpServer() = default;

std::uint16_t HttpServer::port() const { return core_->port(); }
ServerStats HttpServer::stats() const { return core_->stats(); }
void HttpServer::stop(std::chrono::milliseconds grace) { core_->stop(grace); }

base::Result<std::unique_ptr<HttpServer>> HttpServer::start(ServerOptions options, Handler handler) {
  raise_open_files();
  std::unique_ptr<TlsServer> tls;
  if (options.tls) tls = TRY(TlsServer::create(*options.tls));
  const int listener = TRY(open_listener(options.address, options.port));
  try {
    auto core = std::make_unique<ServerCore>(std::move(options), std::move(handler), std::move(tls), listener);
    core->run();
    return std::unique_ptr<HttpServer>(new HttpServer(std::move(core)));
  } catch (const std::exception& error) {
    return base::fail(base::Kind::internal, fmt::format("the HTTP server cannot be started: {}", error.what()));
  }
}

}  // namespace net
