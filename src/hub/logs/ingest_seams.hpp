// SPDX-License-Identifier: Apache-2.0
// What the ingestion routes are served by.
#pragma once

#include <deque>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/table_schema.hpp"
#include "workspace/ingest/record_sink.hpp"
#include "workspace/table_spec.hpp"

namespace hub {

// Rows of a body: JSON objects, which point into the body or into `made`.
struct BodyRows {
  std::vector<std::string_view> rows;
  std::deque<std::string> made;
  std::uint64_t refused = 0;  // rows of the body that are not among them
  std::vector<workspace::RefusedRow> refusals{};  // the first of those
};

using RowReader = std::function<base::Result<BodyRows>(std::string_view body)>;

// transformKql over the rows of a stream (`source`), whose columns are given. A row that has other values than its columns take is
// refused by itself.
using RowTransform = std::function<base::Result<BodyRows>(std::string_view transform, std::span<const model::ColumnSchema> columns, std::span<const std::string_view> rows)>;

struct IngestSeams {
  workspace::RecordSink& sink;
  const workspace::TableSpecs& tables;  // built-in ones
  RowReader json;           // an array of objects, or one object
  RowReader json_lines;     // an object a line
  RowReader otlp_json;      // ExportLogsServiceRequest in its JSON form, as rows of kOtlpTable
  RowReader otlp_protobuf;  // the same in its binary form; empty: 415
  RowTransform transform;   // empty: rules with a transformKql are refused
};

inline constexpr std::string_view kOtlpTable = "OTelLogs";

}  // namespace hub
