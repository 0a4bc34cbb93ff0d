// SPDX-License-Identifier: Apache-2.0
#include "agent/engine_transport.hpp"

#include "net/url.hpp"

namespace agent {

base::Result<net::HttpResponse> EngineTransport::send(const net::HttpRequest& request, const base::ByteSink& sink) {
  const auto url = TRY(net::Url::parse(request.url));
  if (request.method != "GET") return base::fail(base::Kind::unsupported, "the engine is only read");
  const std::string path = url.query.empty() ? url.path : url.path + "?" + url.query;
  net::HttpResponse response;
  response.url = request.url;
  response.status = 200;
  if (!sink) {
    auto answer = TRY(host_.get(path));
    response.status = answer.status;
    response.body = std::move(answer.body);
    return response;
  }
  base::Result<void> taken;
  bool stopped = false;
  const auto followed = host_.follow(path, [&](std::string_view bytes) {
    if (!go_on_()) stopped = true;
    else if (!bytes.empty()) taken = sink(bytes);
    return taken.has_value() && !stopped;
  });
  if (!taken) return base::fail(taken.error());
  if (stopped) return base::fail(base::Kind::cancelled, "reading " + path + " took too long, or the agent ends");
  if (!followed && followed.error().kind == base::Kind::not_found) response.status = 404;
  else if (!followed) return base::fail(followed.error());
  return response;
}

}  // namespace agent
