// SPDX-License-Identifier: Apache-2.0
#include "kql/files/table_files.hpp"

#include <gtest/gtest.h>

namespace {

TEST(TableSchemas, read_types_as_other_systems_write_them) {
  const auto schemas = kql::read_schemas(
      "\"table_name\",\"column_name\",\"column_type\",\"description\"\n"
      "\"B\",\"Count\",\"BigInt\",\"\"\n"
      "\"A\",\"Name\",\"String\",\"of two\nlines\"\n"
      "\"A\",\"Share\",\"Double\",\"\"\n"
      "\"A\",\"Name\",\"int\",\"a second time\"\n"
      "\"A\",\"sample\",\"def\",\"no type of KQL\"\n"
      "\"A\",\"Id\",\"Guid\",\"\"\n",
      "tables.csv");
  ASSERT_TRUE(schemas) << schemas.error().message;
  ASSERT_EQ(schemas->tables.size(), 2u);
  EXPECT_EQ(schemas->passed_over, 1u);
  EXPECT_EQ(schemas->first_passed_over, "record 6 names no type of KQL");
  std::string columns;
  for (const model::ColumnSchema& column : schemas->tables.at(0).columns) columns += column.name + ":" + std::string(kql::type_name(column.type)) + " ";
  EXPECT_EQ(columns, "Name:string Share:real Id:guid ");
  EXPECT_EQ(schemas->tables.at(1).columns.at(0).type, kql::Type::int64);
}

TEST(TableSchemas, are_refused_without_their_header) {
  const auto headless = kql::read_schemas("A,a,long,\n", "tables.csv");
  ASSERT_FALSE(headless);
  EXPECT_NE(headless.error().message.find("the first line has to be"), std::string::npos) << headless.error().message;
}

}  // namespace
