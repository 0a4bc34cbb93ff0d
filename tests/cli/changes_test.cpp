// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.hpp"

namespace {

using cli_test::contains;
using cli_test::run;

const std::string kRegistries = "/subscriptions/s1/resourceGroups/default/providers/Microsoft.ContainerRegistry/registries/";

class Changes : public cli_test::HubCommands {};

TEST_F(Changes, registry_add_stores_and_tests) {
  hub_.on("PUT " + kRegistries + "new", R"({"id": "/the/id"})", 201);
  hub_.on("POST " + kRegistries + "new/testConnection",
          R"({"reachable": true, "versionTwo": true, "authenticated": true, "catalog": true, "message": "It answers."})");
  const auto add = run({"registry", "add", "new", "registry.example.com", "--username", "ci", "--password-stdin", "--repository", "team/**",
                        "--platform", "linux/amd64", "--poll-minutes", "5", "--untagged", "assess"},
                       "hunter2\n");
  EXPECT_EQ(add.code, 0) << add.err;
  EXPECT_EQ(add.out, "/the/id\n");
  EXPECT_FALSE(contains(add.out + add.err, "hunter2"));
  const auto put = hub_.last("PUT " + kRegistries + "new");
  EXPECT_EQ(put.header("if-none-match"), "*");
  EXPECT_EQ(put.parameter("api-version"), "2025-11-01");
  const auto body = base::parse_json(put.body, "body");
  ASSERT_TRUE(body);
  EXPECT_EQ(base::to_text(*base::find(*body, "properties")),
            R"({"loginServer":"registry.example.com","username":"ci","password":"hunter2","pollMinutes":5,"untaggedImages":"Assess",)"
            R"("repositories":["team/**"],"platforms":["linux/amd64"]})");
}

TEST_F(Changes, registry_add_never_overwrites_unless_told) {
  hub_.on("PUT " + kRegistries + "prod", R"({"error": {"code": "PreconditionFailed", "message": "It exists already."}})", 412);
  const auto add = run({"registry", "add", "prod", "registry.example.com"});
  EXPECT_EQ(add.code, 1);
  EXPECT_TRUE(contains(add.err, "--replace"));
  run({"registry", "add", "prod", "registry.example.com", "--replace"});
  EXPECT_EQ(hub_.last("PUT " + kRegistries + "prod").header("if-none-match"), "");
}

TEST_F(Changes, registry_test_fails_where_the_registry_cannot_be_used) {
  hub_.on("POST " + kRegistries + "prod/testConnection", R"({"reachable": true, "versionTwo": true, "authenticated": false, "message": "Wrong password."})");
  const auto test = run({"registry", "test", "prod"});
  EXPECT_EQ(test.code, 1);
  EXPECT_EQ(test.out, "prod (registry.example.com): Wrong password.\n");
}

TEST_F(Changes, registry_scan_and_remove_act_on_the_resource) {
  hub_.on("POST " + kRegistries + "prod/scan", R"({"queued": 3})", 202);
  hub_.on("DELETE " + kRegistries + "prod", "", 200);
  EXPECT_TRUE(contains(run({"registry", "scan", "registry.example.com", "--rescan"}).err, "3 images are queued"));
  EXPECT_EQ(hub_.last("POST " + kRegistries + "prod/scan").body, R"({"rescan":true})");
  EXPECT_EQ(run({"registry", "remove", "prod"}).code, 0);
  EXPECT_EQ(hub_.last("DELETE " + kRegistries + "prod").parameter("api-version"), "2025-11-01");
  EXPECT_EQ(run({"registry", "remove", "nope"}).code, 1);
}

TEST_F(Changes, image_delete_wants_to_be_told_twice) {
  hub_.on("GET /api/v1/registries/prod/images",
          R"({"value": [{"id": "/i/1", "registry": "prod", "repository": "app", "digest": "sha256:aa", "tags": ["1"]}], "next": null})");
  hub_.on("DELETE /i/1", "", 200);
  EXPECT_EQ(run({"image", "delete", "registry.example.com/app:1"}).code, 3);
  EXPECT_TRUE(hub_.requests().empty());
  EXPECT_EQ(run({"image", "delete", "registry.example.com/app:1", "--yes"}).code, 0);
  EXPECT_EQ(hub_.last("DELETE /i/1").method, "DELETE");
}

TEST_F(Changes, recommendation_exempt_puts_an_exemption_below_its_scope) {
  hub_.on("GET /api/v1/recommendations/k1", R"({"key": "k1", "title": "Mend it"})");
  hub_.on("PUT " + kRegistries + "prod/providers/Bulwark.Security/exemptions/e1", "{}", 201);
  hub_.on("PUT /subscriptions/s1/providers/Bulwark.Security/exemptions/e2", "{}", 201);
  const auto exempt = run({"recommendation", "exempt", "k1", "--registry", "prod", "--reason", "never deployed", "--category", "mitigated",
                           "--expires", "2027-01-31", "--finding", "f1", "--name", "e1"});
  EXPECT_EQ(exempt.code, 0) << exempt.err;
  EXPECT_EQ(exempt.out, kRegistries + "prod/providers/Bulwark.Security/exemptions/e1\n");
  EXPECT_EQ(hub_.last("PUT " + kRegistries + "prod/providers/Bulwark.Security/exemptions/e1").body,
            R"({"properties":{"assessmentKey":"k1","category":"Mitigated","reason":"never deployed","expires":"2027-01-31T00:00:00Z","findingIds":["f1"]}})");
  EXPECT_EQ(run({"recommendation", "exempt", "k1", "--reason", "all", "--name", "e2"}).code, 0);
  EXPECT_EQ(run({"recommendation", "exempt", "k1", "--reason", "x", "--expires", "soon"}).code, 3);
  EXPECT_EQ(run({"recommendation", "exempt", "k1", "--reason", "x", "--registry", "a", "--image", "b"}).code, 3);
  EXPECT_EQ(run({"recommendation", "exempt", "gone", "--reason", "x"}).code, 1);
}

TEST_F(Changes, hub_apply_sends_the_file_and_prints_what_changed) {
  hub_.on("POST /api/v1/apply", R"({"changed": ["/a", "/b"], "unchanged": 3})");
  const auto apply = run({"hub", "apply", "-f", "-"}, "registries:\n  - name: a\n");
  EXPECT_EQ(apply.code, 0) << apply.err;
  EXPECT_EQ(apply.out, "/a\n/b\n");
  EXPECT_TRUE(contains(apply.err, "2 changed, 3 were so already"));
  EXPECT_EQ(hub_.last("POST /api/v1/apply").header("content-type"), "application/yaml");
  EXPECT_EQ(hub_.last("POST /api/v1/apply").body, "registries:\n  - name: a\n");
  EXPECT_EQ(run({"hub", "apply", "-f", "missing.yaml"}).code, 1);
}

TEST_F(Changes, host_token_prints_the_command_to_run_on_the_host) {
  hub_.on("POST /api/v1/enrollment-tokens", R"({"id": "t1", "token": "bwe_t1.secret.-", "expires": "2026-12-01T00:00:00.000Z", "command": "bulwark agent --hub H --enroll bwe_t1.secret.-"})", 201);
  const auto made = run({"host", "token", "--uses", "5", "--expires", "2d", "--label", "env=prod", "--label", "team=a=b"});
  EXPECT_EQ(made.code, 0) << made.err;
  EXPECT_EQ(made.out, "bulwark agent --hub H --enroll bwe_t1.secret.-\n");
  EXPECT_EQ(hub_.last("POST /api/v1/enrollment-tokens").body, R"({"uses":5,"expiresInSeconds":172800,"labels":{"env":"prod","team":"a=b"}})");
  EXPECT_EQ(run({"host", "token", "--token-alone"}).out, "bwe_t1.secret.-\n");
  EXPECT_EQ(run({"host", "token", "--label", "env"}).code, 3);
  EXPECT_EQ(run({"host", "token", "--expires", "soon"}).code, 3);
  EXPECT_EQ(run({"host", "token", "--uses", "0"}).code, 3);
}

TEST_F(Changes, host_remove_and_assess_act_on_the_host_of_that_name) {
  hub_.on("GET /api/v1/hosts/web-1", R"({"id": "/subscriptions/s1/machines/web-1", "name": "web-1"})");
  hub_.on("GET /api/v1/hosts", R"({"value": [{"name": "web-1"}], "total": 1, "next": null})");
  hub_.on("DELETE /subscriptions/s1/machines/web-1", "", 200);
  hub_.on("POST /api/v1/hosts/web-1/assess", "", 202);
  EXPECT_EQ(run({"host", "assess", "web-1"}).code, 0);
  EXPECT_EQ(run({"host", "remove", "web-1"}).code, 0);
  const auto wrong = run({"host", "remove", "web-2"});
  EXPECT_EQ(wrong.code, 1);
  EXPECT_TRUE(contains(wrong.err, "it has web-1")) << wrong.err;
}

TEST_F(Changes, host_show_lists_what_fails_the_worst_first) {
  hub_.on("GET /api/v1/hosts/web-1", R"({"id": "/i", "name": "web-1", "state": "connected", "engine": {"kind": "docker", "version": "26.1"}})");
  hub_.on("GET /api/v1/hosts/web-1/controls",
          R"({"value": [{"id": "2.1", "title": "Low one", "severity": "Low", "resources": [], "remediation": ["fix it"]}, {"id": "5.4", "title": "No privilege", "severity": "High",)"
          R"( "resources": [{"name": "we\u001bb", "status": "fail"}, {"name": "db", "status": "manual"}], "remediation": ["docker run IMAGE"]}], "total": 2, "next": null})");
  const auto shown = run({"host", "show", "web-1"});
  EXPECT_EQ(shown.code, 0) << shown.err;
  EXPECT_LT(shown.out.find("No privilege"), shown.out.find("Low one"));
  EXPECT_TRUE(contains(shown.out, "docker run IMAGE"));
  EXPECT_FALSE(contains(shown.out, "\x1b"));
  EXPECT_FALSE(contains(shown.out, ", db"));
}

}  // namespace
