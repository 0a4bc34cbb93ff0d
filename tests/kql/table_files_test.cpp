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
  ASSERT_EQ(schemas->size(), 2u);
  std::string columns;
  for (const model::ColumnSchema& column : schemas->at(0).columns) columns += column.name + ":" + std::string(kql::type_name(column.type)) + " ";
  EXPECT_EQ(columns, "Name:string Share:real Id:guid ");
  EXPECT_EQ(schemas->at(1).columns.at(0).type, kql::Type::int64);
}

TEST(TableSchemas, are_refused_with_the_record) {
  const auto headless = kql::read_schemas("A,a,long,\n", "tables.csv");
  ASSERT_FALSE(headless);
  EXPECT_NE(headless.error().message.find("the first line has to be"), std::string::npos) << headless.error().message;
  const auto shorter = kql::read_schemas("table_name,column_name,column_type,description\nA,a,long,\nA,b\n", "tables.csv");
  ASSERT_FALSE(shorter);
  EXPECT_NE(shorter.error().message.find("record 3 has 2 fields"), std::string::npos) << shorter.error().message;
}

}  // namespace
