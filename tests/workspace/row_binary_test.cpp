// SPDX-License-Identifier: Apache-2.0
#include "workspace/row_binary.hpp"

#include <gtest/gtest.h>

#include "workspace/clickhouse_error.hpp"
#include "workspace/clickhouse_type.hpp"

namespace workspace {
namespace {

using namespace std::string_literals;

std::string text_field(const std::string& text) { return static_cast<char>(text.size()) + text; }

// One column of a type, and the bytes of its values.
base::Result<model::ValueTable> read_column(const std::string& type, const std::string& values) {
  return read_row_binary("\x01"s + text_field("c") + text_field(type) + values);
}

TEST(RowBinary, reads_values_at_their_limits) {
  auto table = read_column("Int64", "\xff\xff\xff\xff\xff\xff\xff\x7f"s + "\0\0\0\0\0\0\0\x80"s);
  ASSERT_TRUE(table);
  EXPECT_EQ(table->columns[0].integer(0), INT64_MAX);
  EXPECT_EQ(table->columns[0].integer(1), INT64_MIN);
  table = read_column("Decimal(38, 2)", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"s + std::string(16, '\0'));
  ASSERT_TRUE(table);
  EXPECT_EQ(table->columns[0].text(0), "-0.01");
  EXPECT_EQ(table->columns[0].text(1), "0.00");
  table = read_column("Decimal(9, 0)", "\x2a\0\0\0"s);
  ASSERT_TRUE(table);
  EXPECT_EQ(table->columns[0].text(0), "42");
  table = read_column("DateTime64(9, 'UTC')", "\xff\xff\xff\xff\xff\xff\xff\xff"s);  // a nanosecond before 1970: floored to a tick
  ASSERT_TRUE(table);
  EXPECT_EQ(table->columns[0].integer(0), model::kTicksAtUnixEpoch - 1);
}

TEST(RowBinary, keeps_nulls_apart_from_empty_values) {
  const auto table = read_column("LowCardinality(Nullable(String))", "\x01\0\0\0\x01x"s);
  ASSERT_TRUE(table) << table.error().message;
  const model::Column& column = table->columns[0];
  ASSERT_EQ(column.rows(), 3u);
  EXPECT_TRUE(column.is_null(0));
  EXPECT_FALSE(column.is_null(1));
  EXPECT_EQ(column.text(1), "");
  EXPECT_EQ(column.text(2), "x");
}

TEST(RowBinary, an_answer_cut_short_anywhere_is_corrupt) {
  const std::string whole = "\x02"s + text_field("n") + text_field("s") + text_field("Nullable(Int32)") + text_field("String") +
                            "\0\x07\0\0\0\x03"s + "abc";
  ASSERT_TRUE(read_row_binary(whole));
  const std::size_t head = whole.size() - 9;  // a head without rows is whole
  for (std::size_t length = 0; length < whole.size(); ++length) {
    if (length == head) continue;
    const auto cut = read_row_binary(std::string_view(whole).substr(0, length));
    ASSERT_FALSE(cut) << length;
    EXPECT_TRUE(cut.error().kind == base::Kind::corrupt || cut.error().kind == base::Kind::unsupported) << length;
  }
}

TEST(RowBinary, lengths_that_lie_are_corrupt) {
  EXPECT_FALSE(read_column("String", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"s));
  EXPECT_FALSE(read_column("String", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"s));
  EXPECT_FALSE(read_row_binary("\xff\xff\xff\xff\x0f"));
}

TEST(ClickHouseType, what_is_no_scalar_is_refused) {
  for (const char* name : {"Array(String)", "Tuple(a Int8)", "Map(String, String)", "JSON", "Enum8('a' = 1)", "FixedString(0)", "FixedString(x)",
                           "Nothing", "DateTime64(12)", "Decimal(76, 3)", "Decimal(3, 5)", "Nullable(", "", "LowCardinality()"})
    EXPECT_FALSE(parse_clickhouse_type(name)) << name;
}

TEST(ClickHouseError, reads_code_name_and_kind) {
  const base::Error error = clickhouse_error("Code: 241. DB::Exception: Query memory limit exceeded: (attempt). (MEMORY_LIMIT_EXCEEDED) (version 26.5.1.1)");
  EXPECT_EQ(error.message.find("ClickHouse error 241 (MEMORY_LIMIT_EXCEEDED): Query memory limit"), 0u) << error.message;
  EXPECT_EQ(error.kind, base::Kind::too_large);
  EXPECT_EQ(clickhouse_code(error.with_context("asking")), ClickHouseCode::memory_limit_exceeded);
  EXPECT_EQ(clickhouse_code({base::Kind::internal, "something else"}), ClickHouseCode::none);
  EXPECT_EQ(clickhouse_error("no form at all").message, "ClickHouse error 0 (UNKNOWN): no form at all");
}

}  // namespace
}  // namespace workspace
