// SPDX-License-Identifier: Apache-2.0
// OpenTelemetry logs in both encodings become the same rows.
#include "workspace/ingest/otlp_logs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "base/json.hpp"
#include "workspace/ingest/ingest_limits.hpp"

namespace workspace {
namespace {

// Fields of a message in the wire format.
std::string varint(std::uint64_t value) {
  std::string out;
  for (; value >= 0x80; value >>= 7) out += static_cast<char>((value & 0x7f) | 0x80);
  return out += static_cast<char>(value);
}
std::string bytes_field(unsigned number, std::string_view bytes) { return varint(number << 3 | 2) + varint(bytes.size()) + std::string(bytes); }
std::string int_field(unsigned number, std::uint64_t value) { return varint(number << 3) + varint(value); }
std::string fixed_field(unsigned number, std::uint64_t value, std::size_t size) {
  std::string out = varint(number << 3 | (size == 8 ? 1 : 5));
  for (std::size_t i = 0; i < size; ++i, value >>= 8) out += static_cast<char>(value & 0xff);
  return out;
}
std::string double_field(unsigned number, double value) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  return fixed_field(number, bits, 8);
}
std::string attribute(std::string_view key, std::string_view any) { return bytes_field(1, key) + bytes_field(2, any); }

constexpr std::string_view kWant =
    R"({"TimeGenerated":"2023-11-14T22:13:20.1234567Z","ObservedTimestamp":"2023-11-14T22:13:21.0000000Z","SeverityNumber":17,"SeverityText":"ERROR",)"
    R"("Body":"disk \"full\"","Attributes":{"n":-5,"ok":true,"x":1.5,"list":["a",2],"map":{"k":"v"},"raw":"AQI=","none":null},"EventName":"e",)"
    R"("TraceId":"0102030405060708090a0b0c0d0e0f10","SpanId":"0102030405060708","TraceFlags":1,"DroppedAttributesCount":3,"ServiceName":"shop",)"
    R"("ResourceAttributes":{"service.name":"shop"},"ScopeName":"logger","ScopeVersion":"1.0","ScopeAttributes":{"s":"t"}})";

constexpr std::string_view kJsonRequest = R"({"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},
  "scopeLogs":[{"scope":{"name":"logger","version":"1.0","attributes":[{"key":"s","value":{"stringValue":"t"}}]},"logRecords":[{
    "timeUnixNano":"1700000000123456789","observedTimeUnixNano":1700000001000000000,"severityNumber":17,"severityText":"ERROR",
    "body":{"stringValue":"disk \"full\""},"attributes":[{"key":"n","value":{"intValue":"-5"}},{"key":"ok","value":{"boolValue":true}},
      {"key":"x","value":{"doubleValue":1.5}},{"key":"list","value":{"arrayValue":{"values":[{"stringValue":"a"},{"intValue":2}]}}},
      {"key":"map","value":{"kvlistValue":{"values":[{"key":"k","value":{"stringValue":"v"}}]}}},{"key":"raw","value":{"bytesValue":"AQI="}},
      {"key":"none"}],
    "droppedAttributesCount":3,"flags":1,"traceId":"0102030405060708090A0B0C0D0E0F10","spanId":"0102030405060708","eventName":"e","new":[]}]}]}]})";

std::string protobuf_record() {
  std::string attributes;
  const auto add = [&](std::string_view key, std::string_view any) { attributes += bytes_field(6, attribute(key, any)); };
  add("n", int_field(3, static_cast<std::uint64_t>(-5)));
  add("ok", int_field(2, 1));
  add("x", double_field(4, 1.5));
  add("list", bytes_field(5, bytes_field(1, bytes_field(1, "a")) + bytes_field(1, int_field(3, 2))));
  add("map", bytes_field(6, bytes_field(1, attribute("k", bytes_field(1, "v")))));
  add("raw", bytes_field(7, std::string_view("\x01\x02", 2)));
  add("none", "");
  return attributes + fixed_field(1, 1'700'000'000'123'456'789, 8) + int_field(2, 17) + bytes_field(3, "ERROR") +
         bytes_field(5, bytes_field(1, "disk \"full\"")) + int_field(7, 3) + fixed_field(8, 1, 4) +
         bytes_field(9, "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10") + bytes_field(10, "\x01\x02\x03\x04\x05\x06\x07\x08") +
         fixed_field(11, 1'700'000'001'000'000'000, 8) + bytes_field(12, "e") + int_field(99, 5);
}

std::string protobuf_request(const std::string& record) {
  const std::string scope = bytes_field(1, "logger") + bytes_field(2, "1.0") + bytes_field(3, attribute("s", bytes_field(1, "t")));
  const std::string resource = bytes_field(1, attribute("service.name", bytes_field(1, "shop")));
  // The records stand in front of the scope, and the scopes in front of the resource: fields come in any order.
  return bytes_field(1, bytes_field(2, bytes_field(2, record) + bytes_field(1, scope)) + bytes_field(1, resource));
}

TEST(OtlpLogs, both_encodings_give_the_same_rows) {
  EXPECT_THAT(otlp_json_rows(kJsonRequest).value(), testing::ElementsAre(kWant));
  EXPECT_THAT(otlp_protobuf_rows(protobuf_request(protobuf_record())).value(), testing::ElementsAre(kWant));
}

TEST(OtlpLogs, a_body_that_is_no_text_is_its_json) {
  const auto rows = otlp_json_rows(R"({"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"kvlistValue":{"values":[{"key":"a","value":{"intValue":"1"}}]}}},{}]}]}]})");
  EXPECT_THAT(rows.value(), testing::ElementsAre(R"({"SeverityNumber":0,"Body":"{\"a\":1}","TraceFlags":0,"DroppedAttributesCount":0})",
                                                 R"({"SeverityNumber":0,"TraceFlags":0,"DroppedAttributesCount":0})"));
}

TEST(OtlpLogs, what_is_no_request_is_refused) {
  for (const char* body : {"", "[]", "{\"resourceLogs\":5}", "{", "null"}) EXPECT_FALSE(otlp_json_rows(body)) << body;
  EXPECT_THAT(otlp_json_rows("{}").value(), testing::IsEmpty());
  EXPECT_THAT(otlp_protobuf_rows("").value(), testing::IsEmpty());
  const std::string whole = protobuf_request(protobuf_record());
  for (std::size_t size = 1; size < whole.size(); ++size) EXPECT_FALSE(otlp_protobuf_rows(whole.substr(0, size))) << size;
}

TEST(OtlpLogs, refusals_are_told_in_protocol_buffers) {
  EXPECT_EQ(otlp_protobuf_answer(0, ""), "");
  EXPECT_EQ(otlp_protobuf_answer(300, "bad"), bytes_field(1, int_field(1, 300) + bytes_field(2, "bad")));
}

TEST(OtlpLogs, what_is_no_record_or_no_number_of_json_is_a_row_that_can_be_judged) {
  const auto rows = otlp_json_rows(R"({"resourceLogs":[{"scopeLogs":[{"logRecords":[5,{"attributes":[{"key":"x","value":{"doubleValue":1e400}}]}]}]}]})");
  EXPECT_THAT(rows.value(), testing::ElementsAre("5", R"({"SeverityNumber":0,"Attributes":{"x":"Infinity"},"TraceFlags":0,"DroppedAttributesCount":0})"));
}

TEST(OtlpLogs, values_in_values_have_a_cap) {
  std::string value = bytes_field(1, "x");
  for (int i = 0; i < 1'000; ++i) value = bytes_field(5, bytes_field(1, value));
  EXPECT_FALSE(otlp_protobuf_rows(protobuf_request(bytes_field(5, value))));
}

TEST(OtlpLogs, attributes_of_a_resource_are_not_repeated_without_end) {
  const std::string resource = bytes_field(1, attribute("big", bytes_field(1, std::string(1'000'000, 'x'))));
  std::string records;
  for (int i = 0; i < 1'000; ++i) records += bytes_field(2, "");
  const auto rows = otlp_protobuf_rows(bytes_field(1, bytes_field(1, resource) + bytes_field(2, records)));
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().kind, base::Kind::too_large);
}

}  // namespace
}  // namespace workspace
