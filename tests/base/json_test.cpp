// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <limits>

#include "base/json.hpp"

namespace base {

TEST(Json, writes_reals_as_people_do_and_reads_them_back) {
  EXPECT_EQ(to_text(JsonArray{1.5, 2.0, -0.5, 1e300, 0.1, 1e-7, -0.0}), "[1.5,2.0,-0.5,1e+300,0.1,1e-07,-0.0]");
  EXPECT_EQ(to_text(JsonObject{{"a", JsonArray{1, JsonObject{{"b\"", 0.25}}}}, {"c", JsonArray{}}, {"d", nullptr}}), R"({"a":[1,{"b\"":0.25}],"c":[],"d":null})");
  EXPECT_EQ(to_pretty_text(JsonObject{{"a", 1.5}}), "{\n  \"a\": 1.5\n}\n");
  for (const double real : {1.0 / 3, 5e-324, std::numeric_limits<double>::max(), 123456789012345680.0}) {
    const auto read = parse_json(to_text(Json(real)), "a number");
    ASSERT_TRUE(read);
    EXPECT_TRUE(read->is_double() && read->get_double() == real) << to_text(Json(real));
  }
}

TEST(Json, has_no_number_that_is_not_finite) {
  EXPECT_EQ(to_text(JsonArray{std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(), 1.5}), "[null,null,1.5]");
}

}  // namespace base
