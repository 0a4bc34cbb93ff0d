// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "benchmark/host_reader.hpp"
#include "net/http.hpp"

namespace agent {

// The engine behind a HostReader as an HTTP peer, for code that reads images from an engine's socket: GET alone, whatever host
// and socket the request names. Bodies that go to a sink are followed while `go_on` says so.
class EngineTransport : public net::HttpTransport {
 public:
  // `host` outlives it.
  EngineTransport(benchmark::HostReader& host, std::function<bool()> go_on) : host_(host), go_on_(std::move(go_on)) {}
  base::Result<net::HttpResponse> send(const net::HttpRequest& request, const base::ByteSink& sink) override;

 private:
  benchmark::HostReader& host_;
  const std::function<bool()> go_on_;
};

}  // namespace agent
