// SPDX-License-Identifier: Apache-2.0
#include "hub/logs/row_transform.hpp"

#include <gmock/gmock.h>

namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::vector<model::ColumnSchema> kColumns{{"n", model::ColumnType::int64, ""}, {"text", model::ColumnType::string, ""}};

TEST(RowTransform, gives_rows_of_its_query) {
  const std::vector<std::string_view> rows{R"({"n":1,"text":"a"})", R"({"n":2})", R"({"n":-1})"};
  const auto out = hub::transform_rows("source | where n > 0 | project twice = n * 2, text = toupper(text)", kColumns, rows);
  ASSERT_TRUE(out) << out.error().message;
  EXPECT_THAT(out->rows, ElementsAre(R"({"twice":2,"text":"A"})", R"({"twice":4,"text":""})"));
  EXPECT_EQ(out->refused, 0u);
}

TEST(RowTransform, refuses_a_bad_row_and_not_its_batch) {
  const std::vector<std::string_view> rows{"5", R"({"n":"many"})", R"({"n":3})", R"({"other":1})", R"({"n":1.5})"};
  const auto out = hub::transform_rows("source | project n", kColumns, rows);
  ASSERT_TRUE(out) << out.error().message;
  EXPECT_THAT(out->rows, ElementsAre(R"({"n":3})"));
  EXPECT_EQ(out->refused, 4u);
  ASSERT_EQ(out->refusals.size(), 4u);
  EXPECT_EQ(out->refusals[1].index, 1u);
  EXPECT_THAT(out->refusals[1].reason, HasSubstr("\"many\" is no long"));
}

TEST(RowTransform, reads_a_row_as_a_table_would) {
  const std::vector<std::string_view> rows{R"({"text":"half \ud800 of a pair"})", R"({"n":1,"n":2,"text":"\ud83d\ude00"})", R"({"other":"\udc00","text":"\"\\ud800"})"};
  const auto out = hub::transform_rows("source | project n, text", kColumns, rows);
  ASSERT_TRUE(out) << out.error().message;
  EXPECT_THAT(out->rows, ElementsAre("{\"text\":\"half \uFFFD of a pair\"}", "{\"n\":1,\"text\":\"\U0001F600\"}", R"({"text":"\"\\ud800"})"));
}

TEST(RowTransform, writes_the_numbers_of_a_dynamic_as_queries_do) {
  const std::vector<model::ColumnSchema> columns{{"bag", model::ColumnType::dynamic, ""}};
  const std::vector<std::string_view> rows{R"({"bag":{"share":1.10,"of":[2.0,3]}})"};
  const auto out = hub::transform_rows("source | where true", columns, rows);
  ASSERT_TRUE(out) << out.error().message;
  EXPECT_THAT(out->rows, ElementsAre(R"({"bag":{"share":1.1,"of":[2.0,3]}})"));
}

}  // namespace
