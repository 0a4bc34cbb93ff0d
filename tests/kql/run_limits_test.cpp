// SPDX-License-Identifier: Apache-2.0
// What a query may take of the machine's memory.
#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>

#include "kql/run.hpp"

namespace {

constexpr std::string_view kManyRows = "range x from 1 to 1000000 step 1 | extend y = x + 1, z = x * 2 | serialize r = row_number() | summarize sum(r)";

base::Result<kql::QueryRows> run(std::string_view query, std::function<std::uint64_t()> memory_left) {
  kql::RunLimits limits;
  limits.memory_left = std::move(memory_left);
  return kql::run_query(query, {}, [](const kql::Relation&) -> base::Result<std::optional<kql::Rows>> { return std::nullopt; }, limits);
}

TEST(KqlRunLimits, a_query_of_many_values_ends_where_little_memory_is_left) {
  const auto answer = run(kManyRows, [] { return std::uint64_t{100} << 20; });
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, base::Kind::too_large);
  EXPECT_NE(answer.error().message.find("memory"), std::string::npos) << answer.error().message;
}

TEST(KqlRunLimits, a_small_query_is_answered_there) {
  EXPECT_TRUE(run("range x from 1 to 10000 step 1 | extend y = x + 1 | serialize r = row_number()", [] { return std::uint64_t{0}; }));
}

// Few values, but of ten million letters each.
TEST(KqlRunLimits, a_query_of_long_texts_ends_before_the_memory_does) {
  std::uint64_t left = std::uint64_t{1} << 30;
  const auto answer = run("range x from 1 to 1000 step 1 | extend s = strrep('abcdefghij', 1000000) | summarize max(strlen(s))", [&] { return left -= std::min(left, std::uint64_t{100} << 20); });
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, base::Kind::too_large);
}

TEST(KqlRunLimits, memory_is_looked_at_seldom) {
  int looks = 0;
  EXPECT_TRUE(run(kManyRows, [&] { return ++looks, std::uint64_t{1} << 40; }));
  EXPECT_GT(looks, 0);
  EXPECT_LT(looks, 1000);
}

}  // namespace
