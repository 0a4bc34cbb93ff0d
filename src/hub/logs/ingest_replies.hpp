// SPDX-License-Identifier: Apache-2.0
// Answers of the ingestion APIs and the reading of their bodies.
#pragma once

#include <chrono>
#include <span>
#include <string_view>

#include "arm/reply.hpp"
#include "workspace/ingest/record_sink.hpp"

namespace hub {

// The body, unpacked where it says that it is packed. Kind::too_large past the cap, Kind::unsupported for another packing.
base::Result<std::string> unpacked_body(const net::ServerRequest& request, std::size_t cap);

// 429 with Retry-After where the sink cannot take more now; 413, 400 … as the kind says.
arm::Reply ingestion_refusal(const base::Error& error, std::chrono::seconds retry_after);

// {accepted, refused, refusals: [{index, line, reason}], …}
base::JsonObject receipt_json(const workspace::AppendReceipt& receipt);

// Numbers the refusals by the line of the body that each row begins in.
void number_lines(std::string_view body, std::span<const std::string_view> rows, workspace::AppendReceipt& receipt);

// 400 where every row was refused, with why; nothing where some were taken.
std::optional<arm::Reply> refuse_all_bad(const workspace::AppendReceipt& receipt);

workspace::AppendReceipt& operator+=(workspace::AppendReceipt& sum, const workspace::AppendReceipt& one);

}  // namespace hub
