// SPDX-License-Identifier: Apache-2.0
// Small tables of awkward values, stored in an engine the way records are, and the same rows in memory.
#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

#include "dice.hpp"
#include "kql/time.hpp"
#include "kql/value.hpp"
#include "workspace/ddl.hpp"
#include "workspace/ingest/typed_row.hpp"

namespace workspace_test {

struct RandomTable {
  workspace::TableSpec spec;
  kql::Rows rows;     // of spec.schema, in no order
  std::string lines;  // the same for RowBatch
};

// The day that all rows are of.
inline const std::int64_t kNow = kql::parse_datetime("2026-10-02T00:00:00Z").value();

// Values of a column as JSON; "" is none. Some values stand in several columns, so that joins meet.
inline const std::vector<std::string>& cells_of(std::string_view column) {
  static const std::vector<std::string> kBools{"true", "false", ""};
  static const std::vector<std::string> kInts{"0", "1", "-1", "2", "7", "-3", "42", "2147483647", "-2147483648", ""};
  static const std::vector<std::string> kLongs{"0", "1", "-1", "2", "3", "10", "42", "-7", "9223372036854775807", "-9223372036854775808", "9007199254740993", ""};
  static const std::vector<std::string> kSmallReals{"0.0", "1.0", "-1.5", "0.25", "2.0", "100.5", "-7.75", ""};
  static const std::vector<std::string> kReals{"0.0", "-0.0", "0.1", "1e10", "1.5e-7", "1e300", "-1e300", "1e-300", "\"NaN\"", "\"Infinity\"", "\"-Infinity\"", "123456789.125", ""};
  static const std::vector<std::string> kTimes{R"("2026-10-01T00:00:00Z")",         R"("2026-10-01T23:59:59.9999999Z")", R"("1969-12-31T23:59:59.9999999Z")",
                                               R"("1900-01-01T00:00:00Z")",         R"("2299-12-30T23:59:59.9999999Z")", R"("2024-02-29T12:30:00.1234567Z")",
                                               R"("1970-01-01T00:00:00.0000001Z")", R"("2026-10-01T10:15:30Z")",         ""};
  static const std::vector<std::string> kSpans{R"("00:00:00")", R"("00:00:01")",  R"("-1.00:00:00")", R"("1.02:03:04.0000005")", R"("7.00:00:00")",
                                               R"("01:00:00")", R"("00:00:00.0000001")", R"("10675199.02:48:05.4775807")", ""};
  static const std::vector<std::string> kGuids{R"("11111111-2222-3333-4444-555555555555")", R"("ffffffff-0000-0000-0000-000000000001")",
                                               R"("00000000-0000-0000-0000-000000000000")", ""};
  static const std::vector<std::string> kDecimals{R"("0")", R"("1.5")", R"("-2.25")", R"("1234567890.0000000001")", ""};
  static const std::vector<std::string> kWords{R"("a")", R"("A")", R"("b")", R"("alpha")", R"("Alpha")", R"("ALPHA_beta")", R"("42")", R"("-7")", R"("3.5")", R"("true")", R"("é")", ""};
  static const std::vector<std::string> kTexts{
      R"("alpha beta gamma")", R"("Alpha_Beta")", R"("user=42 ip=10.0.0.1 took 12.5 ms")", R"("user=-7 ip=10.0.0.10 took x ms")", R"("Straße CAFÉ École")", R"("İstanbul ıI Kelvin \u212a")",
      R"("42")", R"(" 42 ")", R"("1e3")", R"("0x1F")", R"("NaN")", R"("2026-10-01T00:00:00Z")", R"("2024-02-30")", R"("1.02:03:04")", R"("{\"a\":1,\"b\":[1,2.0]}")", R"("[1,2,3]")",
      R"("it's \\ \"q\" `b` -- /* */ ;")", R"("tab\tline\nfeed")", R"("日本語 テキスト 😀")", R"("nul\u0000byte")", R"("a,b,,c")", R"("10.0.0.1:80 docker kill")", R"("aaa aa a")",
      R"("11111111-2222-3333-4444-555555555555")", R"("True")", R"("  ")", R"("9223372036854775808")", ""};
  static const std::vector<std::string> kDynamics{
      "1", "2.5", "2.0", "-7", "true", R"("text")", R"("42")", "[]", "{}", "[1,2,3]", R"([1,"a",null,{"k":1},[2]])", R"({"a":1,"b":{"c":[1,2,"x"]},"k":"v"})", R"({"a":"10.0.0.1","b":null})",
      R"({"a":2.0,"b":1E+20})", R"([1.0,2.5,300.0])", R"({"k":"ü\n\"q\"","a":"Alpha beta"})", R"({"a":true,"b":[true,false]})", "9223372036854775807", "18446744073709551615",
      R"({"a":"2026-10-01T00:00:00Z","b":"01:00:00"})", R"({ "a" : [ 1 , 2 ] , "k" : "\u0041" })", R"(["b","a","b"])", R"({"a b":1,"":2,"a'b":3})", ""};
  static const std::vector<std::pair<std::string_view, const std::vector<std::string>*>> kPools{
      {"b", &kBools}, {"i", &kInts}, {"l", &kLongs}, {"r", &kSmallReals}, {"x", &kReals}, {"t", &kTimes}, {"p", &kSpans}, {"g", &kGuids}, {"c", &kDecimals}, {"s", &kWords}, {"m", &kTexts}, {"d", &kDynamics}};
  static const std::vector<std::string> kNone;
  for (const auto& [name, pool] : kPools)
    if (name == column) return *pool;
  return kNone;
}

inline workspace::TableSpec spec_of_random_table(const std::string& name, bool wide) {
  using Type = model::ColumnType;
  workspace::TableSpec out;
  out.schema.name = name;
  out.schema.columns = {{"TimeGenerated", Type::datetime, ""}, {"id", Type::int64, ""}, {"s", Type::string, ""}, {"l", Type::int64, ""},
                        {"i", Type::int32, ""},                {"d", Type::dynamic, ""}, {"r", Type::real, ""}};
  if (wide)
    for (const model::ColumnSchema& column : std::vector<model::ColumnSchema>{{"b", Type::boolean, ""}, {"x", Type::real, ""}, {"t", Type::datetime, ""}, {"p", Type::timespan, ""},
                                                                             {"g", Type::guid, ""}, {"c", Type::decimal, ""}, {"m", Type::string, ""}})
      out.schema.columns.push_back(column);
  out.low_cardinality = {"s"};
  if (wide) out.text_index = {"m", "d"};
  out.sort_key = {"s", "TimeGenerated"};
  out.retention_days = workspace::kLongestRetentionDays;
  return out;
}

inline kql::Value value_of_cell(const std::string& json, kql::Type type) {
  return json.empty() ? kql::missing(type) : kql::from_json(base::parse_json(json, "a cell").value(), type);
}

inline RandomTable make_random_table(Dice& dice, const std::string& name, bool wide, std::size_t rows) {
  RandomTable out;
  out.spec = spec_of_random_table(name, wide);
  workspace::RecordBatch batch;
  batch.workspace = "11111111-2222-3333-4444-555555555555";
  batch.table = name;
  workspace::RowTyper typer(out.spec, batch, kNow);
  for (std::size_t n = 0; n < rows; ++n) {
    const std::string time = kql::format_datetime(kNow - static_cast<std::int64_t>(n) * 600 * kql::kTicksPerSecond);
    std::string json = fmt::format(R"({{"TimeGenerated":"{}","id":{})", time, n);
    kql::Row row{kql::Value::integer(*kql::parse_datetime(time)), kql::Value::integer(static_cast<std::int64_t>(n))};
    for (std::size_t i = row.size(); i < out.spec.schema.columns.size(); ++i) {
      const model::ColumnSchema& column = out.spec.schema.columns[i];
      const std::string& cell = dice.of(cells_of(column.name));
      if (!cell.empty()) json += fmt::format(",\"{}\":{}", column.name, cell);
      row.push_back(value_of_cell(cell, column.type));
    }
    if (const auto fault = typer.type(json + "}")) throw std::runtime_error(*fault + ": " + json);
    out.lines += typer.line();
    out.rows.push_back(std::move(row));
  }
  return out;
}

}  // namespace workspace_test
