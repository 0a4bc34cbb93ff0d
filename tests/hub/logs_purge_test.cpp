// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <algorithm>
#include <thread>

#include "hub/logs_hub.hpp"

namespace {

using hub_testing::Answer;
using hub_testing::LogsHub;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

class WorkspacePurges : public LogsHub {
 protected:
  std::string workspaces(const std::string& rest) const { return arm("Microsoft.OperationalInsights/workspaces" + rest); }
  std::string operation_status(const std::string& id) const {
    return subscription_ + "/providers/Microsoft.OperationalInsights/locations/local/operationStatuses/" + id + "?api-version=2023-09-01";
  }
  Answer purge(const std::string& body) { return send("POST", workspaces("/default/purge"), body); }
  std::string begin() {
    const auto asked = purge(kHost);
    EXPECT_EQ(asked.status, 202) << asked.http.body;
    return std::string(base::get_string(asked.body, "operationId"));
  }
  // What a purge's operation says once that is another thing than "pending".
  Answer outcome(const std::string& id) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    for (;;) {
      auto answer = send("GET", workspaces("/default/operations/" + id));
      if (base::get_string(answer.body, "status") != "pending" || std::chrono::steady_clock::now() > until) return answer;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
  static std::string message(const Answer& answer) {
    const auto* error = base::find(answer.body, "error");
    return error ? std::string(base::get_string(*error, "message")) : "";
  }

  static constexpr const char* kHost = R"({"table": "syslog", "filters": [{"column": "HostName", "operator": "==", "value": "old"}]})";
};

TEST_F(WorkspacePurges, are_accepted_and_followed) {
  purges_->hold(true);
  const auto asked = purge(kHost);
  ASSERT_EQ(asked.status, 202) << asked.http.body;
  const std::string id(base::get_string(asked.body, "operationId"));
  EXPECT_THAT(id, StartsWith("purge-"));
  EXPECT_EQ(asked.http.header("x-ms-status-location"), hub_->url() + workspaces("/default/operations/" + id));
  EXPECT_EQ(send("GET", workspaces("/default/operations/" + id)).body.at("status"), "pending");
  EXPECT_EQ(send("GET", operation_status(id)).body.at("status"), "InProgress");
  purges_->hold(false);
  const auto done = outcome(id);
  EXPECT_EQ(done.status, 200);
  EXPECT_EQ(done.body.at("status"), "completed");
  const auto status = send("GET", operation_status(id)).body;
  EXPECT_EQ(status.at("status"), "Succeeded");
  EXPECT_TRUE(status.as_object().contains("endTime"));
  EXPECT_EQ(purges_->tables(), (std::map<std::string, std::string>{{id, "Syslog"}}));
}

TEST_F(WorkspacePurges, stand_in_the_activity_log) {
  begin();
  const auto log = send("GET", subscription_ + "/providers/Microsoft.Insights/eventtypes/management/values?api-version=2015-04-01").body;
  const auto& events = log.at("value").as_array();
  EXPECT_TRUE(std::any_of(events.begin(), events.end(), [&](const base::Json& event) {
    return event.at("operationName").at("value") == "Microsoft.OperationalInsights/workspaces/purge/action" && event.at("resourceId") == base::Json(workspace_);
  })) << base::to_text(log);
}

TEST_F(WorkspacePurges, say_what_is_wrong) {
  const std::pair<const char*, const char*> cases[] = {
      {R"([])", "The body must be"},
      {R"({"filters": []})", "body.table must be"},
      {R"({"table": "Nothing", "filters": [{"column": "HostName", "operator": "==", "value": "a"}]})", "table: there is no table 'Nothing'"},
      {R"({"table": "Syslog"})", "filters must be a list of 1 to 50"},
      {R"({"table": "Syslog", "filters": [{"operator": "==", "value": "a"}]})", "filters[0].column must be"},
      {R"({"table": "Syslog", "filters": [{"column": "HostName", "operator": "=="}]})", "filters[0].value must be there"},
      {R"({"table": "Syslog", "filters": [{"column": "Host", "operator": "==", "value": "a"}]})", "filters[0].column: the table Syslog has no column 'Host'"},
      {R"({"table": "Syslog", "filters": [{"column": "HostName", "operator": "has", "value": "a"}]})", "filters[0].operator: 'has' is none"},
  };
  for (const auto& [body, words] : cases) {
    const auto answer = purge(body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_EQ(answer.code(), "InvalidRequestContent") << body;
    EXPECT_THAT(message(answer), HasSubstr(words)) << body;
  }
  EXPECT_EQ(send("POST", workspaces("/nowhere/purge"), kHost).status, 404);
  EXPECT_TRUE(purges_->tables().empty());
}

TEST_F(WorkspacePurges, are_known_where_they_were_asked_for) {
  ASSERT_EQ(send("PUT", workspaces("/second"), "{}").status, 201);
  const std::string id = begin();
  EXPECT_EQ(outcome(id).status, 200);
  const auto elsewhere = send("GET", workspaces("/second/operations/" + id));
  EXPECT_EQ(elsewhere.status, 404);
  EXPECT_EQ(elsewhere.code(), "OperationNotFound");
  EXPECT_EQ(send("GET", operation_status("purge-none")).code(), "OperationNotFound");
}

TEST_F(WorkspacePurges, wait_where_too_many_are_pending) {
  purges_->hold(true);
  std::string last;
  for (int i = 0; i < 50; ++i) last = begin();
  const auto refused = purge(kHost);
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.code(), "TooManyRequests");
  EXPECT_EQ(refused.http.header("retry-after"), "60");
  purges_->hold(false);
  EXPECT_EQ(outcome(last).body.at("status"), "completed");
  EXPECT_EQ(outcome(begin()).status, 200);
}

TEST_F(WorkspacePurges, tell_why_they_failed) {
  purges_->fail_with({base::Kind::invalid_input, "the engine does not understand it"});
  const std::string id = begin();
  const auto failed = outcome(id);
  EXPECT_EQ(failed.status, 409);
  EXPECT_EQ(failed.code(), "PurgeFailed");
  EXPECT_THAT(message(failed), EndsWith("the engine does not understand it"));
  const auto status = send("GET", operation_status(id)).body;
  EXPECT_EQ(status.at("status"), "Failed");
  EXPECT_EQ(status.at("error").at("message"), "the engine does not understand it");
}

}  // namespace
