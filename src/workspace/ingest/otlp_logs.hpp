// SPDX-License-Identifier: Apache-2.0
// Logs of OpenTelemetry over HTTP (OTLP 1.x, opentelemetry-proto logs/v1): a request becomes rows of table OTelLogs
// (content/tables/otel-logs.yaml), whose members are named after its columns.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace workspace {

inline constexpr std::string_view kOtlpTable = "OTelLogs";

// Kind::invalid_input where the body is no such request; Kind::too_large past kLargestBatch bytes or kMostRowsOfBatch
// records. Fields that are not known are passed over, as both encodings have it.
base::Result<std::vector<std::string>> otlp_json_rows(std::string_view body);      // Content-Type: application/json
base::Result<std::vector<std::string>> otlp_protobuf_rows(std::string_view body);  // application/x-protobuf

// ExportLogsServiceResponse: how many records were refused, and why; empty where none was.
std::string otlp_protobuf_answer(std::uint64_t refused, std::string_view why);

}  // namespace workspace
