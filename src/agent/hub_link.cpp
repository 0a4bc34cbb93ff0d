// SPDX-License-Identifier: Apache-2.0
#include "agent/hub_link.hpp"

#include <fmt/format.h>

#include "agent/hub_address.hpp"
#include "base/compress.hpp"
#include "net/retry.hpp"

namespace agent {

namespace {

constexpr std::size_t kReplyCap = 1u << 20;

class HttpLink : public HubLink {
 public:
  HttpLink(const Identity& identity, std::unique_ptr<net::HttpTransport> transport)
      : identity_(identity), transport_(std::move(transport)) {}

  Delivery send(std::string_view batch) override {
    net::HttpRequest request;
    request.method = "POST";
    request.url = identity_.hub + "/api/v1/agents/reports";
    request.headers = {{"Authorization", "Bearer " + identity_.credential},
                       {"Content-Type", "application/x-ndjson"},
                       {"Content-Encoding", "zstd"}};
    request.body = base::compress_zstd(batch);
    request.body_cap = kReplyCap;
    request.total_timeout = std::chrono::minutes(2);
    const auto answer = transport_->send(request);
    if (!answer) return {Delivery::Outcome::unreachable, {}, {}, answer.error().message};
    return read(*answer);
  }

 private:
  static Delivery read(const net::HttpResponse& answer) {
    using Outcome = Delivery::Outcome;
    if (answer.status == 200) {
      auto reply = uplink::parse_reply(answer.body);
      if (!reply) return {Outcome::unreachable, {}, {}, "what answers is no hub: " + reply.error().message};
      return {Outcome::taken, std::move(*reply), {}, {}};
    }
    Delivery delivery;
    delivery.message = hub_message(answer);
    delivery.wait = net::parse_retry_after(answer.header("retry-after"), std::chrono::system_clock::now());
    const bool is_busy = answer.status == 408 || answer.status == 429 || answer.status >= 500;
    if (answer.status == 400 || answer.status == 413) delivery.outcome = Outcome::refused;
    else if (answer.status == 401 || answer.status == 403) delivery.outcome = Outcome::denied;
    else if (is_busy) delivery.outcome = Outcome::later;
    return delivery;
  }

  const Identity identity_;
  const std::unique_ptr<net::HttpTransport> transport_;
};

class InProcessLink : public HubLink {
 public:
  explicit InProcessLink(std::function<base::Result<uplink::Reply>(const uplink::Batch&)> take) : take_(std::move(take)) {}

  Delivery send(std::string_view text) override {
    using Outcome = Delivery::Outcome;
    const auto batch = uplink::parse_batch(text);
    if (!batch) return {Outcome::refused, {}, {}, batch.error().message};
    auto reply = take_(*batch);
    if (reply) return {Outcome::taken, std::move(*reply), {}, {}};
    const base::Kind kind = reply.error().kind;
    const Outcome outcome = kind == base::Kind::invalid_input || kind == base::Kind::too_large ? Outcome::refused
                            : kind == base::Kind::denied                                       ? Outcome::denied
                                                                                               : Outcome::later;
    return {outcome, {}, {}, reply.error().message};
  }

 private:
  const std::function<base::Result<uplink::Reply>(const uplink::Batch&)> take_;
};

}  // namespace

base::Result<std::unique_ptr<HubLink>> http_link(const Identity& identity, const std::string& user_agent) {
  auto transport = TRY(hub_transport(identity, user_agent));
  return std::unique_ptr<HubLink>(std::make_unique<HttpLink>(identity, std::move(transport)));
}

std::unique_ptr<HubLink> in_process_link(std::function<base::Result<uplink::Reply>(const uplink::Batch&)> take) {
  return std::make_unique<InProcessLink>(std::move(take));
}

}  // namespace agent
