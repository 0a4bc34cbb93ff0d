// SPDX-License-Identifier: Apache-2.0
// What agents send: they prove themselves by a token or a credential, not by signing in.
#include <fmt/format.h>

#include "arm/reply.hpp"
#include "base/compress.hpp"
#include "base/text.hpp"
#include "hub/routes.hpp"
#include "identity/sign_in_locks.hpp"
#include "providers/hybrid_compute/enroll.hpp"
#include "providers/hybrid_compute/intake.hpp"

namespace hub {

namespace {

namespace hosts = providers::hybrid_compute;

constexpr std::string_view kEnrollPath = "/api/v1/agents/enroll", kReportsPath = "/api/v1/agents/reports";
constexpr std::string_view kEnrollAction = "Microsoft.HybridCompute/machines/enroll/action", kReportAction = "Microsoft.HybridCompute/machines/report/action";
constexpr std::size_t kEnrollBytes = 1u << 20;
constexpr std::string_view kRetryAfter = "10";

arm::Reply enroll_refusal(const base::Error& error) {
  if (error.kind == base::Kind::denied) return arm::refuse(401, "EnrollmentTokenRefused", error.message);
  if (!identity::is_locked_out(error)) return arm::refuse(error);
  auto reply = arm::refuse(429, "TooManyRequests", error.message);
  reply.headers.emplace_back("Retry-After", std::to_string(identity::retry_after_seconds(error.message)));
  return reply;
}

identity::SignInLocks locks_of(const Context& context) {
  const identity::Options usual;
  return {context.database, usual.failures_before_lock, std::chrono::milliseconds(usual.lock_time).count()};
}

base::Result<uplink::Enrolled> enroll(const Context& context, const net::ServerRequest& request) {
  const auto locks = locks_of(context);
  const auto now = store::now_ms();
  // By address alone: who knows the id of a token must not be able to lock it.
  const identity::Attempt attempt{{}, "address:" + request.peer};
  TRY(locks.check(attempt, now));
  const auto parsed = TRY(uplink::parse_enroll_request(request.body));
  auto enrolled = hosts::enroll(context.hosts, parsed, now);
  if (!enrolled && enrolled.error().kind == base::Kind::denied) TRY(locks.count_failure(attempt, now));
  return enrolled;
}

net::ServerResponse post_enroll(const Context& context, const net::ServerRequest& request) {
  if (auto refused = arm::refuse_other_than_json(request)) return arm::to_response(*refused);
  if (request.body.size() > kEnrollBytes) return arm::to_response(arm::refuse(413, "RequestEntityTooLarge", "The body is over 1 MiB."));
  const auto enrolled = enroll(context, request);
  if (!enrolled) {
    const auto reply = enroll_refusal(enrolled.error());
    context.manager.record(request, nullptr, std::string(kEnrollAction), request.path, reply.status, enrolled.error().message);
    return arm::to_response(reply);
  }
  context.manager.record(request, nullptr, std::string(kEnrollAction), enrolled->resource_id, 201, "");
  return json_response(uplink::to_json(*enrolled), 201);
}

// 401: the credential holds no more; the agent keeps what it has. 429 and 503 say when to come again.
arm::Reply report_refusal(const base::Error& error) {
  if (error.kind == base::Kind::denied) return arm::refuse(401, "CredentialRefused", error.message);
  auto reply = arm::refuse(error);
  if (reply.status == 503 || reply.status == 429) reply.headers.emplace_back("Retry-After", kRetryAfter);
  return reply;
}

std::optional<arm::Reply> refuse_form(const net::ServerRequest& request) {
  const auto type = base::trim(base::cut(request.header("content-type"), ";").first);
  if (!base::equals_ignoring_case(type, "application/x-ndjson"))
    return arm::refuse(415, "UnsupportedMediaType", "Reports come as application/x-ndjson.");
  const auto encoding = base::trim(request.header("content-encoding"));
  for (const std::string_view known : {"", "identity", "gzip", "zstd"})
    if (base::equals_ignoring_case(encoding, known)) return std::nullopt;
  return arm::refuse(415, "UnsupportedMediaType", "Reports come as they are, or compressed with gzip or zstd.");
}

// What is wrong with the bytes themselves is the sender's, whatever kind of error it is; what is wrong with the store is not.
base::Result<uplink::Batch> read_batch(const net::ServerRequest& request) {
  const auto blame = [](base::Error error) {
    if (error.kind != base::Kind::too_large) error.kind = base::Kind::invalid_input;
    return base::fail(std::move(error));
  };
  const auto encoding = base::trim(request.header("content-encoding"));
  if (encoding.empty() || base::equals_ignoring_case(encoding, "identity")) {
    auto batch = uplink::parse_batch(request.body);
    return batch ? std::move(batch) : blame(batch.error());
  }
  const auto unpacked = base::decompress_whole(request.body, uplink::kBatchBytes, "the batch");
  if (!unpacked) return blame(unpacked.error());
  auto batch = uplink::parse_batch(*unpacked);
  return batch ? std::move(batch) : blame(batch.error());
}

base::Result<uplink::Reply> take_report(const Context& context, const net::ServerRequest& request) {
  const auto header = request.header("authorization");
  const bool bearer = base::equals_ignoring_case(header.substr(0, 7), "Bearer ");
  const auto machine = TRY(hosts::authenticate(context.hosts, std::string(bearer ? base::trim(header.substr(7)) : std::string_view())));
  if (!machine)
    return base::fail(base::Kind::denied, "This credential is of no machine here (any more): it was removed, or enrolled again. Enrol it anew with a token of this hub.");
  const auto batch = TRY(read_batch(request));
  return hosts::Intake(context.hosts).take(*machine, batch, store::now_ms());
}

net::ServerResponse post_report(const Context& context, const net::ServerRequest& request) {
  if (auto refused = refuse_form(request)) return arm::to_response(*refused);
  const auto taken = take_report(context, request);
  if (taken) return json_response(uplink::to_json(*taken));
  const auto reply = report_refusal(taken.error());
  if (reply.status < 500) context.manager.record(request, nullptr, std::string(kReportAction), request.path, reply.status, taken.error().message);
  return arm::to_response(reply);
}

}  // namespace

std::optional<std::size_t> agent_body_cap(std::string_view path) {
  if (path == kReportsPath) return uplink::kBatchBytes;
  return path == kEnrollPath ? std::optional(kEnrollBytes) : std::nullopt;
}

std::optional<net::ServerResponse> serve_agents(const Context& context, const net::ServerRequest& request) {
  if (request.path != kEnrollPath && request.path != kReportsPath) return std::nullopt;
  if (request.method != "POST") return arm::to_response(arm::refuse(405, "MethodNotAllowed", "Agents send by POST."));
  return request.path == kEnrollPath ? post_enroll(context, request) : post_report(context, request);
}

}  // namespace hub
