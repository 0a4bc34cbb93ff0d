// SPDX-License-Identifier: Apache-2.0
#include "workspace/ingest/otlp_record.hpp"

#include <fmt/format.h>

#include "kql/time.hpp"
#include "model/value_table.hpp"
#include "workspace/ingest/ingest_limits.hpp"
#include "workspace/ingest/json_text.hpp"

namespace workspace {

namespace {

void put_label(std::string_view name, std::string& out) {
  out += out.empty() ? '{' : ',';
  out.append("\"").append(name).append("\":");
}

void put_string(std::string_view name, std::string_view text, std::string& out) {
  if (text.empty()) return;
  put_label(name, out);
  append_json_string(text, out);
}

void put_object(std::string_view name, std::string_view json, std::string& out) {
  if (json == "{}") return;
  put_label(name, out);
  out += json;
}

void put_number(std::string_view name, std::int64_t number, std::string& out) {
  put_label(name, out);
  out += fmt::to_string(number);
}

void put_time(std::string_view name, std::uint64_t nanoseconds, std::string& out) {
  if (nanoseconds > 0) put_string(name, kql::format_datetime(model::kTicksAtUnixEpoch + static_cast<std::int64_t>(nanoseconds / 100)), out);
}

}  // namespace

base::Result<void> add_otlp_row(const OtlpScope& scope, const OtlpRecord& record, OtlpRows& rows) {
  std::string out;
  put_time("TimeGenerated", record.time_ns > 0 ? record.time_ns : record.observed_ns, out);
  put_time("ObservedTimestamp", record.observed_ns, out);
  put_number("SeverityNumber", record.severity, out);
  put_string("SeverityText", record.severity_text, out);
  put_string("Body", record.body, out);
  put_object("Attributes", record.attributes, out);
  put_string("EventName", record.event_name, out);
  put_string("TraceId", record.trace_id, out);
  put_string("SpanId", record.span_id, out);
  put_number("TraceFlags", static_cast<std::int64_t>(record.flags & 0xffff'ffff), out);
  put_number("DroppedAttributesCount", static_cast<std::int64_t>(record.dropped_attributes & 0x7fff'ffff), out);
  put_string("ServiceName", scope.service_name, out);
  put_object("ResourceAttributes", scope.resource_attributes, out);
  put_string("ScopeName", scope.name, out);
  put_string("ScopeVersion", scope.version, out);
  put_object("ScopeAttributes", scope.attributes, out);
  out += '}';
  rows.bytes += out.size();
  if (rows.rows.size() == kMostRowsOfBatch || rows.bytes > kLargestBatch)
    return base::fail(base::Kind::too_large, fmt::format("the request has more than {} log records or {} bytes of them; send fewer at once",
                                                         kMostRowsOfBatch, kLargestBatch));
  rows.rows.push_back(std::move(out));
  return {};
}

}  // namespace workspace
