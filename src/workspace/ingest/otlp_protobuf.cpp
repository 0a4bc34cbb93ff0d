// SPDX-License-Identifier: Apache-2.0
// OTLP in protocol buffers: field numbers of opentelemetry-proto common/v1, resource/v1, logs/v1.
#include <fmt/format.h>

#include <cmath>

#include "base/base64.hpp"
#include "workspace/ingest/ingest_limits.hpp"
#include "workspace/ingest/json_text.hpp"
#include "workspace/ingest/otlp_logs.hpp"
#include "workspace/ingest/otlp_record.hpp"
#include "workspace/ingest/protobuf_reader.hpp"

namespace workspace {

namespace {

constexpr std::size_t kDeepestValue = 32;  // of values within values

std::string hex_bytes(std::string_view bytes) {
  std::string out;
  for (const char c : bytes.substr(0, 16)) out += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return out;
}

void append_real(double value, std::string& out) {
  if (std::isfinite(value)) fmt::format_to(std::back_inserter(out), "{}", value);
  else out += std::isnan(value) ? "\"NaN\"" : value > 0 ? "\"Infinity\"" : "\"-Infinity\"";
}

bool append_pb_value(std::string_view message, std::size_t depth, std::string& out);

// KeyValue: key = 1, value = 2.
bool append_pb_member(std::string_view message, std::size_t depth, std::string& out) {
  std::string_view key, value;
  ProtobufReader fields(message);
  while (fields.next()) {
    if (fields.number() == 1) key = fields.text();
    if (fields.number() == 2) value = fields.text();
  }
  if (out.back() != '{') out += ',';
  append_json_string(key, out);
  out += ':';
  return append_pb_value(value, depth, out) && !fields.failed();
}

// The values of field `number`, which are KeyValues (an object) or AnyValues (an array).
bool append_pb_values(std::string_view message, std::uint64_t number, bool object, std::size_t depth, std::string& out) {
  if (depth == 0) return false;
  bool good = true;
  out += object ? '{' : '[';
  ProtobufReader fields(message);
  while (good && fields.next()) {
    if (fields.number() != number) continue;
    if (object) {
      good = append_pb_member(fields.text(), depth - 1, out);
    } else {
      if (out.back() != '[') out += ',';
      good = append_pb_value(fields.text(), depth - 1, out);
    }
  }
  out += object ? '}' : ']';
  return good && !fields.failed();
}

// AnyValue: string = 1, bool = 2, int = 3, double = 4, array = 5, list of members = 6, bytes = 7. The last one counts.
bool append_pb_value(std::string_view message, std::size_t depth, std::string& out) {
  const std::size_t begin = out.size();
  bool good = true;
  ProtobufReader fields(message);
  while (good && fields.next()) {
    if (fields.number() >= 1 && fields.number() <= 7) out.resize(begin);
    switch (fields.number()) {
      case 1: append_json_string(fields.text(), out); break;
      case 2: out += fields.integer() != 0 ? "true" : "false"; break;
      case 3: out += fmt::to_string(static_cast<std::int64_t>(fields.integer())); break;
      case 4: append_real(fields.real(), out); break;
      case 5: good = append_pb_values(fields.text(), 1, false, depth, out); break;
      case 6: good = append_pb_values(fields.text(), 1, true, depth, out); break;
      case 7: append_json_string(base::base64_encode(fields.text()), out); break;
      default: break;
    }
  }
  if (out.size() == begin) out += "null";
  return good && !fields.failed();
}

// The text of an AnyValue that is one; else its JSON.
bool read_pb_body(std::string_view message, std::string& out) {
  bool is_text = false;
  ProtobufReader fields(message);
  while (fields.next()) {
    is_text = fields.number() == 1;
    if (is_text) out = fields.text();
  }
  if (is_text || fields.failed()) return !fields.failed();
  out.clear();
  const bool good = append_pb_value(message, kDeepestValue, out);
  if (out == "null") out.clear();
  return good;
}

bool read_pb_record(std::string_view message, OtlpRecord& out) {
  bool good = true;
  out.attributes.clear();
  ProtobufReader fields(message);
  while (good && fields.next()) {
    switch (fields.number()) {
      case 1: out.time_ns = fields.integer(); break;
      case 2: out.severity = static_cast<std::int64_t>(fields.integer() & 0xff); break;
      case 3: out.severity_text = fields.text(); break;
      case 5: good = read_pb_body(fields.text(), out.body); break;
      case 7: out.dropped_attributes = fields.integer(); break;
      case 8: out.flags = fields.integer(); break;
      case 9: out.trace_id = hex_bytes(fields.text()); break;
      case 10: out.span_id = hex_bytes(fields.text()); break;
      case 11: out.observed_ns = fields.integer(); break;
      case 12: out.event_name = fields.text(); break;
      default: break;
    }
  }
  return good && !fields.failed() && append_pb_values(message, 6, true, kDeepestValue, out.attributes);
}

// The service's name among the KeyValues of a resource.
std::string pb_service_name(std::string_view resource) {
  for (ProtobufReader fields(resource); fields.next();) {
    if (fields.number() != 1) continue;
    std::string_view key;
    std::string value;
    for (ProtobufReader member(fields.text()); member.next();) {
      if (member.number() == 1) key = member.text();
      if (member.number() == 2 && !read_pb_body(member.text(), value)) return "";
    }
    if (key == "service.name") return value;
  }
  return "";
}

bool read_pb_scope(std::string_view message, OtlpScope& out) {
  out.attributes.clear();
  ProtobufReader fields(message);
  while (fields.next()) {
    if (fields.number() == 1) out.name = fields.text();
    if (fields.number() == 2) out.version = fields.text();
  }
  return !fields.failed() && append_pb_values(message, 3, true, kDeepestValue, out.attributes);
}

base::Error no_request() { return {base::Kind::invalid_input, "the request is no ExportLogsServiceRequest of OpenTelemetry in protocol buffers"}; }

// ScopeLogs: scope = 1, log_records = 2. Fields come in any order.
base::Result<void> read_pb_scope_logs(std::string_view message, OtlpScope scope, OtlpRows& rows) {
  ProtobufReader fields(message);
  while (fields.next())
    if (fields.number() == 1 && !read_pb_scope(fields.text(), scope)) return base::fail(no_request());
  if (fields.failed()) return base::fail(no_request());
  for (ProtobufReader again(message); again.next();) {
    if (again.number() != 2) continue;
    OtlpRecord record;
    if (!read_pb_record(again.text(), record)) return base::fail(no_request());
    TRY(add_otlp_row(scope, record, rows));
  }
  return {};
}

// ResourceLogs: resource = 1, scope_logs = 2.
base::Result<void> read_pb_resource_logs(std::string_view message, OtlpRows& rows) {
  OtlpScope scope;
  ProtobufReader fields(message);
  while (fields.next()) {
    if (fields.number() != 1) continue;
    scope.resource_attributes.clear();
    if (!append_pb_values(fields.text(), 1, true, kDeepestValue, scope.resource_attributes)) return base::fail(no_request());
    scope.service_name = pb_service_name(fields.text());
  }
  if (fields.failed()) return base::fail(no_request());
  for (ProtobufReader again(message); again.next();)
    if (again.number() == 2) TRY(read_pb_scope_logs(again.text(), scope, rows));
  return {};
}

void put_varint(std::uint64_t value, std::string& out) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>((value & 0x7f) | 0x80);
  out += static_cast<char>(value);
}

void put_bytes(std::uint64_t number, std::string_view bytes, std::string& out) {
  put_varint(number << 3 | 2, out);
  put_varint(bytes.size(), out);
  out += bytes;
}

}  // namespace

// partial_success = 1: rejected_log_records = 1, error_message = 2.
std::string otlp_protobuf_answer(std::uint64_t refused, std::string_view why) {
  std::string out, partial;
  if (refused == 0) return out;
  put_varint(1 << 3, partial);
  put_varint(refused, partial);
  put_bytes(2, why, partial);
  put_bytes(1, partial, out);
  return out;
}

base::Result<std::vector<std::string>> otlp_protobuf_rows(std::string_view body) {
  if (body.size() > kLargestBatch)
    return base::fail(base::Kind::too_large, fmt::format("the request has {} bytes; send at most {} at once", body.size(), kLargestBatch));
  OtlpRows rows;
  ProtobufReader fields(body);
  while (fields.next())
    if (fields.number() == 1) TRY(read_pb_resource_logs(fields.text(), rows));
  if (fields.failed()) return base::fail(no_request());
  return std::move(rows.rows);
}

}  // namespace workspace
