// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <memory>
#include <thread>

#include "base/compress.hpp"
#include "hub/logs_hub.hpp"
#include "net/raw_client.hpp"

namespace {

using hub_testing::LogsHub;
using testing::HasSubstr;

class QueryApi : public LogsHub {
 protected:
  std::string v1(const std::string& what) const { return "/v1/workspaces/" + customer_id_ + what; }
};

const std::string kPrint = R"({"query": "print 1"})";

TEST_F(QueryApi, answers_rows_with_types) {
  const auto answer = send("POST", v1("/query"), kPrint, {{"x-ms-client-request-id", "mine"}});
  ASSERT_EQ(answer.status, 200) << base::to_text(answer.body);
  EXPECT_EQ(base::to_text(answer.body),
            R"({"tables":[{"name":"PrimaryResult","columns":[{"name":"text","type":"string"},{"name":"at","type":"datetime"},{"name":"bag","type":"dynamic"}],)"
            R"("rows":[["print 1","1970-01-01T00:00:00Z","{\"a\":[1,2]}"]]}]})");
  EXPECT_EQ(answer.http.header("x-ms-client-request-id"), "mine");
  EXPECT_EQ(answer.http.header("x-ms-request-id").size(), 36u);
  EXPECT_THAT(answer.http.header("content-type"), HasSubstr("application/json"));
}

TEST_F(QueryApi, hears_preferences_timespans_and_get) {
  const auto answer = send("POST", v1("/query"), R"({"query": "print 1", "timespan": "PT1H"})", {{"Prefer", "wait=7,include-statistics=true,include-render=true"}});
  EXPECT_EQ(answer.body.at("render").at("visualization"), "table");
  EXPECT_EQ(answer.body.at("statistics").at("query").at("inputDatasetStatistics").at("rows").at("scanned"), 3);
  const auto got = send("GET", v1("/query") + "?query=print%202&timespan=2026-11-01/P1D");
  EXPECT_EQ(got.body.at("tables").at(0).at("rows").at(0).at(0), "print 2");
  ASSERT_EQ(queries_->asked.size(), 2u);
  EXPECT_EQ(queries_->asked[0].limits.time.count(), 7000);
  EXPECT_EQ(queries_->asked[0].timespan->end - queries_->asked[0].timespan->begin, 3600 * model::kTicksPerSecond);
  EXPECT_EQ(queries_->asked[1].timespan->end - queries_->asked[1].timespan->begin, 86'400 * model::kTicksPerSecond);
  EXPECT_EQ(queries_->asked[0].workspaces.at(0).id, customer_id_);
}

TEST_F(QueryApi, is_packed_for_who_takes_that) {
  const auto answer = send("POST", v1("/query"), kPrint, {{"Accept-Encoding", "gzip"}});
  EXPECT_EQ(answer.http.header("content-encoding"), "gzip");
  const auto unpacked = base::decompress_whole(answer.http.body, 1 << 20, "answer");
  ASSERT_TRUE(unpacked) << unpacked.error().message;
  EXPECT_THAT(*unpacked, HasSubstr("PrimaryResult"));
}

TEST_F(QueryApi, says_where_a_query_is_wrong_and_when_an_answer_is_not_whole) {
  const auto wrong = send("POST", v1("/query"), R"({"query": "wrong"})");
  EXPECT_EQ(wrong.status, 400);
  EXPECT_EQ(wrong.code(), "BadArgumentError");
  EXPECT_EQ(wrong.body.at("error").at("innererror").at("innererror").at("pos"), 3);
  EXPECT_EQ(send("POST", v1("/query"), R"({"query": "partial"})").body.at("error").at("code"), "PartialError");
  EXPECT_EQ(send("POST", v1("/query"), "{}").code(), "BadArgumentError");
  EXPECT_EQ(send("POST", v1("/query"), "nonsense").code(), "BadArgumentError");
  EXPECT_EQ(send("PUT", v1("/query"), kPrint).status, 405);
}

TEST_F(QueryApi, knows_workspaces_by_each_of_their_names_and_no_others) {
  const std::vector<std::string> paths{"/v1/workspaces/default/query", workspace_ + "/query?api-version=2017-10-01", workspace_ + "/api/query?api-version=2017-01-01-preview",
                                       "/v1" + workspace_ + "/query"};
  for (const auto& path : paths)
    EXPECT_EQ(send("POST", path, kPrint).status, 200) << path;
  const auto missing = send("POST", "/v1/workspaces/00000000-0000-4000-8000-000000000000/query", kPrint);
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(missing.code(), "WorkspaceNotFoundError");
  EXPECT_EQ(send("POST", v1("/query"), R"({"query": "T", "workspaces": ["elsewhere"]})").status, 404);
  EXPECT_EQ(send_alone("POST", v1("/query"), kPrint).status, 401);
}

TEST_F(QueryApi, asks_rows_of_one_resource) {
  const std::string resource = group_ + "/providers/Microsoft.ContainerRegistry/registries/Team";
  EXPECT_EQ(send("POST", resource + "/query", kPrint).status, 200);
  EXPECT_EQ(send("POST", "/v1" + resource + "/query", kPrint).status, 200);
  EXPECT_EQ(send("POST", resource + "/providers/microsoft.insights/logs?api-version=2018-08-01-preview", kPrint).status, 200);
  for (const auto& asked : queries_->asked) {
    EXPECT_EQ(asked.resource_key, base::to_lower(resource));
    EXPECT_EQ(asked.workspaces.at(0).id, customer_id_);
  }
}

TEST_F(QueryApi, answers_a_batch_each_by_itself) {
  const auto answer = send("POST", "/v1/$batch", base::to_text(base::JsonObject{{"requests", base::JsonArray{
      base::JsonObject{{"id", "a"}, {"workspace", customer_id_}, {"method", "POST"}, {"path", "/query"}, {"body", base::JsonObject{{"query", "print 1"}}}},
      base::JsonObject{{"id", "b"}, {"workspace", customer_id_}, {"body", base::JsonObject{{"query", "wrong"}}}},
      base::JsonObject{{"id", "c"}, {"workspace", "none"}, {"body", base::JsonObject{{"query", "print 1"}}}}}}}));
  ASSERT_EQ(answer.status, 200) << answer.http.body;
  const auto& responses = answer.body.at("responses").as_array();
  ASSERT_EQ(responses.size(), 3u);
  EXPECT_EQ(responses[0].at("id"), "a");
  EXPECT_EQ(responses[0].at("status"), 200);
  EXPECT_EQ(responses[0].at("body").at("tables").at(0).at("rows").at(0).at(0), "print 1");
  EXPECT_EQ(responses[1].at("status"), 400);
  EXPECT_EQ(responses[2].at("body").at("error").at("code"), "WorkspaceNotFoundError");
}

TEST_F(QueryApi, ends_a_query_that_its_asker_cancels) {
  hub_testing::Answer slow;
  std::thread asker([&] { slow = send("POST", v1("/query"), R"({"query": "slow"})", {{"x-ms-client-request-id", "q1"}}); });
  while (!queries_->waits) std::this_thread::yield();
  EXPECT_EQ(send("DELETE", "/api/logs/queries/q2").status, 404);
  EXPECT_EQ(send("DELETE", "/api/logs/queries/q1").status, 204);
  asker.join();
  EXPECT_EQ(slow.status, 400);
  EXPECT_EQ(slow.code(), "QueryCancelled");
  EXPECT_EQ(send("DELETE", "/api/logs/queries/q1").status, 404);
}

TEST_F(QueryApi, ends_a_query_whose_asker_hangs_up) {
  const std::string body = R"({"query": "slow"})";
  const auto port = static_cast<std::uint16_t>(std::stoi(hub_->url().substr(hub_->url().rfind(':') + 1)));
  auto asker = std::make_unique<net_test::RawClient>(port);
  asker->write("POST " + v1("/query") + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nCookie: " + cookie_ + "\r\nX-CSRF-Token: " + csrf_ +
               "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  while (!queries_->waits) std::this_thread::yield();
  asker.reset();
  const auto late = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (queries_->waits && std::chrono::steady_clock::now() < late) std::this_thread::yield();
  EXPECT_FALSE(queries_->waits);
}

TEST_F(QueryApi, checks_without_running) {
  const auto wrong = send("POST", "/api/logs/check", R"({"query": "wrong"})");
  EXPECT_EQ(base::to_text(wrong.body),
            R"({"diagnostics":[{"start":{"line":1,"column":4},"end":{"line":1,"column":6},"message":"'ng' is no column","suggestion":"name"}]})");
  EXPECT_EQ(base::to_text(send("POST", "/api/logs/check", kPrint).body), R"({"diagnostics":[]})");
  EXPECT_EQ(base::to_text(send("POST", "/api/logs/check", R"({"query": ""})").body), R"({"diagnostics":[]})");
  EXPECT_TRUE(queries_->asked.empty());
}

TEST_F(QueryApi, has_saved_functions_and_metadata) {
  const auto saved = send("PUT", arm("Microsoft.OperationalInsights/workspaces/default/savedSearches/s1"),
                          R"({"properties": {"category": "Mine", "displayName": "Errors", "query": "Syslog | where SeverityLevel == level", "functionAlias": "Errors", "functionParameters": "level:string"}})");
  ASSERT_EQ(saved.status, 200) << saved.http.body;
  EXPECT_EQ(send("POST", v1("/query"), kPrint).status, 200);
  ASSERT_EQ(queries_->asked.at(0).functions.size(), 1u);
  EXPECT_EQ(queries_->asked[0].functions[0].name, "Errors");
  EXPECT_EQ(queries_->asked[0].functions[0].parameters, "level:string");
  const auto metadata = send("GET", v1("/metadata"));
  ASSERT_EQ(metadata.status, 200) << metadata.http.body;
  EXPECT_EQ(metadata.body.at("functions").at(0).at("name"), "Errors");
  EXPECT_GT(metadata.body.at("tables").as_array().size(), 30u);
  EXPECT_EQ(metadata.body.at("workspaces").at(0).at("id"), base::Json(customer_id_));
  ASSERT_GE(metadata.body.at("queries").as_array().size(), 12u);
  const auto& example = metadata.body.at("queries").at(0);
  for (const char* name : {"id", "displayName", "description", "body"}) EXPECT_NE(base::get_string(example, name), "") << name;
  EXPECT_EQ(example.at("related").at("categories").as_array().size(), 1u);
  EXPECT_EQ(send("PUT", arm("Microsoft.OperationalInsights/workspaces/default/savedSearches/s2"),
                 R"({"properties": {"category": "Mine", "displayName": "Errors", "query": "Syslog", "functionAlias": "Errors"}})").status, 409);
}

// A token that may query one table of one workspace.
TEST_F(QueryApi, keeps_to_the_rights_of_the_caller) {
  const auto made = send("POST", "/api/v1/tokens", base::to_text(base::JsonObject{{"name", "t"}, {"scope", workspace_}, {"days", 1}, {"actions", base::JsonArray{
      "Microsoft.OperationalInsights/workspaces/query/read", "Microsoft.OperationalInsights/workspaces/query/Syslog/read"}}}));
  ASSERT_EQ(made.status, 201) << made.http.body;
  const net::Headers bearer{{"Authorization", "Bearer " + std::string(base::get_string(made.body, "secret"))}};
  EXPECT_EQ(send_alone("POST", v1("/query"), kPrint, bearer).status, 200);
  const auto asked = queries_->asked.at(0);
  EXPECT_TRUE(asked.may_read(asked.workspaces[0], "Syslog"));
  EXPECT_FALSE(asked.may_read(asked.workspaces[0], "SecurityAlert"));
  const auto metadata = send_alone("GET", v1("/metadata"), {}, bearer);
  ASSERT_EQ(metadata.body.at("tables").as_array().size(), 1u);
  for (const auto& example : metadata.body.at("queries").as_array())
    for (const auto& table : example.at("related").at("tables").as_array()) EXPECT_EQ(table, "Syslog") << example.at("id");
  EXPECT_EQ(send_alone("POST", group_ + "/query", kPrint, bearer).status, 200);  // its workspace alone
  const auto other = send("PUT", arm("Microsoft.OperationalInsights/workspaces/other"), R"({"location": "local"})");
  ASSERT_EQ(other.status, 201) << other.http.body;
  const auto denied = send_alone("POST", "/v1/workspaces/other/query", kPrint, bearer);
  EXPECT_EQ(denied.status, 403);
  EXPECT_EQ(denied.code(), "InsufficientAccessError");
  const auto by_arm = send_alone("POST", group_ + "/providers/Microsoft.OperationalInsights/workspaces/other/query?api-version=2017-10-01", kPrint, bearer);
  EXPECT_EQ(by_arm.code(), "AuthorizationFailed");
  EXPECT_FALSE(asked.find_workspace("other"));
  EXPECT_TRUE(asked.find_workspace("default"));
}

}  // namespace
