// SPDX-License-Identifier: Apache-2.0
#include "hub/logs/ingest_replies.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/compress.hpp"
#include "base/text.hpp"

namespace hub {

base::Result<std::string> unpacked_body(const net::ServerRequest& request, std::size_t cap) {
  const auto too_large = [&] { return base::fail(base::Kind::too_large, fmt::format("The body is over {} bytes unpacked; send it in parts.", cap)); };
  const auto encoding = base::trim(request.header("content-encoding"));
  if (encoding.empty() || base::equals_ignoring_case(encoding, "identity")) {
    if (request.body.size() > cap) return too_large();
    return request.body;
  }
  if (!base::equals_ignoring_case(encoding, "gzip")) return base::fail(base::Kind::unsupported, fmt::format("Content-Encoding '{}' is not taken; send gzip or none.", encoding));
  if (base::sniff_compression(request.body) != base::Compression::gzip) return base::fail(base::Kind::invalid_input, "The body says that it is gzip and is none.");
  auto body = base::decompress_whole(request.body, cap, "the body");
  if (!body && body.error().kind == base::Kind::too_large) return too_large();
  if (!body) return base::fail(base::Kind::invalid_input, body.error().message);
  return body;
}

arm::Reply ingestion_refusal(const base::Error& error, std::chrono::seconds retry_after) {
  if (error.kind == base::Kind::unavailable) {
    auto reply = arm::refuse(429, "TooManyRequests", error.message);
    reply.headers.emplace_back("Retry-After", std::to_string(std::max<std::chrono::seconds::rep>(retry_after.count(), 1)));
    return reply;
  }
  switch (error.kind) {
    case base::Kind::too_large: return arm::refuse(413, "ContentLengthLimitExceeded", error.message);
    case base::Kind::unsupported: return arm::refuse(415, "UnsupportedMediaType", error.message);
    case base::Kind::invalid_input:
    case base::Kind::corrupt: return arm::refuse(400, "InvalidPayload", error.message);
    case base::Kind::not_found: return arm::refuse(400, "InvalidOutputTable", error.message);
    default: return arm::refuse(error);
  }
}

base::JsonObject receipt_json(const workspace::AppendReceipt& receipt) {
  base::JsonArray refusals;
  for (const auto& one : receipt.refusals) {
    base::JsonObject refusal{{"index", one.index}, {"reason", base::printable(one.reason)}};
    if (one.line > 0) refusal.emplace("line", one.line);
    refusals.emplace_back(std::move(refusal));
  }
  return {{"accepted", receipt.accepted},
          {"refused", receipt.refused},
          {"refusals", std::move(refusals)},
          {"unknownMembers", receipt.unknown_members},
          {"truncatedValues", receipt.truncated_values},
          {"lostValues", receipt.lost_values},
          {"retimedRows", receipt.retimed_rows}};
}

void number_lines(std::string_view body, std::span<const std::string_view> rows, workspace::AppendReceipt& receipt) {
  const char* at = body.data();
  std::uint64_t line = 1;
  for (auto& one : receipt.refusals) {  // in the order of the rows
    line += static_cast<std::uint64_t>(std::count(at, rows[one.index].data(), '\n'));
    at = rows[one.index].data();
    one.line = line;
  }
}

std::optional<arm::Reply> refuse_all_bad(const workspace::AppendReceipt& receipt) {
  if (receipt.refused == 0 || receipt.accepted > 0) return std::nullopt;
  std::string why;
  if (!receipt.refusals.empty()) {
    const auto& first = receipt.refusals.front();
    why = fmt::format(" The first{}: {}", first.line > 0 ? fmt::format(", in line {}", first.line) : "", first.reason);
  }
  return arm::refuse(400, "InvalidPayload", fmt::format("None of the {} rows could be taken.{}", receipt.refused, why));
}

workspace::AppendReceipt& operator+=(workspace::AppendReceipt& sum, const workspace::AppendReceipt& one) {
  sum.accepted += one.accepted;
  sum.refused += one.refused;
  sum.refusals.insert(sum.refusals.end(), one.refusals.begin(), one.refusals.end());
  sum.unknown_members += one.unknown_members;
  sum.truncated_values += one.truncated_values;
  sum.lost_values += one.lost_values;
  sum.retimed_rows += one.retimed_rows;
  return sum;
}

}  // namespace hub
