// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <algorithm>

#include "hub/logs_hub.hpp"

namespace {

using hub_testing::LogsHub;
using testing::HasSubstr;

class WorkspaceResources : public LogsHub {
 protected:
  std::string workspaces(const std::string& rest) const { return arm("Microsoft.OperationalInsights/workspaces" + rest); }
  std::string message(const hub_testing::Answer& answer) const {
    const auto* error = base::find(answer.body, "error");
    return error ? std::string(base::get_string(*error, "message")) : "";
  }
};

TEST_F(WorkspaceResources, the_default_one_is_there_and_stays) {
  const auto got = send("GET", workspaces("/default"));
  ASSERT_EQ(got.status, 200) << got.http.body;
  const auto& properties = got.body.at("properties");
  EXPECT_EQ(properties.at("customerId"), base::Json(customer_id_));
  EXPECT_EQ(properties.at("provisioningState"), "Succeeded");
  EXPECT_EQ(properties.at("sku").at("name"), "PerGB2018");
  EXPECT_EQ(properties.at("retentionInDays"), 30);
  EXPECT_EQ(send("DELETE", workspaces("/default")).status, 409);
  EXPECT_EQ(send("GET", workspaces("")).body.at("value").as_array().size(), 1u);
}

TEST_F(WorkspaceResources, are_made_changed_and_deleted) {
  const auto made = send("PUT", workspaces("/second"), R"({"location": "local", "properties": {"retentionInDays": 90, "customerId": "mine"}})");
  ASSERT_EQ(made.status, 201) << made.http.body;
  const std::string id(base::get_string(made.body.at("properties"), "customerId"));
  EXPECT_EQ(id.size(), 36u);
  const auto changed = send("PATCH", workspaces("/second"), R"({"tags": {"a": "b"}, "properties": {"retentionInDays": 120}})");
  EXPECT_EQ(changed.body.at("properties").at("customerId"), base::Json(id));
  EXPECT_EQ(changed.body.at("properties").at("retentionInDays"), 120);
  EXPECT_EQ(send("GET", workspaces("/second/tables/Syslog")).body.at("properties").at("retentionInDays"), 120);
  EXPECT_EQ(send("DELETE", workspaces("/second")).status, 200);
  EXPECT_EQ(send("GET", workspaces("/second")).status, 404);
  EXPECT_EQ(send("GET", workspaces("/second/tables")).status, 404);
}

TEST_F(WorkspaceResources, tell_of_their_columns_and_limits) {
  const auto schema = send("POST", workspaces("/default/schema"));
  ASSERT_EQ(schema.status, 200) << schema.http.body;
  const auto& value = schema.body.at("value").as_array();
  EXPECT_EQ(schema.body.at("metadata").at("total"), value.size());
  const auto message = std::find_if(value.begin(), value.end(), [](const base::Json& one) { return one.at("name") == "SyslogMessage"; });
  ASSERT_NE(message, value.end());
  EXPECT_EQ(message->at("type"), "String");
  EXPECT_EQ(message->at("ownerType"), base::Json(base::JsonArray{"Syslog"}));
  EXPECT_EQ(send("GET", workspaces("/default/usages")).body.at("value").at(0).at("limit"), 1000);
  EXPECT_EQ(send("GET", workspaces("/default/availableServiceTiers")).body.at(0).at("serviceTier"), "PerGB2018");
  EXPECT_EQ(send("POST", workspaces("/nowhere/schema")).status, 404);
}

TEST_F(WorkspaceResources, say_what_is_wrong) {
  EXPECT_THAT(message(send("PUT", workspaces("/a-"), "{}")), HasSubstr("4 to 63"));
  EXPECT_THAT(message(send("PUT", workspaces("/good"), R"({"properties": {"retentionInDays": 1}})")), HasSubstr("properties.retentionInDays must be"));
  EXPECT_THAT(message(send("PUT", workspaces("/good"), R"({"properties": {"sku": {"name": "Gold"}}})")), HasSubstr("properties.sku.name must be one of"));
  EXPECT_THAT(message(send("PUT", workspaces("/good"), R"({"properties": {"features": {"disableLocalAuth": "yes"}}})")), HasSubstr("properties.features.disableLocalAuth"));
}

TEST_F(WorkspaceResources, have_two_keys_that_are_renewed_one_by_one) {
  const auto keys = send("POST", workspace_ + "/listKeys?api-version=2020-08-01");
  const auto renewed = send("POST", workspace_ + "/regenerateSharedKey?api-version=2020-08-01");
  EXPECT_EQ(renewed.body.at("secondarySharedKey"), keys.body.at("primarySharedKey"));
  EXPECT_NE(renewed.body.at("primarySharedKey"), keys.body.at("primarySharedKey"));
  EXPECT_EQ(send("POST", workspaces("/nowhere/sharedKeys")).status, 404);
}

TEST_F(WorkspaceResources, tables_have_schema_and_retention) {
  const auto syslog = send("PATCH", workspaces("/default/tables/syslog"), R"({"properties": {"retentionInDays": 7}})");
  ASSERT_EQ(syslog.status, 200) << syslog.http.body;
  EXPECT_EQ(syslog.body.at("name"), "Syslog");
  EXPECT_EQ(syslog.body.at("properties").at("retentionInDays"), 7);
  EXPECT_EQ(syslog.body.at("properties").at("retentionInDaysAsDefault"), false);
  EXPECT_EQ(send("PATCH", workspaces("/default/tables/Syslog"), R"({"properties": {"retentionInDays": -1}})").body.at("properties").at("retentionInDays"), 30);
  EXPECT_THAT(message(send("PUT", workspaces("/default/tables/Syslog"), R"({"properties": {"schema": {"columns": [{"name": "Mine", "type": "int"}]}}})")), HasSubstr("no column 'Mine'"));
  EXPECT_EQ(send("DELETE", workspaces("/default/tables/Syslog")).status, 400);
  EXPECT_EQ(send("PATCH", workspaces("/default/tables/Nowhere_CL"), R"({"properties": {}})").status, 404);
}

TEST_F(WorkspaceResources, tables_of_ones_own_grow_and_go) {
  const std::string path = workspaces("/default/tables/Orders_CL");
  const auto body = [](const std::string& column) {
    return R"({"properties": {"retentionInDays": 45, "schema": {"columns": [{"name": "TimeGenerated", "type": "dateTime"}, )" + column + "]}}}";
  };
  const auto made = send("PUT", path, body(R"({"name": "Count", "type": "int"})"));
  ASSERT_EQ(made.status, 200) << made.http.body;
  EXPECT_EQ(made.body.at("properties").at("retentionInDays"), 45);
  EXPECT_EQ(made.body.at("properties").at("schema").at("tableType"), "CustomLog");
  EXPECT_EQ(send("PUT", path, body(R"({"name": "Count", "type": "string"})")).status, 409);
  EXPECT_EQ(send("PUT", path, body(R"({"name": "Count", "type": "int"}, {"name": "More", "type": "guid"})")).body.at("properties").at("schema").at("columns").as_array().size(), 3u);
  const auto list = send("GET", workspaces("/default/tables")).body;
  const auto& tables = list.at("value").as_array();
  EXPECT_TRUE(std::any_of(tables.begin(), tables.end(), [](const base::Json& table) { return table.at("name") == "Orders_CL"; }));
  EXPECT_EQ(send("DELETE", path).status, 200);
  EXPECT_EQ(send("GET", path).status, 404);
}

TEST_F(WorkspaceResources, query_packs_keep_queries_and_find_them) {
  const std::string pack = "Microsoft.OperationalInsights/queryPacks/shared";
  ASSERT_EQ(send("PUT", arm(pack), R"({"location": "local", "properties": {}})").status, 200);
  const std::string query = pack + "/queries/5f0c8ba4-0000-4000-8000-000000000001";
  const auto made = send("PUT", arm(query), R"({"properties": {"displayName": "Alerts", "body": "SecurityAlert | take 10", "related": {"categories": ["security"]}}})");
  ASSERT_EQ(made.status, 200) << made.http.body;
  EXPECT_EQ(made.body.at("properties").at("author"), base::Json(user_));
  EXPECT_EQ(send("PUT", arm(pack + "/queries/no-guid"), R"({"properties": {"displayName": "a", "body": "b"}})").status, 400);
  EXPECT_THAT(message(send("PUT", arm(query), R"({"properties": {"displayName": "Alerts"}})")), HasSubstr("properties.body"));
  const auto found = [&](const char* category) {
    return send("POST", arm(pack + "/queries/search"), "{\"related\": {\"categories\": [\"" + std::string(category) + "\"]}}").body.at("value").as_array().size();
  };
  EXPECT_EQ(found("security"), 1u);
  EXPECT_EQ(found("network"), 0u);
  EXPECT_EQ(send("GET", "/v1/workspaces/" + customer_id_ + "/metadata").body.at("queries").at(0).at("displayName"), "Alerts");
  EXPECT_EQ(send("DELETE", arm(pack)).status, 200);
  EXPECT_EQ(send("GET", arm(query)).status, 404);
}

TEST_F(WorkspaceResources, query_packs_without_a_name_get_one) {
  const auto made = send("PUT", arm("Microsoft.OperationalInsights/queryPacks"), R"({"location": "local", "tags": {"team": "a"}})");
  ASSERT_EQ(made.status, 201) << made.http.body;
  const std::string name(base::get_string(made.body, "name"));
  EXPECT_EQ(name.size(), 36u);
  EXPECT_EQ(made.body.at("id"), base::Json(group_ + "/providers/Microsoft.OperationalInsights/queryPacks/" + name));
  EXPECT_EQ(send("GET", arm("Microsoft.OperationalInsights/queryPacks/" + name)).body.at("tags").at("team"), "a");
  EXPECT_EQ(send("PUT", subscription_ + "/providers/Microsoft.OperationalInsights/queryPacks?api-version=2023-09-01", "{}").status, 405);
  EXPECT_EQ(send("PUT", workspaces(""), "{}").status, 405);
  EXPECT_EQ(send("PUT", subscription_ + "/resourceGroups/nowhere/providers/Microsoft.OperationalInsights/queryPacks?api-version=2023-09-01", "{}").status, 404);
}

TEST_F(WorkspaceResources, what_is_not_here_says_what_is) {
  for (const std::string type : {"/default/dataExports", "/default/dataSources", "/default/gateways", "/default/linkedServices", "/default/linkedStorageAccounts",
                                 "/default/managementGroups", "/default/storageInsightConfigs"}) {
    const auto list = send("GET", workspaces(type));
    EXPECT_EQ(list.status, 200) << type;
    EXPECT_TRUE(list.body.at("value").as_array().empty()) << type;
    const auto put = send("PUT", workspaces(type + "/one"), "{}");
    EXPECT_EQ(put.status, 400) << type;
    EXPECT_EQ(put.code(), "OperationNotSupported") << type;
    EXPECT_THAT(message(put), HasSubstr("There are no ")) << type;
    EXPECT_EQ(send("GET", workspaces(type + "/one")).code(), "ResourceNotFound") << type;
    EXPECT_EQ(send("DELETE", workspaces(type + "/one")).code(), "ResourceNotFound") << type;
  }
  EXPECT_EQ(send("GET", workspaces("/nowhere/dataExports")).status, 404);
  for (const std::string type : {"clusters", "deletedWorkspaces"})
    EXPECT_TRUE(send("GET", arm("Microsoft.OperationalInsights/" + type)).body.at("value").as_array().empty()) << type;
  EXPECT_EQ(send("PUT", arm("Microsoft.OperationalInsights/clusters/one"), "{}").code(), "OperationNotSupported");
  const auto types = send("GET", subscription_ + "/providers/Microsoft.OperationalInsights?api-version=2021-04-01");
  EXPECT_THAT(types.http.body, HasSubstr("workspaces/savedSearches"));
  EXPECT_THAT(types.http.body, testing::Not(HasSubstr("clusters")));
}

TEST_F(WorkspaceResources, solutions_are_all_there) {
  EXPECT_EQ(send("GET", workspaces("/default/intelligencePacks")).body.at(0).at("enabled"), true);
  EXPECT_EQ(send("POST", workspaces("/default/intelligencePacks/LogManagement/Enable")).status, 200);
  EXPECT_EQ(send("POST", workspaces("/default/intelligencePacks/Updates/Enable")).code(), "OperationNotSupported");
  EXPECT_EQ(send("POST", workspaces("/default/intelligencePacks/LogManagement/Disable")).code(), "OperationNotSupported");
}

TEST_F(WorkspaceResources, tables_are_migrated_already_and_have_no_search) {
  ASSERT_EQ(send("PUT", workspaces("/default/tables/Old_CL"), R"({"properties": {"schema": {"name": "Old_CL", "columns": [{"name": "TimeGenerated", "type": "dateTime"}]}}})").status, 200);
  const auto migrated = send("POST", workspaces("/default/tables/old_cl/migrate"));
  EXPECT_EQ(migrated.status, 200);
  EXPECT_EQ(migrated.body.at("properties").at("schema").at("tableSubType"), "DataCollectionRuleBased");
  EXPECT_THAT(message(send("POST", workspaces("/default/tables/Syslog/migrate"))), HasSubstr("built-in table"));
  EXPECT_EQ(send("POST", workspaces("/default/tables/None_CL/migrate")).status, 404);
  EXPECT_THAT(message(send("POST", workspaces("/default/tables/Syslog/cancelSearch"))), HasSubstr("no search jobs"));
}

TEST_F(WorkspaceResources, what_may_be_done_is_listed) {
  const auto list = send("GET", "/providers/Microsoft.OperationalInsights/operations?api-version=2020-08-01");
  ASSERT_EQ(list.status, 200) << list.http.body;
  std::vector<std::string> names;
  for (const auto& one : list.body.at("value").as_array()) names.emplace_back(base::get_string(one, "name"));
  for (const auto* name : {"workspaces/read", "workspaces/write", "workspaces/purge/action", "workspaces/operations/read", "queryPacks/queries/search/action"})
    EXPECT_THAT(names, testing::Contains("Microsoft.OperationalInsights/" + std::string(name)));
  EXPECT_THAT(names, testing::Not(testing::Contains("Microsoft.OperationalInsights/workspaces/dataExports/write")));
}

TEST_F(WorkspaceResources, endpoints_and_dashboards_are_kept) {
  const auto endpoint = send("PUT", arm("Microsoft.Insights/dataCollectionEndpoints/e"), R"({"location": "local"})");
  ASSERT_EQ(endpoint.status, 201) << endpoint.http.body;
  EXPECT_EQ(endpoint.body.at("properties").at("logsIngestion").at("endpoint"), base::Json(hub_->url()));
  const auto dashboard = send("PUT", arm("Microsoft.Portal/dashboards/d"), R"({"tags": {"hidden-title": "Mine"}, "properties": {"lenses": []}})");
  ASSERT_EQ(dashboard.status, 201) << dashboard.http.body;
  EXPECT_EQ(send("GET", arm("Microsoft.Portal/dashboards")).body.at("value").as_array().size(), 1u);
  const auto listed = send("GET", group_ + "/resources?api-version=2021-04-01").body;
  EXPECT_EQ(listed.at("value").as_array().size(), 3u);  // with the workspace
}

}  // namespace
