// SPDX-License-Identifier: Apache-2.0
#include "kql/time.hpp"

#include <gtest/gtest.h>

namespace {

std::string datetime_of(std::string_view text) {
  const auto ticks = kql::parse_datetime(text);
  return ticks ? kql::format_datetime(*ticks) : "nothing";
}

std::string timespan_of(std::string_view text) {
  const auto ticks = kql::parse_timespan(text);
  return ticks ? kql::format_timespan(*ticks) : "nothing";
}

TEST(KqlDatetime, reads_and_prints_ticks) {
  EXPECT_EQ(kql::parse_datetime("0001-01-01"), 0);
  EXPECT_EQ(datetime_of("2021-03-04T05:06:07.1234567Z"), "2021-03-04T05:06:07.1234567Z");
  EXPECT_EQ(datetime_of("2021-03-04 05:06"), "2021-03-04T05:06:00.0000000Z");
  EXPECT_EQ(datetime_of("2021-03"), "2021-03-01T00:00:00.0000000Z");
  EXPECT_EQ(datetime_of("2020-02-29T23:30:00-01:00"), "2020-03-01T00:30:00.0000000Z");
  EXPECT_EQ(datetime_of("9999-12-31T23:59:59.9999999Z"), "9999-12-31T23:59:59.9999999Z");
  EXPECT_EQ(datetime_of("Sat, 8 Nov 14 15:05:02 GMT"), "2014-11-08T15:05:02.0000000Z");
  EXPECT_EQ(datetime_of("2021, 3, 4 05:06"), "2021-03-04T05:06:00.0000000Z");
  EXPECT_EQ(datetime_of("2021-02-29"), "nothing");
  EXPECT_EQ(datetime_of("0001-01-01T00:00:00+01:00"), "nothing");
  EXPECT_EQ(datetime_of("x"), "nothing");
}

TEST(KqlTimespan, reads_and_prints_ticks) {
  EXPECT_EQ(timespan_of("1.02:03:04.5"), "1.02:03:04.5000000");
  EXPECT_EQ(timespan_of("02:03"), "02:03:00");
  EXPECT_EQ(timespan_of("3"), "3.00:00:00");
  EXPECT_EQ(timespan_of("-1.5h"), "-01:30:00");
  EXPECT_EQ(timespan_of("10 minutes"), "00:10:00");
  EXPECT_EQ(timespan_of("99999999999999999d"), "nothing");
  EXPECT_EQ(kql::format_timespan(INT64_MIN), "-10675199.02:48:05.4775808");
}

TEST(KqlGuid, reads_its_forms) {
  EXPECT_EQ(kql::parse_guid("{74BE27DE-1e4e-49d9-b579-fe0b331d3642}"), "74be27de-1e4e-49d9-b579-fe0b331d3642");
  EXPECT_EQ(kql::parse_guid("74be27de1e4e49d9b579fe0b331d3642"), "74be27de-1e4e-49d9-b579-fe0b331d3642");
  EXPECT_EQ(kql::parse_guid("74be27de-1e4e-49d9-b579"), std::nullopt);
}

}  // namespace
