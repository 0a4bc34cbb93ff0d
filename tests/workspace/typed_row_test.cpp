// SPDX-License-Identifier: Apache-2.0
// What becomes of the members of a row, by the type of the column.
#include "workspace/ingest/typed_row.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kql/time.hpp"
#include "workspace/ingest/ingest_limits.hpp"

namespace workspace {
namespace {

using model::ColumnType;

const std::int64_t kNow = kql::parse_datetime("2026-01-02T12:00:00Z").value();

// A table with a column of each type, named after it.
TableSpec all_types() {
  TableSpec out;
  out.schema.name = "T";
  for (const auto type : {ColumnType::boolean, ColumnType::int32, ColumnType::int64, ColumnType::real, ColumnType::string, ColumnType::datetime,
                          ColumnType::timespan, ColumnType::guid, ColumnType::decimal, ColumnType::dynamic})
    out.schema.columns.push_back({std::string(model::column_type_name(type)), type, ""});
  return out;
}

TableSpec with_standard_columns() {
  TableSpec out;
  out.schema.name = "T";
  out.schema.columns = {{"Host", ColumnType::string, ""},         {"TenantId", ColumnType::string, ""},       {"TimeGenerated", ColumnType::datetime, ""},
                        {"Type", ColumnType::string, ""},         {"SourceSystem", ColumnType::string, ""},   {"_ResourceId", ColumnType::string, ""},
                        {"_SubscriptionId", ColumnType::string, ""}, {"_BilledSize", ColumnType::real, ""}, {"_IsBillable", ColumnType::string, ""}};
  return out;
}

// The line without its LF, or the reason in brackets.
std::string typed(const TableSpec& table, std::string_view row, const RecordBatch& batch = {}) {
  RowTyper typer(table, batch, kNow);
  if (const auto refused = typer.type(row)) return "[" + *refused + "]";
  std::string line(typer.line());
  line.pop_back();
  return line;
}

// The value of the column of that type, as written; "" where nothing was written.
std::string value_of(std::string_view type, std::string_view json) {
  static const TableSpec table = all_types();
  const std::string name(type);
  std::string line = typed(table, "{\"" + name + "\": " + std::string(json) + "}");
  if (line.front() == '[' || line == "{}" || line == "}") return line.front() == '[' ? "refused" : "";
  return line.substr(name.size() + 4, line.size() - name.size() - 5);
}

struct Conversion {
  const char* type;
  const char* json;
  const char* want;
};

TEST(TypedRow, values_are_converted_by_the_rules_of_kql) {
  const Conversion conversions[] = {
      {"bool", "true", "true"}, {"bool", "\"False\"", "false"}, {"bool", "1", "true"}, {"bool", "2", "refused"}, {"bool", "null", ""},
      {"int", "5", "5"}, {"int", "5.0", "5"}, {"int", "5e2", "500"}, {"int", "\" 7 \"", "7"}, {"int", "5.5", "refused"}, {"int", "\"\"", ""},
      {"int", "2147483648", "refused"}, {"int", "true", "1"}, {"int", "[1]", "refused"},
      {"long", "9223372036854775807", "9223372036854775807"}, {"long", "9223372036854775808", "refused"}, {"long", "-9.223372036854775808e18", "-9223372036854775808"},
      {"long", "\"12 apples\"", "refused"}, {"long", "1e400", "refused"}, {"long", "0e999", "0"},
      {"real", "1.5", "1.5"}, {"real", "\"2.5\"", "2.5"}, {"real", "1e999", "refused"}, {"real", "1e-999", "0"}, {"real", "\"NaN\"", "\"nan\""}, {"real", "\"-Infinity\"", "\"-inf\""}, {"real", "\"x\"", "refused"},
      {"string", "\"a\\\"b\"", "\"a\\\"b\""}, {"string", "12.50", "\"12.50\""}, {"string", "{ \"a\" : [1, 2] }", R"("{\"a\":[1,2]}")"}, {"string", "true", "\"true\""},
      {"string", "\"\\ud83d\\ude00\"", "\"😀\""}, {"string", "\"\\ud83d\"", "\"\xef\xbf\xbd\""}, {"string", "\"a\\u0000b\"", "\"a\\u0000b\""},
      {"datetime", "\"2026-01-02T03:04:05.1234567Z\"", "\"2026-01-02 03:04:05.1234567\""}, {"datetime", "\"2026-01-02T03:04:05+02:00\"", "\"2026-01-02 01:04:05.0000000\""},
      {"datetime", "\"2024-02-29\"", "\"2024-02-29 00:00:00.0000000\""}, {"datetime", "\"0001-01-01T00:00:00Z\"", ""}, {"datetime", "\"2300-01-01\"", ""},
      {"datetime", "\"2299-12-31T23:59:59.9999999Z\"", "\"2299-12-31 23:59:59.9999999\""}, {"datetime", "\"1900-01-01\"", "\"1900-01-01 00:00:00.0000000\""},
      {"datetime", "\"2026-02-30\"", "refused"}, {"datetime", "1700000000", "refused"},
      {"timespan", "\"1.02:03:04\"", "937840000000"}, {"timespan", "\"later\"", "refused"},
      {"guid", "\"8145D82213A744AD859C36F31A84F6DD\"", "\"8145d822-13a7-44ad-859c-36f31a84f6dd\""}, {"guid", "\"8145\"", "refused"},
      {"decimal", "12.5", "\"12.5\""}, {"decimal", "\"0.1234567890123456789\"", "\"0.1234567890123457\""}, {"decimal", "1e22", "refused"}, {"decimal", "9.99999999999999999", "\"10\""},
      {"decimal", "-1e-3", "\"-0.001\""}, {"decimal", "0", "\"0\""},
      {"dynamic", "{\"a\": 1.10}", R"("{\"a\":1.10}")"}, {"dynamic", "\"plain\"", R"("\"plain\"")"}, {"dynamic", R"("{\"a\": 1}")", R"("{\"a\":1}")"},
      {"dynamic", R"("{\"a\": }")", R"("\"{\\\"a\\\": }\"")"}, {"dynamic", "5", "\"5\""}, {"dynamic", "null", ""}, {"dynamic", "\"7\"", R"("\"7\"")"},
  };
  for (const Conversion& c : conversions) EXPECT_EQ(value_of(c.type, c.json), c.want) << c.type << " of " << c.json;
}

TEST(TypedRow, what_is_no_json_object_is_refused_with_the_reason) {
  const std::string deep = "{\"dynamic\":" + std::string(64, '[') + std::string(64, ']') + "}";
  const std::pair<std::string, const char*> rows[] = {
      {"", "[the row is no JSON object]"},
      {"[]", "[the row is no JSON object]"},
      {"{\"int\":1", "[the row is no JSON: ',' or '}' is missing]"},
      {"{\"int\":01}", "[the row is no JSON: ',' or '}' is missing]"},
      {"{\"string\":\"a\nb\"}", "[the row is no JSON: a string has a control character that is not escaped]"},
      {"{\"string\":\"\\x\"}", "[the row is no JSON: a string has an escape that JSON does not know]"},
      {"{\"int\":1} x", "[the row is no JSON: something stands behind its end]"},
      {"{\"string\":\"\xff\"}", "[the row is not UTF-8]"},
      {"{\"string\":\"\xed\xa0\x80\"}", "[the row is not UTF-8]"},
      {deep, "[the row is no JSON: arrays and objects are nested too deeply]"},
      {"{\"int\":\"five\"}", "[member int: \"five\" is no int]"},
      {"{\"other\":1}", "[no member of the row is a column of table T: {\"other\":1}]"},
      {"{}", "[no member of the row is a column of table T: {}]"},
  };
  for (const auto& [row, want] : rows) EXPECT_EQ(typed(all_types(), row), want) << row;
}

TEST(TypedRow, unknown_members_go_nowhere_and_are_counted) {
  const TableSpec table = all_types();
  RowTyper typer(table, {}, kNow);
  EXPECT_EQ(typer.type("{\"int\":1,\"x\":{\"int\":2},\"y\":[],\"int\":3}"), std::nullopt);
  EXPECT_EQ(typer.line(), "{\"int\":1}\n");  // of a member that is there twice, the first counts
  EXPECT_EQ(typer.counts().unknown_members, 3u);
}

TEST(TypedRow, long_values_are_cut_off_between_letters_and_counted) {
  const TableSpec table = all_types();
  RowTyper typer(table, {}, kNow);
  const std::string text = std::string(kLongestValue - 1, 'a') + "é";
  EXPECT_EQ(typer.type("{\"string\":\"" + text + "\"}"), std::nullopt);
  EXPECT_EQ(typer.line().size(), kLongestValue - 1 + std::string_view("{\"string\":\"\"}\n").size());
  EXPECT_EQ(typer.type("{\"dynamic\":[\"" + text + "\"]}"), std::nullopt);
  EXPECT_THAT(std::string(typer.line()), testing::StartsWith(R"({"dynamic":"\"[\\\"aaa)"));  // a text: what is left of it is no array
  EXPECT_EQ(typer.counts().truncated_values, 2u);
}

TEST(TypedRow, rows_and_their_members_have_caps) {
  std::string members = "{\"int\":1";
  for (std::size_t i = 0; i < kMostMembers; ++i) members += ",\"m" + std::to_string(i) + "\":1";
  EXPECT_EQ(typed(all_types(), members + "}"), "[the row has more than 1000 members]");
  EXPECT_THAT(typed(all_types(), "{\"x\":\"" + std::string(kLargestRow, 'a') + "\"}"), testing::StartsWith("[the row has 1048584 bytes"));
}

TEST(TypedRow, standard_columns_are_filled_in) {
  RecordBatch batch;
  batch.workspace = "w1";
  batch.resource_id = "/subscriptions/S1/resourceGroups/G/providers/P/t/N";
  batch.source_system = "RestAPI";
  EXPECT_EQ(typed(with_standard_columns(), R"({"Host":"a","TenantId":"forged","Type":"Other","_ResourceId":"/x","TimeGenerated":"2026-01-02T11:00:00Z"})", batch),
            R"({"Host":"a","Type":"T","TenantId":"w1","_IsBillable":"True","_ResourceId":"/subscriptions/s1/resourcegroups/g/providers/p/t/n",)"
            R"("_SubscriptionId":"s1","SourceSystem":"RestAPI","_BilledSize":3,"TimeGenerated":"2026-01-02 11:00:00.0000000"})");
}

TEST(TypedRow, only_trusted_rows_name_their_resource) {
  RecordBatch batch;
  const std::string_view row = R"({"Host":"a","_ResourceId":"/x","SourceSystem":"S"})";
  EXPECT_THAT(typed(with_standard_columns(), row, batch), testing::Not(testing::HasSubstr("/x")));
  batch.rows_are_trusted = true;
  EXPECT_THAT(typed(with_standard_columns(), row, batch), testing::HasSubstr(R"("_ResourceId":"/x","SourceSystem":"S")"));
}

TEST(TypedRow, a_time_far_from_now_becomes_the_time_of_ingestion) {
  const TableSpec table = with_standard_columns();
  const std::pair<const char*, const char*> times[] = {
      {"\"2026-01-02T11:59:59Z\"", "2026-01-02 11:59:59.0000000"}, {"\"2025-12-31T12:00:00Z\"", "2025-12-31 12:00:00.0000000"},
      {"\"2025-12-31T11:59:59Z\"", "2026-01-02 12:00:00.0000000"}, {"\"2026-01-03T12:00:00Z\"", "2026-01-03 12:00:00.0000000"},
      {"\"2026-01-03T12:00:01Z\"", "2026-01-02 12:00:00.0000000"}, {"\"no time\"", "2026-01-02 12:00:00.0000000"},
      {"17", "2026-01-02 12:00:00.0000000"},                       {"\"0001-01-01\"", "2026-01-02 12:00:00.0000000"}};
  RowTyper typer(table, {}, kNow);
  for (const auto& [time, want] : times) {
    EXPECT_EQ(typer.type(std::string("{\"Host\":\"a\",\"TimeGenerated\":") + time + "}"), std::nullopt) << time;
    EXPECT_THAT(std::string(typer.line()), testing::EndsWith(std::string("\"TimeGenerated\":\"") + want + "\"}\n")) << time;
  }
  EXPECT_EQ(typer.counts().retimed_rows, 5u);
}

TEST(TypedRow, another_member_may_have_the_time) {
  RecordBatch batch;
  batch.time_member = "when";
  const TableSpec table = with_standard_columns();
  RowTyper typer(table, batch, kNow);
  EXPECT_EQ(typer.type(R"({"Host":"a","when":"2026-01-01T23:00:00Z"})"), std::nullopt);
  EXPECT_EQ(typer.day(), kql::parse_datetime("2026-01-01").value() / kql::kTicksPerDay);
  EXPECT_EQ(typer.counts().unknown_members, 0u);
}

}  // namespace
}  // namespace workspace
