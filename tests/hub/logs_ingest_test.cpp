// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "base/base64.hpp"
#include "base/gzip_writer.hpp"
#include "hub/logs_hub.hpp"

namespace {

using hub_testing::Answer;
using hub_testing::LogsHub;
using testing::HasSubstr;

constexpr const char* kPublisher = "3913510d-42f4-4e42-8a64-420c390055eb";

std::string packed(const std::string& text) {
  base::GzipWriter gzip;
  gzip.write(text);
  return gzip.finish();
}

std::string http_now() {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const std::time_t time = std::chrono::system_clock::to_time_t(now);
  char text[64];
  std::tm parts{};
  std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", ::gmtime_r(&time, &parts));
  return text;
}

class Ingestion : public LogsHub {
 protected:
  // A rule for the stream Custom-Orders into the table Orders_CL; its immutable id.
  std::string make_rule(const std::string& transform = "source", const std::string& output = "Custom-Orders_CL") {
    for (const auto* table : {"Orders_CL", "Full_CL"})
      EXPECT_EQ(send("PUT", arm("Microsoft.OperationalInsights/workspaces/default/tables/" + std::string(table)),
                     R"({"properties": {"schema": {"columns": [{"name": "TimeGenerated", "type": "dateTime"}, {"name": "Count", "type": "int"}]}}})").status, 200);
    const auto made = put_rule(transform, output);
    EXPECT_EQ(made.status, 201) << made.http.body;
    rule_ = base::get_string(made.body, "id");
    return std::string(base::get_string(*base::find(made.body, "properties"), "immutableId"));
  }

  Answer put_rule(const std::string& transform, const std::string& output) {
    return send("PUT", arm("Microsoft.Insights/dataCollectionRules/orders"),
                base::to_text(base::JsonObject{{"location", "local"}, {"properties", base::JsonObject{
                    {"streamDeclarations", base::JsonObject{{"Custom-Orders", base::JsonObject{{"columns", base::JsonArray{base::JsonObject{{"name", "Count"}, {"type", "int"}}}}}}}},
                    {"destinations", base::JsonObject{{"logAnalytics", base::JsonArray{base::JsonObject{{"name", "la"}, {"workspaceResourceId", workspace_}}}}}},
                    {"dataFlows", base::JsonArray{base::JsonObject{{"streams", base::JsonArray{"Custom-Orders"}}, {"destinations", base::JsonArray{"la"}},
                                                                   {"transformKql", transform}, {"outputStream", output}}}}}}}));
  }

  Answer upload(const std::string& id, const std::string& body, net::Headers headers = {}, const std::string& stream = "Custom-Orders") {
    return send("POST", "/dataCollectionRules/" + id + "/streams/" + stream + "?api%2Dversion=2023-01-01", body, std::move(headers));
  }

  // As the client libraries of the HTTP Data Collector API send it.
  Answer post_signed(const std::string& body, net::Headers more = {}, std::string_view date = {}) {
    const auto keys = send("POST", workspace_ + "/sharedKeys?api-version=2020-08-01");
    EXPECT_EQ(keys.status, 200) << keys.http.body;
    const auto secret = base::base64_decode(base::get_string(keys.body, "secondarySharedKey"));
    const std::string at = date.empty() ? http_now() : std::string(date);
    const std::string text = "POST\n" + std::to_string(body.size()) + "\napplication/json\nx-ms-date:" + at + "\n/api/logs";
    more.emplace_back("Authorization", "SharedKey " + customer_id_ + ":" + base::base64_encode(base::hmac_sha256(*secret, text)));
    more.emplace_back("x-ms-date", at);
    return send_alone("POST", "/api/logs?api-version=2016-04-01", body, std::move(more));
  }

  std::string rule_;
};

TEST_F(Ingestion, by_rule_needs_the_right_at_the_rule) {
  const auto id = make_rule();
  EXPECT_THAT(id, testing::StartsWith("dcr-"));
  const auto denied = upload(id, R"([{"Count": 1}])");
  EXPECT_EQ(denied.status, 403);
  EXPECT_EQ(denied.code(), "OperationFailed");
  EXPECT_TRUE(records_->batches.empty());
  give_role(kPublisher, rule_);
  const auto taken = upload(id, packed(R"([{"Count": 1}, {"Count": "bad"}])"), {{"Content-Encoding", "gzip"}});
  EXPECT_EQ(taken.status, 204) << taken.http.body;
  ASSERT_EQ(records_->batches.size(), 1u);
  EXPECT_EQ(records_->batches[0].head.table, "Orders_CL");
  EXPECT_EQ(records_->batches[0].head.workspace, customer_id_);
  EXPECT_EQ(records_->batches[0].rows, std::vector<std::string>{R"({"Count":1})"});
}

TEST_F(Ingestion, by_rule_says_what_is_wrong) {
  const auto id = make_rule();
  give_role(kPublisher, rule_);
  EXPECT_EQ(upload("dcr-none", "[]").status, 404);
  EXPECT_EQ(upload(id, R"([{"Count": 1}])", {}, "Custom-Other").code(), "InvalidStream");
  EXPECT_EQ(upload(id, "[{").code(), "InvalidPayload");
  EXPECT_EQ(upload(id, R"([{"Count": "bad"}])").code(), "InvalidPayload");
  EXPECT_EQ(upload(id, "no gzip", {{"Content-Encoding", "gzip"}}).code(), "InvalidPayload");
  EXPECT_EQ(upload(id, "x", {{"Content-Encoding", "br"}}).status, 415);
  EXPECT_EQ(upload(id, packed("[\"" + std::string(2 << 20, 'a') + "\"]"), {{"Content-Encoding", "gzip"}}).status, 413);
  EXPECT_EQ(upload(id, "[\"" + std::string(2 << 20, 'a') + "\"]").status, 413);
  EXPECT_EQ(upload(id, "[]", {{"Content-Type", "text/plain"}}).status, 415);
  EXPECT_EQ(send("POST", "/dataCollectionRules/" + id + "/streams/Custom-Orders", "[]").code(), "MissingApiVersion");
  EXPECT_EQ(send("POST", "/dataCollectionRules/" + id + "/streams/Custom-Orders?api-version=2015-01-01", "[]").code(), "InvalidApiVersion");
  EXPECT_EQ(send_alone("POST", "/dataCollectionRules/" + id + "/streams/Custom-Orders?api-version=2023-01-01", "[]").status, 401);
}

TEST_F(Ingestion, a_full_spool_is_429_with_when_to_come_again) {
  const auto id = make_rule("", "Custom-Full_CL");
  give_role(kPublisher, rule_);
  const auto full = upload(id, R"([{"Count": 1}])");
  EXPECT_EQ(full.status, 429);
  EXPECT_EQ(full.http.header("retry-after"), "7");
}

TEST_F(Ingestion, a_rule_names_tables_that_are_there) {
  const auto made = put_rule("source", "Custom-Nowhere_CL");
  EXPECT_EQ(made.status, 400);
  EXPECT_THAT(made.http.body, HasSubstr("Nowhere_CL"));
}

TEST_F(Ingestion, a_rule_has_a_transformation_that_can_be_run) {
  make_rule();
  const auto wrong = put_rule("source\n| where Coun > 1", "Custom-Orders_CL");
  EXPECT_EQ(wrong.status, 400);
  EXPECT_EQ(wrong.code(), "InvalidTransformQuery");
  const std::string message(base::get_string(*base::find(wrong.body, "error"), "message"));
  EXPECT_THAT(message, testing::AllOf(HasSubstr("line 2, column 9"), HasSubstr("Coun"), HasSubstr("did you mean 'Count'?")));
  EXPECT_EQ(base::get_string(*base::find(wrong.body, "error"), "target"), "properties.dataFlows[0].transformKql");
  EXPECT_EQ(put_rule("source | where", "Custom-Orders_CL").code(), "InvalidTransformQuery");
  EXPECT_EQ(put_rule("Heartbeat", "Custom-Orders_CL").code(), "InvalidTransformQuery");  // other tables are not there
  EXPECT_EQ(put_rule("source | extend Count = Count + 1", "Custom-Orders_CL").status, 200);
}

TEST_F(Ingestion, by_shared_key_makes_tables_by_suffix) {
  const auto taken = post_signed(R"([{"Name": "a"}])", {{"Log-Type", "Machines"}, {"time-generated-field", "When"}, {"x-ms-AzureResourceId", workspace_}});
  EXPECT_EQ(taken.status, 200) << taken.http.body;
  ASSERT_EQ(records_->batches.size(), 1u);
  const auto& head = records_->batches[0].head;
  EXPECT_EQ(head.table, "Machines_CL");
  EXPECT_EQ(head.naming, workspace::MemberNaming::suffixed);
  EXPECT_EQ(head.time_member, "When");
  EXPECT_EQ(head.resource_id, workspace_);
}

TEST_F(Ingestion, by_shared_key_refuses_what_it_must) {
  const auto error = [](const Answer& answer) { return std::string(base::get_string(answer.body, "Error")); };
  EXPECT_EQ(error(post_signed("[]")), "MissingLogType");
  EXPECT_EQ(error(post_signed("[]", {{"Log-Type", "a-b"}})), "InvalidLogType");
  EXPECT_EQ(error(post_signed("[]", {{"Log-Type", "A"}, {"x-ms-AzureResourceId", "nonsense"}})), "InvalidResourceId");
  EXPECT_EQ(error(post_signed("[", {{"Log-Type", "A"}})), "InvalidDataFormat");
  const auto late = post_signed("[]", {{"Log-Type", "A"}}, "Sun, 29 Nov 2015 12:00:00 GMT");
  EXPECT_EQ(late.status, 403);
  EXPECT_EQ(error(late), "InvalidAuthorization");
  const auto unsigned_one = send_alone("POST", "/api/logs?api-version=2016-04-01", "[]", {{"Log-Type", "A"}, {"x-ms-date", http_now()}});
  EXPECT_EQ(unsigned_one.status, 403);
  EXPECT_EQ(error(send_alone("POST", "/api/logs", "[]")), "MissingApiVersion");
  EXPECT_EQ(send_alone("GET", "/api/logs?api-version=2016-04-01").status, 405);
}

TEST_F(Ingestion, lines_and_otlp_need_the_right_at_the_workspace) {
  const std::string lines = "/api/logs/tables/Orders_CL";
  const net::Headers ndjson{{"Content-Type", "application/x-ndjson"}};
  EXPECT_EQ(send("POST", lines, "{\"a\":1}\n", ndjson).status, 403);
  EXPECT_EQ(send("POST", "/v1/logs", "{}").status, 403);
  give_role(kPublisher, workspace_);
  const auto taken = send("POST", lines, "{\"a\":1}\n{\"a\":\"bad\"}\n{\"a\":2}", ndjson);
  EXPECT_EQ(taken.status, 200) << taken.http.body;
  EXPECT_EQ(taken.body.at("accepted"), 2);
  EXPECT_EQ(taken.body.at("refusals").at(0).at("index"), 1);
  EXPECT_EQ(taken.body.at("refusals").at(0).at("line"), 2);
  EXPECT_THAT(send("POST", lines, "{\"a\":\"bad\"}", ndjson).http.body, HasSubstr("in line 1"));
  EXPECT_EQ(send("POST", lines, "[{\"a\":1}]").status, 200);
  EXPECT_EQ(send("POST", lines, "x", {{"Content-Type", "text/plain"}}).status, 415);
  EXPECT_EQ(send("POST", "/api/logs/tables/Missing_CL", "[{\"a\":1}]").code(), "InvalidOutputTable");
  EXPECT_EQ(send("POST", lines + "?workspace=elsewhere", "[{\"a\":1}]").status, 404);
  const auto otlp = send("POST", "/v1/logs", "[{\"a\":1},{\"a\":\"bad\"}]");
  EXPECT_EQ(otlp.status, 200) << otlp.http.body;
  EXPECT_EQ(otlp.body.at("partialSuccess").at("rejectedLogRecords"), "1");
  EXPECT_EQ(records_->batches.back().head.table, "OTelLogs");
  EXPECT_EQ(send("POST", "/v1/logs", "x", {{"Content-Type", "application/x-protobuf"}}).status, 415);
}

}  // namespace
