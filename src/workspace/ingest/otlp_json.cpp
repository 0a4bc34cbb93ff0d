// SPDX-License-Identifier: Apache-2.0
// OTLP in JSON: names in lower camel case, 64-bit numbers as texts, ids in hexadecimal.
#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "base/json.hpp"
#include "base/text.hpp"
#include "workspace/ingest/ingest_limits.hpp"
#include "workspace/ingest/json_text.hpp"
#include "workspace/ingest/otlp_logs.hpp"
#include "workspace/ingest/otlp_record.hpp"

namespace workspace {

namespace {

using base::Json;

// A number, or a text of one; 0 for anything else.
std::uint64_t otlp_number(const Json& object, std::string_view key) {
  const Json* value = base::find(object, key);
  if (!value) return 0;
  if (const auto* number = value->if_uint64()) return *number;
  if (const auto* number = value->if_int64()) return *number < 0 ? 0 : static_cast<std::uint64_t>(*number);
  const std::string_view text = base::as_string(*value);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : 0;
}

std::string hex_id(const Json& record, std::string_view key) {
  const std::string id = base::to_lower(base::get_string(record, key));
  return id.size() <= 32 && id.find_first_not_of("0123456789abcdef") == std::string::npos ? id : "";
}

void append_any(const Json& value, std::string& out);

void append_attributes(const base::JsonArray& attributes, std::string& out) {
  out += '{';
  for (const Json& attribute : attributes) {
    if (out.back() != '{') out += ',';
    append_json_string(base::get_string(attribute, "key"), out);
    out += ':';
    const Json* value = base::find(attribute, "value");
    append_any(value ? *value : Json(), out);
  }
  out += '}';
}

void append_values(const base::JsonArray& values, std::string& out) {
  out += '[';
  for (const Json& value : values) {
    if (out.back() != '[') out += ',';
    append_any(value, out);
  }
  out += ']';
}

// An AnyValue as plain JSON. An int is a text there or a number; a double may be "NaN".
void append_any(const Json& value, std::string& out) {
  if (const Json* text = base::find(value, "stringValue")) return append_json_string(base::as_string(*text), out);
  if (const Json* bytes = base::find(value, "bytesValue")) return append_json_string(base::as_string(*bytes), out);
  if (const Json* array = base::find(value, "arrayValue")) return append_values(base::get_array(*array, "values"), out);
  if (const Json* list = base::find(value, "kvlistValue")) return append_attributes(base::get_array(*list, "values"), out);
  if (const Json* flag = base::find(value, "boolValue"); flag && flag->is_bool()) {
    out += flag->get_bool() ? "true" : "false";
    return;
  }
  if (const Json* number = base::find(value, "doubleValue")) {
    if (number->is_double() && !std::isfinite(number->get_double())) out += number->get_double() > 0 ? "\"Infinity\"" : "\"-Infinity\"";
    else if (number->is_double()) fmt::format_to(std::back_inserter(out), "{}", number->get_double());
    else if (number->is_number()) out += base::to_text(*number);
    else append_json_string(base::as_string(*number), out);
    return;
  }
  const Json* whole = base::find(value, "intValue");
  const std::string_view digits = whole ? base::as_string(*whole) : "";
  std::int64_t number = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (whole && whole->is_number()) out += base::to_text(*whole);
  else if (!digits.empty() && read.ec == std::errc() && read.ptr == digits.data() + digits.size()) out += fmt::to_string(number);
  else out += "null";
}

std::string body_text(const Json& record) {
  const Json* body = base::find(record, "body");
  if (!body) return "";
  if (const Json* text = base::find(*body, "stringValue")) return std::string(base::as_string(*text));
  std::string out;
  append_any(*body, out);
  return out == "null" ? "" : out;
}

std::string attributes_of(const Json& object) {
  std::string out;
  append_attributes(base::get_array(object, "attributes"), out);
  return out;
}

OtlpRecord record_of(const Json& record) {
  OtlpRecord out;
  out.time_ns = otlp_number(record, "timeUnixNano");
  out.observed_ns = otlp_number(record, "observedTimeUnixNano");
  out.severity = static_cast<std::int64_t>(otlp_number(record, "severityNumber") & 0xff);
  out.severity_text = base::get_string(record, "severityText");
  out.event_name = base::get_string(record, "eventName");
  out.body = body_text(record);
  out.attributes = attributes_of(record);
  out.dropped_attributes = otlp_number(record, "droppedAttributesCount");
  out.flags = otlp_number(record, "flags");
  out.trace_id = hex_id(record, "traceId");
  out.span_id = hex_id(record, "spanId");
  return out;
}

std::string service_name(const Json& resource) {
  for (const Json& attribute : base::get_array(resource, "attributes"))
    if (base::get_string(attribute, "key") == "service.name")
      if (const Json* value = base::find(attribute, "value")) return std::string(base::get_string(*value, "stringValue"));
  return "";
}

base::Result<void> read_scope_logs(const Json& scope_logs, OtlpScope scope, OtlpRows& rows) {
  if (const Json* described = base::find(scope_logs, "scope")) {
    scope.name = base::get_string(*described, "name");
    scope.version = base::get_string(*described, "version");
    scope.attributes = attributes_of(*described);
  }
  for (const Json& record : base::get_array(scope_logs, "logRecords")) {
    if (record.is_object()) TRY(add_otlp_row(scope, record_of(record), rows));
    else rows.rows.push_back(base::to_text(record));  // refused and counted as any row that is none
  }
  return {};
}

}  // namespace

base::Result<std::vector<std::string>> otlp_json_rows(std::string_view body) {
  if (body.size() > kLargestBatch)
    return base::fail(base::Kind::too_large, fmt::format("the request has {} bytes; send at most {} at once", body.size(), kLargestBatch));
  const Json request = TRY(base::parse_json(body, "the request"));
  const Json* all = base::find(request, "resourceLogs");
  if (!request.is_object() || (all && !all->is_array()))
    return base::fail(base::Kind::invalid_input, "the request is no object with an array resourceLogs");
  OtlpRows rows;
  for (const Json& resource_logs : base::get_array(request, "resourceLogs")) {
    OtlpScope scope;
    if (const Json* resource = base::find(resource_logs, "resource")) {
      scope.resource_attributes = attributes_of(*resource);
      scope.service_name = service_name(*resource);
    }
    for (const Json& scope_logs : base::get_array(resource_logs, "scopeLogs")) TRY(read_scope_logs(scope_logs, scope, rows));
  }
  return std::move(rows.rows);
}

}  // namespace workspace
