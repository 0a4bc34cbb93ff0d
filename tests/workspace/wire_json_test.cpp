// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "base/compress.hpp"
#include "base/gzip_writer.hpp"
#include "base/json.hpp"
#include "workspace/timespan.hpp"
#include "workspace/wire_json.hpp"

namespace {

using model::Column;
using model::ColumnType;

std::string written(const model::ValueTable& table) {
  std::string out;
  const auto done = workspace::write_wire_table("PrimaryResult", table, [&](std::string_view piece) -> base::Result<void> {
    out += piece;
    return {};
  });
  EXPECT_TRUE(done);
  return out;
}

// What a column of one value writes for it.
template <typename Value>
std::string cell(ColumnType type, Value value) {
  model::ValueTable table;
  table.columns.emplace_back("c", type);
  table.columns[0].append(value);
  const std::string out = written(table);
  const auto begin = out.find("\"rows\":[[") + 9;
  return out.substr(begin, out.size() - begin - 3);
}

std::string text_cell(std::string_view text) { return cell(ColumnType::string, text); }

std::int64_t ticks_of(std::string_view text) {
  const auto ticks = workspace::parse_ticks(text);
  EXPECT_TRUE(ticks) << text;
  return ticks.value_or(0);
}

TEST(WireJson, has_names_types_and_rows) {
  model::ValueTable table;
  table.columns.emplace_back("Category", ColumnType::string);
  table.columns.emplace_back("count_", ColumnType::int64);
  table.columns[0].append(std::string_view("Administrative"));
  table.columns[1].append(std::int64_t{20839});
  table.columns[0].append(std::string_view("Alert"));
  table.columns[1].append_null();
  EXPECT_EQ(written(table),
            R"({"name":"PrimaryResult","columns":[{"name":"Category","type":"string"},{"name":"count_","type":"long"}],)"
            R"("rows":[["Administrative",20839],["Alert",null]]})");
}

TEST(WireJson, an_empty_answer_has_its_columns) {
  model::ValueTable table;
  table.columns.emplace_back("a\"b", ColumnType::dynamic);
  EXPECT_EQ(written(table), R"({"name":"PrimaryResult","columns":[{"name":"a\"b","type":"dynamic"}],"rows":[]})");
}

TEST(WireJson, writes_each_type_as_the_service_does) {
  EXPECT_EQ(cell(ColumnType::boolean, std::int64_t{1}), "true");
  EXPECT_EQ(cell(ColumnType::int32, std::int64_t{-7}), "-7");
  EXPECT_EQ(cell(ColumnType::int64, std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
  EXPECT_EQ(cell(ColumnType::guid, std::string_view("74be27de-1e4e-49d9-b579-fe0b331d3642")), "\"74be27de-1e4e-49d9-b579-fe0b331d3642\"");
  EXPECT_EQ(cell(ColumnType::decimal, std::string_view("1.50")), "\"1.50\"");
  EXPECT_EQ(cell(ColumnType::dynamic, std::string_view(R"({"a":[1]})")), R"("{\"a\":[1]}")");
}

TEST(WireJson, a_real_that_is_no_number_is_a_text) {
  EXPECT_EQ(cell(ColumnType::real, 1.5), "1.5");
  EXPECT_EQ(cell(ColumnType::real, 3.0), "3.0");
  EXPECT_EQ(cell(ColumnType::real, 1e300), "1e+300");
  EXPECT_EQ(cell(ColumnType::real, std::nan("")), "\"NaN\"");
  EXPECT_EQ(cell(ColumnType::real, std::numeric_limits<double>::infinity()), "\"Infinity\"");
  EXPECT_EQ(cell(ColumnType::real, -std::numeric_limits<double>::infinity()), "\"-Infinity\"");
}

TEST(WireJson, times_have_the_digits_that_count) {
  EXPECT_EQ(cell(ColumnType::datetime, ticks_of("2026-11-29T01:02:03.1234567Z")), "\"2026-11-29T01:02:03.1234567Z\"");
  EXPECT_EQ(cell(ColumnType::datetime, ticks_of("2026-11-29T01:02:03.500Z")), "\"2026-11-29T01:02:03.5Z\"");
  EXPECT_EQ(cell(ColumnType::datetime, ticks_of("1969-12-31T23:59:59.25Z")), "\"1969-12-31T23:59:59.25Z\"");
  EXPECT_EQ(cell(ColumnType::datetime, std::int64_t{0}), "\"0001-01-01T00:00:00Z\"");
  EXPECT_EQ(cell(ColumnType::datetime, std::numeric_limits<std::int64_t>::max()), "\"9999-12-31T23:59:59.9999999Z\"");
  EXPECT_EQ(cell(ColumnType::timespan, std::int64_t{10'000'000} * (86'400 + 7384) + 5'000'000), "\"1.02:03:04.5000000\"");
  EXPECT_EQ(cell(ColumnType::timespan, std::int64_t{-600'000'000}), "\"-00:01:00\"");
  EXPECT_EQ(cell(ColumnType::timespan, std::numeric_limits<std::int64_t>::min()), "\"-10675199.02:48:05.4775808\"");
}

TEST(WireJson, texts_are_escaped_and_always_utf8) {
  EXPECT_EQ(text_cell("plain text of more than eight bytes"), "\"plain text of more than eight bytes\"");
  EXPECT_EQ(text_cell("say \"hi\"\\\n\r\t\x01"), R"("say \"hi\"\\\n\r\t\u0001")");
  EXPECT_EQ(text_cell("grüße 漢字 😀"), "\"grüße 漢字 😀\"");
  const std::string bad = "\xEF\xBF\xBD";
  EXPECT_EQ(text_cell("a\xFF" "b"), "\"a" + bad + "b\"");
  EXPECT_EQ(text_cell("\xC0\xAF"), "\"" + bad + bad + "\"");               // overlong
  EXPECT_EQ(text_cell("\xED\xA0\x80"), "\"" + bad + bad + bad + "\"");     // a surrogate
  EXPECT_EQ(text_cell("\xF4\x90\x80\x80"), "\"" + bad + bad + bad + bad + "\"");  // past U+10FFFF
  EXPECT_EQ(text_cell("cut \xE6\xBC"), "\"cut " + bad + bad + "\"");
}

// Every byte at every place of a word: the quick way over plain bytes must not pass one that is not.
TEST(WireJson, no_byte_slips_through_at_any_place) {
  for (int byte = 0; byte < 128; ++byte) {
    for (std::size_t place = 0; place < 17; ++place) {
      std::string text(17, 'x');
      text[place] = static_cast<char>(byte);
      const auto read = base::parse_json(text_cell(text), "cell");
      ASSERT_TRUE(read) << byte << " at " << place;
      EXPECT_EQ(base::as_string(*read), text);
    }
  }
}

TEST(WireJson, many_rows_come_in_pieces_and_a_failing_sink_ends_it) {
  model::ValueTable table;
  table.columns.emplace_back("c", ColumnType::string);
  for (int i = 0; i < 10'000; ++i) table.columns[0].append(std::string_view("0123456789abcdef0123456789abcdef"));
  std::size_t pieces = 0, largest = 0;
  const auto count = [&](std::string_view piece) -> base::Result<void> {
    ++pieces;
    largest = std::max(largest, piece.size());
    return {};
  };
  ASSERT_TRUE(workspace::write_wire_table("t", table, count));
  EXPECT_GE(pieces, 5u);
  EXPECT_LT(largest, 128u << 10);
  const auto stopped = workspace::write_wire_table("t", table, [](std::string_view) -> base::Result<void> { return base::fail(base::Kind::cancelled, "enough"); });
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().kind, base::Kind::cancelled);
}

TEST(GzipWriter, is_read_back) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += std::to_string(i * 7919) + ',';
  base::GzipWriter writer;
  for (std::size_t at = 0; at < text.size(); at += 1000) writer.write(std::string_view(text).substr(at, 1000));
  const std::string packed = writer.finish();
  EXPECT_LT(packed.size(), text.size() * 2 / 3);
  EXPECT_EQ(*base::decompress_whole(packed, text.size(), "test"), text);
  EXPECT_EQ(*base::decompress_whole(base::GzipWriter().finish(), 10, "test"), "");
}

TEST(Timespan, takes_each_form) {
  const std::int64_t now = ticks_of("2026-11-29T12:00:00Z");
  const auto range = [&](std::string_view text) {
    const auto parsed = workspace::parse_timespan(text, now);
    EXPECT_TRUE(parsed) << text;
    std::string out;
    workspace::append_datetime(parsed->begin, out);
    out += ' ';
    workspace::append_datetime(parsed->end, out);
    return out;
  };
  EXPECT_EQ(range("PT12H"), "2026-11-29T00:00:00Z 2026-11-29T12:00:00Z");
  EXPECT_EQ(range("P1DT30M"), "2026-11-28T11:30:00Z 2026-11-29T12:00:00Z");
  EXPECT_EQ(range("P2W"), "2026-11-15T12:00:00Z 2026-11-29T12:00:00Z");
  EXPECT_EQ(range("p1d"), "2026-11-28T12:00:00Z 2026-11-29T12:00:00Z");
  EXPECT_EQ(range("PT0.5S"), "2026-11-29T11:59:59.5Z 2026-11-29T12:00:00Z");
  EXPECT_EQ(range("P9999Y"), "0001-01-01T00:00:00Z 2026-11-29T12:00:00Z");
  EXPECT_EQ(range("2026-11-01T00:00:00Z/2026-11-02T00:00:00.1234567Z"), "2026-11-01T00:00:00Z 2026-11-02T00:00:00.1234567Z");
  EXPECT_EQ(range("2026-11-01T00:00:00+02:00/PT1H"), "2026-10-31T22:00:00Z 2026-10-31T23:00:00Z");
  EXPECT_EQ(range("P1D/2026-11-02"), "2026-11-01T00:00:00Z 2026-11-02T00:00:00Z");
}

TEST(Timespan, refuses_what_is_none) {
  for (const std::string_view text : {"", "P", "PT", "12H", "P1H", "PT1D", "PT1H1H", "P1D2Y", "PT1", "PTH", "P-1D", "P1D/P1D", "now/PT1H", "2026-11-02/2026-11-01", "2026-11-01/", "/",
                                      "P1e99D", "P99999999999999999999Y", "2026-13-01/PT1H"}) {
    const auto parsed = workspace::parse_timespan(text, 0);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().kind, base::Kind::invalid_input);
  }
}

}  // namespace
