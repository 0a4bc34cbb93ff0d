// SPDX-License-Identifier: Apache-2.0
#include "workspace/ingest/body_rows.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "workspace/ingest/ingest_limits.hpp"

namespace workspace {
namespace {

TEST(BodyRows, an_array_is_split_into_its_elements) {
  EXPECT_THAT(rows_of_json(" [ {\"a\":[1,{\"b\":\"]\"}]} ,5, \"x\" ] ").value(), testing::ElementsAre("{\"a\":[1,{\"b\":\"]\"}]}", "5", "\"x\""));
  EXPECT_THAT(rows_of_json("[]").value(), testing::IsEmpty());
  EXPECT_THAT(rows_of_json("\xef\xbb\xbf{\"a\":1}\n").value(), testing::ElementsAre("{\"a\":1}"));
}

TEST(BodyRows, a_body_that_is_no_json_has_no_rows) {
  for (const char* body : {"", "[", "[{}", "[{}}", "[{},]", "[{}] x", "{\"a\"}", "{\"a\":1,}", "[nul]", "{'a':1}", "[1 2]", "[-]", "[1.]", "[\"\x01\"]"}) {
    const auto rows = rows_of_json(body);
    ASSERT_FALSE(rows) << body;
    EXPECT_EQ(rows.error().kind, base::Kind::invalid_input) << body;
  }
}

TEST(BodyRows, depth_and_size_have_caps) {
  EXPECT_TRUE(rows_of_json(std::string(kDeepestJson, '[') + std::string(kDeepestJson, ']')));
  EXPECT_EQ(rows_of_json(std::string(kDeepestJson + 1, '[') + std::string(kDeepestJson + 1, ']')).error().kind, base::Kind::invalid_input);
  EXPECT_EQ(rows_of_json(std::string(1'000'000, '[')).error().kind, base::Kind::invalid_input);
  EXPECT_EQ(rows_of_json(std::string(kLargestBatch + 1, ' ')).error().kind, base::Kind::too_large);
  std::string many = "[0";
  for (std::size_t i = 0; i < kMostRowsOfBatch; ++i) many += ",0";
  EXPECT_EQ(rows_of_json(many + "]").error().kind, base::Kind::too_large);
}

TEST(BodyRows, every_line_is_a_row_whatever_it_holds) {
  EXPECT_THAT(rows_of_lines("{\"a\":1}\r\n\n  \nnonsense\n{\"b\":2}").value(), testing::ElementsAre("{\"a\":1}", "nonsense", "{\"b\":2}"));
}

}  // namespace
}  // namespace workspace
