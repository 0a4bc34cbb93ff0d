// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "providers/operational_insights/table_schemas.hpp"

namespace {

using testing::HasSubstr;

const workspace::TableSpecs& specs() {
  static const auto loaded = workspace::TableSpecs::load();
  return *loaded;
}

base::Result<workspace::TableSpec> table_of(std::string_view name, const std::string& columns) {
  return providers::custom_table_of(name, *base::parse_json(R"({"schema": {"columns": )" + columns + "}}", "properties"), specs());
}

std::string fault_of(std::string_view name, const std::string& columns) {
  const auto table = table_of(name, columns);
  EXPECT_FALSE(table) << name << columns;
  return table ? "" : table.error().message;
}

const std::string kTime = R"({"name": "TimeGenerated", "type": "dateTime"})";

TEST(CustomTable, has_its_columns_and_those_of_every_table) {
  const auto table = table_of("Orders_CL", "[" + kTime + R"(, {"name": "Count", "type": "int"}, {"name": "Paid", "type": "boolean", "description": "Whether it was paid."}])");
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_EQ(table->schema.find("Count")->type, model::ColumnType::int32);
  EXPECT_EQ(table->schema.find("Paid")->type, model::ColumnType::boolean);
  EXPECT_EQ(table->schema.columns.size(), 2 + specs().standard_columns().size());
  EXPECT_EQ(table->sort_key, std::vector<std::string>{"TimeGenerated"});
  const auto json = providers::schema_json(*table, specs());
  EXPECT_EQ(json.at("tableType"), "CustomLog");
  EXPECT_EQ(json.at("columns").as_array().size(), 3u);
  const auto again = providers::custom_table_of("Orders_CL", base::JsonObject{{"schema", json}}, specs());
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->schema.columns.size(), table->schema.columns.size());
}

TEST(CustomTable, says_what_is_wrong) {
  EXPECT_THAT(fault_of("Orders", "[" + kTime + "]"), HasSubstr("_CL"));
  EXPECT_THAT(fault_of("_CL", "[" + kTime + "]"), HasSubstr("_CL"));
  EXPECT_THAT(fault_of("Or-ders_CL", "[" + kTime + "]"), HasSubstr("_CL"));
  EXPECT_THAT(fault_of("Orders_CL", "[]"), HasSubstr("properties.schema.columns"));
  EXPECT_THAT(fault_of("Orders_CL", R"([{"name": "A", "type": "int"}])"), HasSubstr("TimeGenerated"));
  EXPECT_THAT(fault_of("Orders_CL", R"([{"name": "TimeGenerated", "type": "string"}])"), HasSubstr("of type dateTime"));
  EXPECT_THAT(fault_of("Orders_CL", "[" + kTime + R"(, {"name": "a b", "type": "int"}])"), HasSubstr("columns[1].name"));
  EXPECT_THAT(fault_of("Orders_CL", "[" + kTime + R"(, {"name": "A", "type": "money"}])"), HasSubstr("columns[1].type"));
  EXPECT_THAT(fault_of("Orders_CL", "[" + kTime + R"(, {"name": "A", "type": "int"}, {"name": "A", "type": "int"}])"), HasSubstr("twice"));
}

TEST(CustomTable, a_column_keeps_its_type_and_others_come) {
  const auto before = table_of("Orders_CL", "[" + kTime + R"(, {"name": "A", "type": "int"}])");
  const auto other = table_of("Orders_CL", "[" + kTime + R"(, {"name": "A", "type": "string"}])");
  const auto more = table_of("Orders_CL", "[" + kTime + R"(, {"name": "B", "type": "string"}])");
  const auto checked = providers::check_types_stay(*before, *other);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().kind, base::Kind::conflict);
  EXPECT_THAT(checked.error().message, HasSubstr("A of Orders_CL is of type int"));
  EXPECT_TRUE(providers::check_types_stay(*before, *more));
  auto both = *before;
  providers::add_columns_of(both, *more);
  EXPECT_NE(both.schema.find("A"), nullptr);
  EXPECT_NE(both.schema.find("B"), nullptr);
}

TEST(BuiltinTable, is_shown_as_microsofts) {
  const auto json = providers::schema_json(*specs().find("Syslog"), specs());
  EXPECT_EQ(json.at("tableType"), "Microsoft");
  EXPECT_EQ(json.at("name"), "Syslog");
  EXPECT_GT(json.at("columns").as_array().size(), 5u);
}

}  // namespace
