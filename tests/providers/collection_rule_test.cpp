// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "providers/insights/collection_rule.hpp"

namespace {

using testing::HasSubstr;

constexpr std::string_view kRule = R"({
  "immutableId": "dcr-1",
  "streamDeclarations": {"Custom-Orders": {"columns": [{"name": "TimeGenerated", "type": "datetime"}, {"name": "Count", "type": "int"}]}},
  "destinations": {"logAnalytics": [{"name": "la", "workspaceResourceId": "/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/w"}]},
  "dataFlows": [{"streams": ["Custom-Orders"], "destinations": ["la"], "transformKql": "source", "outputStream": "Custom-Orders_CL"}]})";

base::Result<providers::CollectionRule> rule_of(const base::Json& properties) {
  arm::Resource resource;
  resource.id = *arm::ResourceId::parse("/subscriptions/s/resourceGroups/g/providers/Microsoft.Insights/dataCollectionRules/r");
  resource.body = {{"properties", properties}};
  return providers::parse_collection_rule(resource);
}

// What is wrong with the rule once a member of it is replaced.
std::string fault_with(std::string_view pointer, std::string_view value) {
  auto properties = *base::parse_json(kRule, "rule");
  boost::system::error_code failure;
  auto* member = properties.find_pointer(pointer, failure);
  if (!member) return "no such member";
  *member = *base::parse_json(value, "value");
  const auto rule = rule_of(properties);
  EXPECT_FALSE(rule) << pointer;
  return rule ? "" : rule.error().message;
}

TEST(CollectionRule, has_streams_destinations_and_flows) {
  const auto rule = rule_of(*base::parse_json(kRule, "rule"));
  ASSERT_TRUE(rule) << rule.error().message;
  EXPECT_EQ(rule->immutable_id, "dcr-1");
  ASSERT_NE(rule->find_stream("Custom-Orders"), nullptr);
  EXPECT_EQ(rule->find_stream("Custom-Orders")->columns[1].type, model::ColumnType::int32);
  ASSERT_NE(rule->find_destination("la"), nullptr);
  EXPECT_EQ(rule->flows[0].output_stream, "Custom-Orders_CL");
}

TEST(CollectionRule, a_stream_of_microsofts_needs_no_declaration) {
  auto properties = *base::parse_json(kRule, "rule");
  properties.at("dataFlows").at(0) = *base::parse_json(R"({"streams": ["Microsoft-Syslog"], "destinations": ["la"]})", "flow");
  const auto rule = rule_of(properties);
  ASSERT_TRUE(rule) << rule.error().message;
  EXPECT_EQ(*providers::table_of_stream(rule->flows[0].streams[0]), "Syslog");
}

TEST(CollectionRule, says_which_member_is_wrong) {
  EXPECT_THAT(fault_with("/streamDeclarations", R"({"Orders": {"columns": [{"name": "A", "type": "int"}]}})"), HasSubstr("begins with Custom-"));
  EXPECT_THAT(fault_with("/streamDeclarations/Custom-Orders/columns", "[]"), HasSubstr("streamDeclarations.Custom-Orders.columns"));
  EXPECT_THAT(fault_with("/streamDeclarations/Custom-Orders/columns/1/type", "\"money\""), HasSubstr("columns[1].type must be"));
  EXPECT_THAT(fault_with("/streamDeclarations/Custom-Orders/columns/1/name", "\"\""), HasSubstr("columns[1].name"));
  EXPECT_THAT(fault_with("/destinations", R"({"eventHubs": []})"), HasSubstr("logAnalytics"));
  EXPECT_THAT(fault_with("/destinations/logAnalytics/0/workspaceResourceId", "\"w\""), HasSubstr("workspaceResourceId"));
  EXPECT_THAT(fault_with("/dataFlows/0/streams", R"(["Custom-Other"])"), HasSubstr("dataFlows[0].streams"));
  EXPECT_THAT(fault_with("/dataFlows/0/streams", "[]"), HasSubstr("at least one stream"));
  EXPECT_THAT(fault_with("/dataFlows/0/destinations", R"(["lb"])"), HasSubstr("there is no 'lb'"));
  EXPECT_THAT(fault_with("/dataFlows/0/outputStream", "\"Orders\""), HasSubstr("outputStream"));
  EXPECT_THAT(fault_with("/dataFlows/0/transformKql", "7"), HasSubstr("transformKql"));
}

TEST(CollectionRule, streams_name_tables) {
  EXPECT_EQ(*providers::table_of_stream("Custom-Orders_CL"), "Orders_CL");
  EXPECT_EQ(*providers::table_of_stream("Microsoft-Perf"), "Perf");
  for (const std::string_view name : {"", "Custom-", "Orders_CL", "custom-Orders"}) EXPECT_FALSE(providers::table_of_stream(name)) << name;
}

}  // namespace
