// SPDX-License-Identifier: Apache-2.0
// A whole hub on a loopback port over a fake workspace, with its administrator signed in.
#pragma once

#include <gtest/gtest.h>

#include "base/crypto.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "hub/hub.hpp"
#include "hub/logs_fakes.hpp"
#include "net/http.hpp"

namespace hub_testing {

struct Answer {
  int status = 0;
  base::Json body;
  net::HttpResponse http;

  std::string code() const {
    const auto* error = base::find(body, "error");
    return error ? std::string(base::get_string(*error, "code")) : "";
  }
};

class LogsHub : public testing::Test {
 protected:
  LogsHub() : folder_(std::move(*base::TempDir::create("bulwark-logs-hub"))), transport_(net::curl_transport({})) {
    hub::HubOptions options;
    options.data_dir = folder_.path() / "data";
    options.port = 0;
    options.refresh_hours = 0;
    options.open_workspaces = [this](const std::filesystem::path&, const workspace::TableSpecs& specs) { return open_parts(specs); };
    auto started = hub::Hub::start(std::move(options));
    if (!started) {
      ADD_FAILURE() << started.error().message;
      return;
    }
    hub_ = std::move(*started);
    sign_in();
  }
  ~LogsHub() override {
    if (hub_) hub_->stop();
  }

  // As the administrator, who has a session.
  Answer send(const std::string& method, const std::string& path, const std::string& body = {}, net::Headers headers = {}) {
    headers.emplace_back("Cookie", cookie_);
    headers.emplace_back("X-CSRF-Token", csrf_);
    return send_alone(method, path, body, std::move(headers));
  }

  Answer send_alone(const std::string& method, const std::string& path, const std::string& body = {}, net::Headers headers = {}) {
    net::HttpRequest request;
    request.method = method;
    request.url = hub_->url() + path;
    request.body = body;
    request.headers = std::move(headers);
    bool typed = false;
    for (const auto& header : request.headers) typed = typed || header.first == "Content-Type";
    if (!body.empty() && !typed) request.headers.emplace_back("Content-Type", "application/json");
    auto sent = transport_->send(request);
    EXPECT_TRUE(sent) << method << " " << path << ": " << sent.error().message;
    if (!sent) return {};
    Answer answer{sent->status, base::parse_json(sent->body, "answer").value_or(nullptr), *sent};
    return answer;
  }

  std::string arm(const std::string& rest) const { return group_ + "/providers/" + rest + (rest.find('?') == std::string::npos ? "?" : "&") + "api-version=2023-09-01"; }

  // Gives the administrator a role at a scope.
  void give_role(const std::string& role, const std::string& scope) {
    const auto answer = send("PUT", scope + "/providers/Microsoft.Authorization/roleAssignments/" + base::uuid4() + "?api-version=2022-04-01",
                             base::to_text(base::JsonObject{{"properties", base::JsonObject{{"roleDefinitionId", subscription_ + "/providers/Microsoft.Authorization/roleDefinitions/" + role},
                                                                                           {"principalId", user_}, {"principalType", "User"}}}}));
    EXPECT_EQ(answer.status, 201) << base::to_text(answer.body);
  }

  base::TempDir folder_;
  std::unique_ptr<net::HttpTransport> transport_;
  std::shared_ptr<FakeQueries> queries_;
  std::shared_ptr<FakeRecords> records_;
  std::shared_ptr<FakePurges> purges_ = std::make_shared<FakePurges>();
  std::unique_ptr<hub::Hub> hub_;
  std::string cookie_, csrf_, user_, subscription_, group_, customer_id_, workspace_;

 private:
  base::Result<std::shared_ptr<hub::WorkspaceParts>> open_parts(const workspace::TableSpecs& specs) {
    queries_ = std::make_shared<FakeQueries>(specs);
    records_ = std::make_shared<FakeRecords>();
    auto parts = std::make_shared<hub::WorkspaceParts>(hub::WorkspaceParts{queries_, records_, rows_of, lines_of, rows_of, {}, {}, {specs, {}, {}, {}, {}, {}}, {}});
    parts->tables.purge = [purges = purges_](const workspace::WorkspaceRef&, const workspace::TableSpec& table, const workspace::Purge& purge) { return purges->run(table, purge); };
    return parts;
  }

  void sign_in() {
    const auto link = hub_->sign_in_link().value_or("");
    const auto answer = send_alone("POST", "/api/v1/links", base::to_text(base::JsonObject{{"token", base::cut(link, "#").second}, {"password", "correct horse battery"}}));
    ASSERT_EQ(answer.status, 200) << base::to_text(answer.body);
    cookie_ = base::cut(answer.http.header("set-cookie"), ";").first;
    csrf_ = base::get_string(answer.body, "csrf");
    user_ = base::get_string(*base::find(answer.body, "user"), "id");
    subscription_ = "/subscriptions/" + std::string(base::get_string(answer.body, "subscriptionId"));
    group_ = subscription_ + "/resourceGroups/default";
    const auto* workspace = base::find(answer.body, "workspace");
    ASSERT_NE(workspace, nullptr);
    customer_id_ = base::get_string(*workspace, "customerId");
    workspace_ = base::get_string(*workspace, "id");
  }

};

}  // namespace hub_testing
