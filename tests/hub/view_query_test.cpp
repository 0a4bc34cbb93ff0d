// SPDX-License-Identifier: Apache-2.0
#include "hub/view_query.hpp"

#include <gmock/gmock.h>

#include "base/text.hpp"

namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kRead = "Microsoft.ContainerRegistry/registries/read";

class ReadQuery : public testing::Test {
 protected:
  base::Result<security::Query> read(std::vector<std::pair<std::string, std::string>> parameters) {
    http_.query = std::move(parameters);
    const auto reader = std::make_shared<const arm::Role>(arm::Role{"r", "Reader", {{{"*/read"}, {}, {}, {}}}});
    const arm::Access access({{"/subscriptions/s/resourcegroups/a", "p", reader}}, {}, {"p"});
    const identity::Caller caller;
    return hub::read_query(hub::ApiCall{http_, caller, access, {}}, kRead);
  }

  net::ServerRequest http_;
};

TEST_F(ReadQuery, takes_the_scopes_that_the_caller_may_read) {
  EXPECT_THAT(read({})->scopes, ElementsAre("/subscriptions/s/resourcegroups/a"));
}

TEST_F(ReadQuery, takes_every_other_parameter_for_a_filter) {
  const auto query = read({{"top", "7"}, {"cursor", "abc"}, {"sort", "-counts"}, {"q", "zlib"}, {"format", "json"},
                           {"api-version", "2025-11-01"}, {"severity", "High,Critical"}, {"package", ""}});
  ASSERT_TRUE(query) << query.error().message;
  EXPECT_EQ(query->top, 7u);
  EXPECT_EQ(query->cursor, "abc");
  EXPECT_EQ(query->sort, "-severity") << "columns are called as their cells";
  EXPECT_EQ(query->q, "zlib");
  ASSERT_EQ(query->filters.size(), 1u) << "one without a value is none";
  EXPECT_THAT(query->filters.at("severity"), ElementsAre("High", "Critical"));
}

TEST_F(ReadQuery, names_the_columns_as_the_views_know_them) {
  EXPECT_EQ(read({{"sort", "score"}})->sort, "cvss");
  EXPECT_EQ(read({{"sort", "-registry"}})->sort, "-name");
  EXPECT_EQ(read({{"sort", "tags"}})->sort, "tags");
}

TEST_F(ReadQuery, refuses_a_top_that_is_no_number_of_rows) {
  for (const char* top : {"0", "-1", "1.5", "ten", "", "18446744073709551617", "1000000000"}) {
    const auto query = read({{"top", top}});
    ASSERT_FALSE(query) << top;
    EXPECT_THAT(query.error().message, HasSubstr("top must be a whole number from 1 to"));
  }
}

TEST_F(ReadQuery, takes_all_rows_for_csv) { EXPECT_EQ(read({{"format", "csv"}, {"top", "2"}})->top, security::kMostRows); }

std::string csv(const base::Json& cell) {
  const auto response = hub::csv_response("x", {"a"}, {base::JsonObject{{"a", cell}}});
  return std::string(base::cut(response.body, "\r\n").second);
}

TEST(Csv, quotes_as_rfc_4180) {
  const auto response = hub::csv_response("findings", {"id", "counts.high", "none"},
                                          {base::JsonObject{{"id", "a,b"}, {"counts", base::JsonObject{{"high", 3}}}},
                                           base::JsonObject{{"id", "say \"yes\"\nnow"}, {"counts", nullptr}}});
  EXPECT_EQ(response.body, "id,counts.high,none\r\n\"a,b\",3,\r\n\"say \"\"yes\"\"\nnow\",,\r\n");
  EXPECT_THAT(response.headers, testing::Contains(testing::Pair("Content-Disposition", "attachment; filename=\"findings.csv\"")));
}

TEST(Csv, writes_lists_and_flags_as_words) {
  EXPECT_EQ(csv(base::JsonArray{"1", "2"}), "1 2\r\n");
  EXPECT_EQ(csv(true), "true\r\n");
  EXPECT_EQ(csv(7.5), "7.5\r\n");
}

TEST(Csv, guards_what_a_spreadsheet_would_take_for_a_formula) {
  for (const char* cell : {"=1+1", "+1", "-1", "@SUM(A1)", "\tx", "@", "@/", "@scope/", "@/name", "@scope/name|calc", "@Scope/name", "@scope/name(1)",
                           "@a/.b", "@a/b c", "@a", "@a/b/c", "@a/b!A1"})
    EXPECT_THAT(csv(cell), testing::AnyOf(testing::StartsWith("'"), testing::StartsWith("\"'"))) << cell;
  EXPECT_EQ(csv(base::Json("@" + std::string(300, 'a') + "/b")).front(), '\'');
  EXPECT_EQ(csv(base::JsonArray{"=1", "2"}).front(), '\'');
}

TEST(Csv, leaves_scoped_npm_names_as_they_are) {
  for (const char* cell : {"@babel/core", "@types/node", "@a-b/c.d_e~f", "@1/2"}) EXPECT_EQ(csv(cell), std::string(cell) + "\r\n");
}

}  // namespace
