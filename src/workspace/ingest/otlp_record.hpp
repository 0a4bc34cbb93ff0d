// SPDX-License-Identifier: Apache-2.0
// A log record of OpenTelemetry as both encodings give it. Attributes are JSON objects, as text.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace workspace {

struct OtlpScope {
  std::string service_name;  // the resource's attribute service.name
  std::string resource_attributes = "{}";
  std::string name, version;
  std::string attributes = "{}";
};

struct OtlpRecord {
  std::uint64_t time_ns = 0, observed_ns = 0;  // since 1970; 0: not known
  std::int64_t severity = 0;
  std::string severity_text, event_name;
  std::string body;  // the text, or the JSON of another value
  std::string attributes = "{}";
  std::uint64_t dropped_attributes = 0, flags = 0;
  std::string trace_id, span_id;  // hexadecimal
};

struct OtlpRows {
  std::vector<std::string> rows;
  std::size_t bytes = 0;
};

// Kind::too_large past kMostRowsOfBatch rows or kLargestBatch bytes: each row repeats what its scope has.
base::Result<void> add_otlp_row(const OtlpScope& scope, const OtlpRecord& record, OtlpRows& rows);

}  // namespace workspace
