// SPDX-License-Identifier: Apache-2.0
// The comparison itself: a case whose answer is another one must fail.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/json.hpp"
#include "kql/conformance/conformance.hpp"
#include "kql/run.hpp"

namespace {

base::Result<kql::Table> answer_alone(std::string_view query) {
  auto rows = TRY(kql::run_query(query, {}, [](const kql::Relation&) -> base::Result<std::optional<kql::Rows>> { return std::nullopt; }));
  return std::move(rows.answers.front().table);
}

// Of a printed case with one column x of one row.
bool case_passes(std::string_view query, std::string_view cell) {
  base::JsonObject json;
  json["id"] = "case";
  json["query"] = query;
  json["columns"] = base::JsonArray{"x"};
  json["rows"] = base::JsonArray{base::JsonArray{cell}};
  const auto outcome = kql::run_case(base::to_text(json), answer_alone);
  return outcome && outcome->status == kql::CaseOutcome::Status::passed;
}

TEST(Conformance, a_cell_is_compared_by_its_value) {
  EXPECT_TRUE(case_passes("print x = 1234", "1,234"));
  EXPECT_FALSE(case_passes("print x = 1234", "1,235"));
  EXPECT_TRUE(case_passes("print x = 14d", "14:00:00:00"));
  EXPECT_FALSE(case_passes("print x = 14d", "13:00:00:00"));
  EXPECT_TRUE(case_passes("print x = dynamic({'a': 1, 'b': [1, 2]})", R"({"b": [1, 2], "a": 1.0})"));
  EXPECT_FALSE(case_passes("print x = dynamic({'a': 1, 'b': [1, 2]})", R"({"b": [2, 1], "a": 1.0})"));
  EXPECT_FALSE(case_passes("print y = 1", "1"));
  EXPECT_FALSE(case_passes("range x from 1 to 2 step 1", "1"));
}

TEST(Conformance, what_a_page_leaves_out_is_not_compared_and_all_else_is) {
  EXPECT_TRUE(case_passes("print x = range(1, 9)", "[1,2, ..... ,9]"));
  EXPECT_TRUE(case_passes("print x = bag_pack('type', 'Point', 'coordinates', range(1, 9))", R"({"type": "Point", "coordinates": [ ... ]})"));
  EXPECT_FALSE(case_passes("print x = range(1, 9)", "[1,2,.....,8]"));
  EXPECT_FALSE(case_passes("print x = range(1, 9)", "[2,.....,9]"));
  EXPECT_FALSE(case_passes("print x = dynamic([1, 2])", "[1,2,...,1,2]"));
  EXPECT_FALSE(case_passes("print x = 'abc'", "a...c"));
}

}  // namespace
