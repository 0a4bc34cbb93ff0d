// SPDX-License-Identifier: Apache-2.0
// Agents and pages against a whole hub.
#include "base/compress.hpp"
#include "benchmark/control.hpp"
#include "hub/logs_hub.hpp"
#include "uplink/messages.hpp"

namespace {

using testing::HasSubstr;

class HubHosts : public hub_testing::LogsHub {
 protected:
  std::string make_token(const std::string& body = "{}") {
    const auto answer = send("POST", "/api/v1/enrollment-tokens", body);
    EXPECT_EQ(answer.status, 201) << base::to_text(answer.body);
    EXPECT_THAT(base::get_string(answer.body, "command"), HasSubstr("bulwark agent --hub " + hub_->url() + " --enroll bwe_"));
    return std::string(base::get_string(answer.body, "token"));
  }

  hub_testing::Answer enroll(const std::string& token, const std::string& name = "web-1") {
    uplink::EnrollRequest request;
    request.token = token;
    request.machine.name = name;
    request.machine.machine_id = std::string(32, name.back());
    request.machine.engine = uplink::EngineKind::docker;
    return send_alone("POST", "/api/v1/agents/enroll", base::to_text(uplink::to_json(request)));
  }

  std::string add_host(const std::string& name = "web-1") {
    const auto answer = enroll(make_token(), name);
    EXPECT_EQ(answer.status, 201) << base::to_text(answer.body);
    return std::string(base::get_string(answer.body, "credential"));
  }

  hub_testing::Answer report(const std::string& credential, const std::string& body, const std::string& encoding = {}, const std::string& type = "application/x-ndjson") {
    net::Headers headers{{"Authorization", "Bearer " + credential}, {"Content-Type", type}};
    if (!encoding.empty()) headers.emplace_back("Content-Encoding", encoding);
    return send_alone("POST", "/api/v1/agents/reports", body, headers);
  }

  static std::string batch(const std::vector<uplink::Body>& bodies, std::uint64_t first = 1) {
    uplink::BatchHeader header;
    header.stream = "11111111-2222-4333-8444-555555555555";
    header.status.version = "1.0.0";
    std::string out = base::to_text(uplink::to_json(header)) + "\n";
    for (const auto& body : bodies) out += base::to_text(uplink::to_json(uplink::Message{first++, 1, body})) + "\n";
    return out;
  }

  static uplink::Assessment whole(const std::string& failed) {
    uplink::Assessment out;
    out.whole = true;
    out.id = base::uuid4();
    out.benchmark = "cis-docker";
    out.benchmark_version = "1.6.0";
    out.cause = "start";
    for (const auto& control : benchmark::cis_docker().controls) {
      uplink::ControlResult result;
      result.id = control.id;
      result.status = control.id == failed ? "fail" : "pass";
      (control.id == failed ? result.counts.fail : result.counts.pass) = 1;
      if (control.id == failed) result.resources.push_back({"container", "c1", "web", "fail", base::JsonArray{base::JsonObject{{"message", "is privileged"}}}});
      out.controls.push_back(std::move(result));
    }
    return out;
  }

  static uplink::Inventory inventory() {
    uplink::Inventory out;
    out.whole = true;
    uplink::Container container;
    container.id = "c1";
    container.name = "web";
    container.image = "nginx:1.25";
    container.image_id = "sha256:aa";
    container.state = "running";
    out.containers = {container};
    out.networks = {{"n1", "bridge", "bridge", "local"}};
    out.volumes = {{"v1", "local", "/v1"}};
    uplink::Image image;
    image.id = "sha256:aa";
    image.names = {"nginx:1.25"};
    out.images = {image};
    return out;
  }

  std::size_t activities(const std::string& operation) {
    const auto answer = send("GET", "/api/v1/activity?q=" + operation);
    return base::get_array(answer.body, "value").size();
  }
};

TEST_F(HubHosts, enroll_report_and_are_shown) {
  const auto credential = add_host();
  const auto taken = report(credential, base::compress_zstd(batch({inventory(), whole("5.4")})), "zstd");
  ASSERT_EQ(taken.status, 200) << base::to_text(taken.body);
  EXPECT_EQ(base::get_int(taken.body, "acknowledged"), 2);

  const auto list = send("GET", "/api/v1/hosts?sort=-severity");
  ASSERT_EQ(list.status, 200) << base::to_text(list.body);
  ASSERT_EQ(base::get_array(list.body, "value").size(), 1u);
  const auto& row = base::get_array(list.body, "value")[0];
  EXPECT_EQ(base::get_string(row, "status"), "Unhealthy");
  EXPECT_EQ(base::get_int(row, "runningContainers"), 1);
  EXPECT_EQ(base::get_int(row, "passPercentage"), 99);
  EXPECT_EQ(base::find(row, "counts"), nullptr);

  const auto host = send("GET", "/api/v1/hosts/WEB-1");
  ASSERT_EQ(host.status, 200) << base::to_text(host.body);
  EXPECT_THAT(base::get_string(host.body, "failedRulesQuery"), HasSubstr("| where Computer == \"web-1\""));
  EXPECT_EQ(base::get_string(*base::find(host.body, "workspace"), "customerId"), customer_id_);
  EXPECT_EQ(base::get_array(host.body, "recommendations").size(), 3u);
  EXPECT_EQ(base::get_int(*base::find(*base::find(host.body, "benchmark"), "counts"), "fail"), 1);

  const auto controls = send("GET", "/api/v1/hosts/web-1/controls");
  EXPECT_EQ(base::get_array(controls.body, "value").size(), benchmark::cis_docker().controls.size());
  const auto failed = send("GET", "/api/v1/hosts/web-1/controls?status=fail");
  ASSERT_EQ(base::get_array(failed.body, "value").size(), 1u);
  const auto& control = base::get_array(failed.body, "value")[0];
  EXPECT_EQ(base::get_string(base::get_array(control, "resources")[0], "name"), "web");
  const auto finding = send("GET", "/api/v1/findings/" + std::string(base::get_string(control, "findingId")) + "?imageId=" + std::string(base::get_string(row, "id")));
  EXPECT_EQ(finding.status, 200) << base::to_text(finding.body);

  for (const char* part : {"containers", "images", "networks", "volumes"})
    EXPECT_EQ(base::get_array(send("GET", std::string("/api/v1/hosts/web-1/") + part).body, "value").size(), 1u) << part;
  EXPECT_GE(base::get_array(send("GET", "/api/v1/hosts/web-1/history").body, "value").size(), 1u);
  EXPECT_EQ(send("GET", "/api/v1/running-images").status, 200);
  for (const char* csv : {"/api/v1/hosts", "/api/v1/hosts/web-1/controls", "/api/v1/hosts/web-1/containers", "/api/v1/hosts/web-1/history", "/api/v1/running-images", "/api/v1/containers"})
    EXPECT_EQ(send("GET", std::string(csv) + "?format=csv").status, 200) << csv;

  const auto assets = send("GET", "/api/v1/containers?kind=host");
  ASSERT_EQ(base::get_array(assets.body, "value").size(), 1u);
  EXPECT_EQ(base::get_int(base::get_array(assets.body, "value")[0], "recommendations"), 1);
  EXPECT_EQ(send("GET", "/api/v1/containers?kind=boat").status, 400);
  const auto inventory = send("GET", "/api/v1/inventory?type=host");
  ASSERT_EQ(base::get_array(inventory.body, "value").size(), 1u);
  EXPECT_EQ(base::get_string(base::get_array(inventory.body, "value")[0], "type"), "host");
  EXPECT_THAT(base::to_text(send("GET", "/api/v1/search?q=web").body), HasSubstr("/hosts/web-1"));
  EXPECT_THAT(base::to_text(send("GET", "/api/v1/overview").body), HasSubstr("Add a container host"));
}

TEST_F(HubHosts, are_resources_that_people_tag_and_remove_but_do_not_make) {
  const auto credential = add_host();
  const std::string path = arm("Microsoft.HybridCompute/machines/web-1");
  const auto shown = send("GET", path);
  ASSERT_EQ(shown.status, 200) << base::to_text(shown.body);
  EXPECT_EQ(base::get_string(*base::find(shown.body, "properties"), "status"), "Connected");
  EXPECT_EQ(base::get_array(send("GET", subscription_ + "/providers/Microsoft.HybridCompute/machines?api-version=2025-01-13").body, "value").size(), 1u);
  const auto tagged = send("PATCH", path, R"({"tags": {"env": "lab"}, "properties": {"vmId": "forged"}})");
  EXPECT_EQ(tagged.status, 200) << base::to_text(tagged.body);
  EXPECT_EQ(base::get_string(*base::find(tagged.body, "tags"), "env"), "lab");
  EXPECT_EQ(base::get_string(*base::find(tagged.body, "properties"), "vmId"), std::string(32, '1'));
  EXPECT_EQ(send("PUT", arm("Microsoft.HybridCompute/machines/mine"), "{}").status, 400);
  EXPECT_EQ(send("DELETE", path).status, 200);
  EXPECT_EQ(report(credential, batch({})).status, 401);
  EXPECT_EQ(base::get_array(send("GET", "/api/v1/hosts").body, "value").size(), 0u);
  EXPECT_EQ(send("GET", "/api/v1/hosts/web-1").status, 404);
}

TEST_F(HubHosts, tokens_are_listed_without_secrets_and_revoked) {
  const auto token = make_token(R"({"uses": 3, "labels": {"env": "lab"}})");
  const auto list = send("GET", "/api/v1/enrollment-tokens");
  ASSERT_EQ(base::get_array(list.body, "value").size(), 1u);
  EXPECT_EQ(base::to_text(list.body).find(uplink::parse_token(token)->secret), std::string::npos);
  const std::string id(base::get_string(base::get_array(list.body, "value")[0], "id"));
  EXPECT_EQ(send("DELETE", "/api/v1/enrollment-tokens/" + id).status, 204);
  EXPECT_EQ(send("DELETE", "/api/v1/enrollment-tokens/" + id).status, 404);
  EXPECT_EQ(enroll(token).status, 401);
  EXPECT_EQ(send_alone("POST", "/api/v1/enrollment-tokens", "{}").status, 401);
}

TEST_F(HubHosts, lock_out_who_guesses_tokens_and_write_it_down) {
  const auto good = make_token();
  auto bad = *uplink::parse_token(good);
  bad.secret = std::string(40, 'x');
  int status = 0;
  for (int i = 0; i < 101 && status != 429; ++i) status = enroll(uplink::to_text(bad)).status;
  EXPECT_EQ(status, 429);
  const auto locked = enroll(good);
  EXPECT_EQ(locked.status, 429);
  EXPECT_FALSE(locked.http.header("retry-after").empty());
  EXPECT_GE(activities("machines/enroll"), 1u);
}

TEST_F(HubHosts, refuse_reports_that_are_none) {
  const auto credential = add_host();
  EXPECT_EQ(report("bwa_wrong", batch({})).status, 401);
  EXPECT_EQ(report("", batch({})).status, 401);
  EXPECT_EQ(report(credential, batch({}), "", "application/json").status, 415);
  EXPECT_EQ(report(credential, batch({}), "br").status, 415);
  EXPECT_EQ(report(credential, "{}\n").status, 400);
  EXPECT_EQ(report(credential, "not json").status, 400);
  EXPECT_EQ(report(credential, base::compress_zstd(batch({})).substr(0, 20), "zstd").status, 400);
  const auto deep = std::string(5'000, '[') + std::string(5'000, ']');
  EXPECT_EQ(report(credential, batch({}) + deep + "\n").status, 400);
  const std::string bomb = base::compress_zstd(std::string(64u << 20, ' '));
  EXPECT_LT(bomb.size(), 1u << 20);
  EXPECT_EQ(report(credential, bomb, "zstd").status, 413);
  EXPECT_EQ(report(credential, std::string((16u << 20) + 1, ' ')).status, 413);
  EXPECT_EQ(send("GET", "/api/v1/agents/reports").status, 405);
  EXPECT_EQ(report(credential, batch({})).status, 200) << "and the next one is taken";
}

TEST_F(HubHosts, are_asked_to_assess) {
  const auto credential = add_host();
  EXPECT_EQ(send("POST", "/api/v1/hosts/web-1/assess").status, 202);
  EXPECT_THAT(base::to_text(report(credential, batch({})).body), HasSubstr("\"assess\""));
  EXPECT_EQ(send("POST", "/api/v1/hosts/nobody/assess").status, 404);
}

}  // namespace
