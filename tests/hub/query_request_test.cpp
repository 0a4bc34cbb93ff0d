// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "hub/logs/query_answer.hpp"
#include "hub/logs/query_request.hpp"
#include "workspace/timespan.hpp"

namespace {

using hub::QueryPath;
using testing::HasSubstr;

constexpr std::string_view kWorkspace = "/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/w";

QueryPath path_of(std::string_view front, std::string_view end) { return hub::read_query_path(std::string(front) + std::string(end)); }

base::Result<hub::QueryQuestion> question(std::string_view body) { return hub::read_question(*base::parse_json(body, "test"), workspace::now_ticks()); }

std::string fault_of(std::string_view body) {
  const auto read = question(body);
  EXPECT_FALSE(read) << body;
  return read ? "" : read.error().message;
}

base::JsonObject refusal(const workspace::QueryFailure& failure, int status) {
  const auto reply = hub::failure_reply(failure);
  EXPECT_EQ(reply.status, status);
  return reply.body.at("error").as_object();
}

TEST(QueryPath, is_told_by_its_end) {
  EXPECT_EQ(hub::read_query_path("/v1/workspaces/74be27de-1e4e-49d9-b579-fe0b331d3642/query").kind, QueryPath::Kind::workspace_query);
  EXPECT_EQ(hub::read_query_path("/v1/workspaces/74be27de-1e4e-49d9-b579-fe0b331d3642/query").target, "74be27de-1e4e-49d9-b579-fe0b331d3642");
  EXPECT_EQ(hub::read_query_path("/v1/workspaces/a/metadata").kind, QueryPath::Kind::workspace_metadata);
  EXPECT_EQ(hub::read_query_path("/v1/$batch").kind, QueryPath::Kind::batch);
  EXPECT_EQ(hub::read_query_path("/v1/%24batch").kind, QueryPath::Kind::batch);
  for (const auto* end : {"/query", "/api/query", "/providers/microsoft.insights/logs", "/providers/Microsoft.Insights/logs"}) {
    const auto path = path_of(kWorkspace, end);
    EXPECT_EQ(path.kind, QueryPath::Kind::resource_query) << end;
    EXPECT_EQ(path.target, kWorkspace) << end;
    EXPECT_TRUE(path.is_arm);
  }
  EXPECT_EQ(path_of(kWorkspace, "/api/metadata").kind, QueryPath::Kind::resource_metadata);
}

TEST(QueryPath, of_a_resource_may_be_escaped) {
  for (const auto* path : {"/v1/subscriptions/s/resourceGroups/g/query", "/v1//subscriptions/s/resourceGroups/g/query", "/v1/%2Fsubscriptions%2Fs%2FresourceGroups%2Fg/query"}) {
    const auto read = hub::read_query_path(path);
    EXPECT_EQ(read.kind, QueryPath::Kind::resource_query) << path;
    EXPECT_EQ(read.target, "/subscriptions/s/resourceGroups/g") << path;
    EXPECT_FALSE(read.is_arm);
  }
}

TEST(QueryPath, leaves_resources_that_are_called_query_alone) {
  EXPECT_EQ(hub::read_query_path("/subscriptions/s/resourceGroups/query").kind, QueryPath::Kind::none);
  EXPECT_EQ(hub::read_query_path("/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/query").kind, QueryPath::Kind::none);
  EXPECT_EQ(hub::read_query_path("/api/v1/query").kind, QueryPath::Kind::none);
  EXPECT_EQ(hub::read_query_path("/v1/logs").kind, QueryPath::Kind::none);
  EXPECT_EQ(hub::read_query_path("/query").kind, QueryPath::Kind::none);
  EXPECT_EQ(hub::read_query_path("/v1/workspaces/a/query/more").kind, QueryPath::Kind::none);
}

TEST(QueryQuestion, reads_body_and_parameters_alike) {
  const auto posted = question(R"({"query": "Heartbeat | take 1", "timespan": "PT1H", "workspaces": ["other"]})");
  ASSERT_TRUE(posted) << posted.error().message;
  EXPECT_EQ(posted->query, "Heartbeat | take 1");
  EXPECT_EQ(posted->timespan->end - posted->timespan->begin, 3600 * model::kTicksPerSecond);
  EXPECT_EQ(posted->workspaces, std::vector<std::string>{"other"});
  net::ServerRequest request;
  request.method = "GET";
  request.query = {{"query", "Heartbeat | take 1"}, {"timespan", "PT1H"}, {"workspaces", "other, third"}};
  const auto got = hub::read_question(request, workspace::now_ticks());
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->query, posted->query);
  EXPECT_EQ(got->workspaces, (std::vector<std::string>{"other", "third"}));
  EXPECT_FALSE(question(R"({"query": "T", "timespan": null, "workspaces": null})")->timespan);
}

TEST(QueryQuestion, says_what_is_wrong) {
  EXPECT_THAT(fault_of("[]"), HasSubstr("object"));
  EXPECT_THAT(fault_of("{}"), HasSubstr("query is missing"));
  EXPECT_THAT(fault_of(R"({"query": "  "})"), HasSubstr("query is missing"));
  EXPECT_THAT(fault_of(R"({"query": 1})"), HasSubstr("query must be a text"));
  EXPECT_THAT(fault_of(R"({"query": "T", "timespan": "yesterday"})"), HasSubstr("PT12H"));
  EXPECT_THAT(fault_of(R"({"query": "T", "workspaces": "a"})"), HasSubstr("list"));
  EXPECT_THAT(fault_of(R"({"query": "T", "workspaces": [1]})"), HasSubstr("names or ids"));
}

TEST(QueryBatch, keeps_faults_of_one_to_itself) {
  const auto batch = hub::read_batch(*base::parse_json(R"({"requests": [
      {"id": "1", "headers": {"prefer": "wait=9"}, "body": {"query": "T"}, "method": "POST", "path": "/query", "workspace": "w"},
      {"id": "2", "body": {}, "workspace": "w"}]})", "test"), 0);
  ASSERT_TRUE(batch) << batch.error().message;
  ASSERT_EQ(batch->size(), 2u);
  EXPECT_EQ(batch->at(0).prefer, "wait=9");
  EXPECT_EQ(batch->at(0).question->query, "T");
  EXPECT_FALSE(batch->at(1).question);
  EXPECT_FALSE(hub::read_batch(*base::parse_json(R"({"requests": []})", "test"), 0));
  EXPECT_FALSE(hub::read_batch(*base::parse_json(R"({"requests": [{"body": {"query": "T"}}]})", "test"), 0));
}

TEST(Preferences, are_heard_within_limits) {
  const auto heard = hub::read_preferences("wait=600, include-statistics=true;include-render=true, respond-async");
  EXPECT_EQ(heard.wait.count(), 600);
  EXPECT_TRUE(heard.statistics && heard.render);
  EXPECT_EQ(hub::read_preferences("").wait.count(), 180);
  EXPECT_EQ(hub::read_preferences("wait=99999").wait, hub::kLongestQueryWait);
  EXPECT_EQ(hub::read_preferences("wait=99999999999999999999").wait, hub::kLongestQueryWait);
  EXPECT_EQ(hub::read_preferences("wait=0").wait.count(), 1);
  EXPECT_EQ(hub::read_preferences("wait=-5").wait.count(), 180);
  EXPECT_FALSE(hub::read_preferences("include-render=false").render);
}

TEST(QueryAnswer, tells_where_a_query_is_wrong) {
  workspace::QueryDiagnostic first;
  first.kind = workspace::QueryDiagnostic::Kind::syntax;
  first.start = {2, 3};
  first.message = "'summarise' is not a query operator";
  first.suggestion = "summarize";
  first.token = "summarise";
  const auto error = refusal({{base::Kind::invalid_input, "syntax"}, {first, {}}}, 400);
  EXPECT_EQ(error.at("code"), "BadArgumentError");
  EXPECT_EQ(error.at("message"), "The request had some invalid properties");
  const auto& inner = error.at("innererror").as_object();
  EXPECT_EQ(inner.at("code"), "SyntaxError");
  const auto& place = inner.at("innererror").as_object();
  EXPECT_EQ(place.at("line"), 2);
  EXPECT_EQ(place.at("pos"), 2);
  EXPECT_EQ(place.at("token"), "summarise");
  EXPECT_EQ(place.at("message"), "'summarise' is not a query operator. Did you mean 'summarize'?");
  EXPECT_EQ(inner.at("details").as_array().size(), 1u);
}

TEST(QueryAnswer, has_a_status_for_each_way_to_fail) {
  EXPECT_EQ(refusal({{base::Kind::unavailable, "timed out"}, {}}, 504).at("code"), "GatewayTimeout");
  EXPECT_EQ(refusal({{base::Kind::cancelled, "ended"}, {}}, 400).at("code"), "QueryCancelled");
  EXPECT_EQ(refusal({{base::Kind::too_large, "memory"}, {}}, 400).at("code"), "QueryLimitsExceeded");
  EXPECT_EQ(refusal({{base::Kind::internal, "fault"}, {}}, 500).at("code"), "InternalServerError");
}

std::string written(const workspace::QueryOutcome& outcome, std::string_view prefer) {
  std::string out;
  EXPECT_TRUE(hub::write_answer(outcome, hub::read_preferences(prefer), [&](std::string_view bytes) -> base::Result<void> {
    out += bytes;
    return {};
  }));
  return out;
}

TEST(QueryAnswer, has_what_was_preferred_and_says_when_it_is_not_whole) {
  workspace::QueryOutcome outcome;
  EXPECT_EQ(written(outcome, "include-render=true"), R"({"tables":[]})");
  outcome.tables.resize(2);
  outcome.tables[0].name = "PrimaryResult";
  outcome.render = workspace::Render{"timechart", {{"xcolumn", "TimeGenerated"}, {"title", "t"}}};
  outcome.statistics.rows_read = 7;
  EXPECT_THAT(written(outcome, ""), testing::Not(HasSubstr("render")));
  outcome.sources = {{{"id", "/subscriptions/s/w", "w"}, {"Heartbeat"}}};
  EXPECT_THAT(written(outcome, "include-dataSources=true"), HasSubstr(R"("dataSources":[{"resourceId":"/subscriptions/s/w","region":"local","tables":["Heartbeat"]}])"));
  outcome.partial = base::Error{base::Kind::too_large, "more than 500000 rows"};
  const auto json = base::parse_json(written(outcome, "include-render=true, include-statistics=true"), "answer");
  ASSERT_TRUE(json) << json.error().message;
  EXPECT_EQ(json->at("tables").as_array().size(), 2u);
  EXPECT_EQ(json->at("render").at("visualization"), "timechart");
  EXPECT_EQ(json->at("render").at("xColumn"), "TimeGenerated");
  EXPECT_EQ(json->at("render").at("title"), "t");
  EXPECT_EQ(json->at("statistics").at("query").at("inputDatasetStatistics").at("rows").at("scanned"), 7);
  EXPECT_EQ(json->at("error").at("code"), "PartialError");
  EXPECT_EQ(json->at("error").at("details").as_array()[0].at("innererror").at("message"), "more than 500000 rows");
}

TEST(QueryAnswer, is_compressed_for_who_takes_that) {
  net::ServerRequest request;
  const auto takes = [&](const char* header) {
    request.headers = {{"accept-encoding", header}};
    return hub::takes_gzip(request);
  };
  EXPECT_TRUE(takes("gzip"));
  EXPECT_TRUE(takes("br, GZIP;q=0.5"));
  EXPECT_FALSE(takes("gzip;q=0"));
  EXPECT_FALSE(takes("gzip; q=0.0"));
  EXPECT_FALSE(takes("br, deflate"));
}

}  // namespace
