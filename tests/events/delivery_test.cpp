// SPDX-License-Identifier: Apache-2.0
#include "events/delivery.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>

#include "base/files.hpp"

namespace {

using events::Action;
using events::Sender;

const std::string kDigest = "sha256:" + std::string(64, 'a');
constexpr const char* kManifestType = "application/vnd.oci.image.manifest.v1+json";
constexpr const char* kJson = "application/json";

base::Result<events::Delivery> parse(std::string_view body, const events::LowerCaseHeaders& headers = {}) {
  return events::parse_delivery(body, kJson, headers);
}

// With ' for ".
std::string quoted(std::string text) {
  for (char& c : text)
    if (c == '\'') c = '"';
  return text;
}

std::string target_event(const std::string& action, const std::string& target) {
  return quoted("{'id':'e1','timestamp':'2026-01-02T03:04:05.123Z','action':'" + action + "','target':" + target +
                ",'request':{'addr':'10.0.0.9:4000','host':'registry.example.com:5000','useragent':'docker/27'},"
                "'actor':{'name':'ann'}}");
}

std::string manifest_target(const std::string& repository = "team/app", const std::string& tag = "1.2") {
  return quoted("{'mediaType':'" + std::string(kManifestType) + "','size':524,'digest':'" + kDigest +
                "','repository':'" + repository + "','tag':'" + tag + "'}");
}

std::string envelope(const std::string& events) { return R"({"events":[)" + events + "]}"; }

TEST(RegistryEvents, reads_a_push_to_docker_distribution) {
  const auto delivery =
      events::parse_delivery(envelope(target_event("push", manifest_target())),
                             "application/vnd.docker.distribution.events.v2+json; charset=utf-8", {});
  ASSERT_TRUE(delivery) << delivery.error().message;
  EXPECT_EQ(delivery->sender, Sender::distribution);
  ASSERT_EQ(delivery->events.size(), 1u);
  const events::RegistryEvent& event = delivery->events[0];
  EXPECT_EQ(event.action, Action::push);
  EXPECT_EQ(event.id, "e1");
  EXPECT_EQ(event.repository, "team/app");
  EXPECT_EQ(event.tag, "1.2");
  EXPECT_EQ(event.digest, kDigest);
  EXPECT_EQ(event.media_type, kManifestType);
  EXPECT_EQ(event.size, 524u);
  EXPECT_EQ(event.host, "registry.example.com:5000");
  EXPECT_EQ(event.time, "2026-01-02T03:04:05.123Z");
  EXPECT_EQ(event.actor, "ann");
  EXPECT_EQ(event.address, "10.0.0.9:4000");
  EXPECT_EQ(event.user_agent, "docker/27");
}

TEST(RegistryEvents, leaves_out_blobs_of_docker_distribution) {
  const std::string blob = quoted("{'mediaType':'application/octet-stream','digest':'" + kDigest +
                                  "','repository':'team/app','url':'http://r/v2/team/app/blobs/x'}");
  const std::string untyped =
      quoted("{'digest':'" + kDigest + "','repository':'team/app','url':'http://r/v2/team/app/blobs/x'}");
  const auto delivery = parse(envelope(target_event("push", blob) + "," + target_event("mount", blob) + "," +
                                       target_event("pull", untyped) + "," + target_event("pull", manifest_target())));
  ASSERT_TRUE(delivery) << delivery.error().message;
  ASSERT_EQ(delivery->events.size(), 1u);
  EXPECT_EQ(delivery->events[0].action, Action::pull);
  EXPECT_TRUE(delivery->refused.empty());
}

TEST(RegistryEvents, tells_the_deletion_of_a_tag_from_that_of_a_manifest) {
  const auto delivery =
      parse(envelope(target_event("delete", quoted("{'repository':'team/app','tag':'1'}")) + "," +
                     target_event("delete", quoted("{'repository':'team/app','digest':'" + kDigest + "'}"))));
  ASSERT_TRUE(delivery) << delivery.error().message;
  ASSERT_EQ(delivery->events.size(), 2u);
  EXPECT_EQ(delivery->events[0].action, Action::remove_tag);
  EXPECT_EQ(delivery->events[1].action, Action::remove_manifest);
}

TEST(RegistryEvents, refuses_hostile_names_event_by_event) {
  const std::vector<std::string> hostile = {"../../etc/passwd", "Team/App", "team//app", "a\\u0000b", "app?x=y",
                                            "app app",          "",         "team/app/", std::string(256, 'a')};
  std::string list = target_event("push", manifest_target());
  for (const std::string& name : hostile) list += "," + target_event("push", manifest_target(name));
  list += "," + target_event("push", manifest_target("team/app", "-rm"));
  list += "," + target_event("push", quoted("{'repository':'a','digest':'sha256:91ef6'}"));
  list += "," + target_event("push", quoted("{'repository':'a'}")) + ",7,null,[]";
  const auto delivery = parse(envelope(list));
  ASSERT_TRUE(delivery) << delivery.error().message;
  EXPECT_EQ(delivery->events.size(), 1u);
  EXPECT_EQ(delivery->refused.size(), hostile.size() + 3 + 3);
  for (const std::string& line : delivery->refused) EXPECT_LT(line.size(), 700u);
}

TEST(RegistryEvents, keeps_an_event_whose_free_texts_are_odd) {
  const auto delivery = parse(envelope(
      quoted("{'id':'" + std::string(5000, 'x') + "','timestamp':'yesterday','action':'push','target':") +
      manifest_target() +
      quoted(",'request':{'host':'<script>','useragent':'\\u001b[2J'},'actor':{'name':{'first':'ann'}}}")));
  ASSERT_TRUE(delivery) << delivery.error().message;
  ASSERT_EQ(delivery->events.size(), 1u);
  const events::RegistryEvent& event = delivery->events[0];
  EXPECT_EQ(event.id.size(), 200u);
  EXPECT_EQ(event.time, "");
  EXPECT_EQ(event.host, "");
  EXPECT_EQ(event.actor, "");
  EXPECT_EQ(event.user_agent.find('\x1b'), std::string::npos);
}

TEST(RegistryEvents, reads_azure_container_registry) {
  const std::map<std::string, Action> actions = {
      {"push", Action::push}, {"delete", Action::remove_manifest}, {"quarantine", Action::quarantine}};
  for (const auto& [name, action] : actions) {
    const std::string target = quoted("{'size':1,'digest':'" + kDigest + "','repository':'hello-world'}");
    const auto delivery = parse(target_event(name, target));
    ASSERT_TRUE(delivery) << delivery.error().message;
    EXPECT_EQ(delivery->sender, Sender::acr);
    ASSERT_EQ(delivery->events.size(), 1u) << name;
    EXPECT_EQ(delivery->events[0].action, action);
    EXPECT_EQ(delivery->events[0].repository, "hello-world");
  }
}

TEST(RegistryEvents, reads_the_ping_of_azure_container_registry) {
  const auto delivery = parse(R"({"id":"p1","timestamp":"2026-01-02T03:04:05Z","action":"ping"})");
  ASSERT_TRUE(delivery) << delivery.error().message;
  ASSERT_EQ(delivery->events.size(), 1u);
  EXPECT_EQ(delivery->events[0].action, Action::ping);
  EXPECT_EQ(delivery->events[0].id, "p1");
}

std::string grid_entry(const std::string& type, const std::string& data) {
  return quoted("{'id':'g1','topic':'/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/"
                "registries/r','subject':'app:1','eventType':'" + type +
                "','eventTime':'2026-01-02T03:04:06Z','dataVersion':'1.0','data':") + data + "}";
}

TEST(RegistryEvents, reads_event_grid_in_its_own_schema) {
  const auto delivery =
      parse("[" + grid_entry("Microsoft.ContainerRegistry.ImagePushed", target_event("push", manifest_target())) + "," +
            grid_entry("Microsoft.ContainerRegistry.ImageDeleted", target_event("delete", manifest_target())) + "," +
            grid_entry("Microsoft.ContainerRegistry.ChartPushed", target_event("chart_push", manifest_target())) + "]");
  ASSERT_TRUE(delivery) << delivery.error().message;
  EXPECT_EQ(delivery->sender, Sender::event_grid);
  ASSERT_EQ(delivery->events.size(), 2u);
  EXPECT_EQ(delivery->events[0].action, Action::push);
  EXPECT_EQ(delivery->events[0].id, "g1");
  EXPECT_EQ(delivery->events[0].time, "2026-01-02T03:04:06Z");
  EXPECT_EQ(delivery->events[1].action, Action::remove_manifest);
}

TEST(RegistryEvents, reads_event_grid_as_cloud_events) {
  const std::string event = quoted("{'specversion':'1.0','id':'c1','source':'/subscriptions/s','type':"
                                   "'Microsoft.ContainerRegistry.ImagePushed','time':'2026-01-02T03:04:07Z','data':") +
                            target_event("push", manifest_target()) + "}";
  for (const std::string& body : {event, "[" + event + "]"}) {
    const auto delivery = events::parse_delivery(body, "application/cloudevents+json", {});
    ASSERT_TRUE(delivery) << delivery.error().message;
    EXPECT_EQ(delivery->sender, Sender::event_grid);
    ASSERT_EQ(delivery->events.size(), 1u);
    EXPECT_EQ(delivery->events[0].id, "c1");
    EXPECT_EQ(delivery->events[0].time, "2026-01-02T03:04:07Z");
  }
}

TEST(RegistryEvents, hands_out_the_code_of_the_event_grid_handshake) {
  const auto body = [](const std::string& code) {
    return "[" + grid_entry("Microsoft.EventGrid.SubscriptionValidationEvent",
                            quoted("{'validationCode':'" + code + "','validationUrl':'https://evil.example/'}")) + "]";
  };
  const auto delivery = parse(body("512D38B6-C7B8-40C8-89FE-F46F9E9622B6"));
  ASSERT_TRUE(delivery) << delivery.error().message;
  EXPECT_EQ(delivery->validation_code, "512D38B6-C7B8-40C8-89FE-F46F9E9622B6");
  EXPECT_TRUE(delivery->events.empty());
  const auto hostile = parse(body("<b>"));
  ASSERT_TRUE(hostile) << hostile.error().message;
  EXPECT_EQ(hostile->validation_code, "");
  EXPECT_EQ(hostile->refused.size(), 1u);
}

TEST(RegistryEvents, gives_each_resource_of_a_harbor_delivery_an_id_of_its_own) {
  const std::string resource = quoted("{'digest':'" + kDigest + "','tag':'1','resource_url':'harbor.io:8443/team/app:1'}");
  const auto delivery = parse(quoted("{'specversion':'1.0','id':'h1','type':'harbor.artifact.pushed','operator':'ann',"
                                     "'time':'2026-01-02T03:04:05Z','data':{'repository':{'repo_full_name':'team/app'},"
                                     "'resources':[") + resource + "," + resource + "]}}");
  ASSERT_TRUE(delivery) << delivery.error().message;
  ASSERT_EQ(delivery->events.size(), 2u);
  EXPECT_EQ(delivery->events[0].id, "h1#1");
  EXPECT_EQ(delivery->events[1].id, "h1#2");
  EXPECT_EQ(delivery->events[0].host, "harbor.io:8443");
}

TEST(RegistryEvents, reads_docker_hub_without_a_digest) {
  for (const char* time : {"1417566161", "1.417566161e+09"}) {
    const auto delivery = parse(quoted("{'callback_url':'https://registry.hub.docker.com/u/x/','push_data':{'pushed_at':" +
                                       std::string(time) + ",'pusher':'trustedbuilder','tag':'latest','images':[]},"
                                       "'repository':{'repo_name':'ann/hook','name':'hook','namespace':'ann'}}"));
    ASSERT_TRUE(delivery) << delivery.error().message;
    EXPECT_EQ(delivery->sender, Sender::docker_hub);
    ASSERT_EQ(delivery->events.size(), 1u);
    EXPECT_EQ(delivery->events[0].repository, "ann/hook");
    EXPECT_EQ(delivery->events[0].tag, "latest");
    EXPECT_EQ(delivery->events[0].digest, "");
    EXPECT_EQ(delivery->events[0].host, "docker.io");
    EXPECT_EQ(delivery->events[0].time, "2014-12-03T00:22:41Z");
  }
}

std::string github_package(const std::string& member, const std::string& type) {
  return quoted("{'action':'published','" + member + "':{'name':'App','namespace':'Octo-Org','package_type':'" + type +
                "','owner':{'login':'Octo-Org'},'package_version':{'version':'" + kDigest +
                "','package_url':'ghcr.io/octo-org/app:1','updated_at':'2026-01-02T03:04:05Z','container_metadata':"
                "{'tag':{'name':'1','digest':'" + kDigest + "'},'manifest':{'media_type':'" + kManifestType +
                "','size':952}}}},'sender':{'login':'ann'}}");
}

TEST(RegistryEvents, reads_github_packages) {
  for (const char* name : {"registry_package", "package"}) {
    const auto delivery =
        parse(github_package(name, "CONTAINER"), {{"x-github-event", name}, {"x-github-delivery", "d1"}});
    ASSERT_TRUE(delivery) << delivery.error().message;
    EXPECT_EQ(delivery->sender, Sender::github);
    ASSERT_EQ(delivery->events.size(), 1u);
    const events::RegistryEvent& event = delivery->events[0];
    EXPECT_EQ(event.action, Action::push);
    EXPECT_EQ(event.id, "d1");
    EXPECT_EQ(event.repository, "octo-org/app");
    EXPECT_EQ(event.tag, "1");
    EXPECT_EQ(event.digest, kDigest);
    EXPECT_EQ(event.host, "ghcr.io");
    EXPECT_EQ(event.size, 952u);
    EXPECT_EQ(event.actor, "ann");
  }
}

TEST(RegistryEvents, leaves_out_github_packages_that_are_no_containers) {
  const auto delivery = parse(github_package("package", "npm"), {{"x-github-event", "package"}});
  ASSERT_TRUE(delivery) << delivery.error().message;
  EXPECT_TRUE(delivery->events.empty());
}

TEST(RegistryEvents, reads_githubs_ping_and_names_the_event_to_choose) {
  const auto ping = parse(R"({"zen":"…","hook_id":1})", {{"x-github-event", "ping"}});
  ASSERT_TRUE(ping) << ping.error().message;
  ASSERT_EQ(ping->events.size(), 1u);
  EXPECT_EQ(ping->events[0].action, Action::ping);
  const auto push = parse(R"({"ref":"refs/heads/main"})", {{"x-github-event", "push"}});
  ASSERT_FALSE(push);
  EXPECT_EQ(push.error().kind, base::Kind::invalid_input);
  EXPECT_NE(push.error().message.find("Packages"), std::string::npos) << push.error().message;
}

TEST(RegistryEvents, says_what_is_wrong_with_what_is_of_no_sender) {
  const std::vector<std::string> bodies = {
      "",          "{",        "7",         "{}",  "[{}]", R"({"events":7,"x":1})", R"({"specversion":"1.0","type":"x"})",
      "payload=x", "[[[[[[[[", R"({"action":"opened","issue":{}})", R"("text")", "null"};
  for (const std::string& body : bodies) {
    const auto delivery = parse(body);
    ASSERT_FALSE(delivery) << body;
    EXPECT_EQ(delivery.error().kind, base::Kind::invalid_input) << body;
  }
  const auto form = events::parse_delivery("payload=%7B%7D", "application/x-www-form-urlencoded", {});
  ASSERT_FALSE(form);
  EXPECT_NE(form.error().message.find("application/json"), std::string::npos);
}

TEST(RegistryEvents, holds_its_caps) {
  std::string list = "{}";
  for (int i = 0; i < 1'000; ++i) list += ",{}";
  const auto many = parse(envelope(list));
  ASSERT_FALSE(many);
  EXPECT_EQ(many.error().kind, base::Kind::too_large);
  const auto long_body = parse(std::string((1u << 20) + 1, ' '));
  ASSERT_FALSE(long_body);
  EXPECT_EQ(long_body.error().kind, base::Kind::too_large);
  const auto resources =
      parse(R"({"type":"PUSH_ARTIFACT","event_data":{"repository":{"repo_full_name":"a"},"resources":[)" + list + "]}}");
  ASSERT_FALSE(resources);
  EXPECT_EQ(resources.error().kind, base::Kind::too_large);
}

// Test case 2 of RFC 4231, and a secret longer than a block.
TEST(GithubSignature, holds_for_the_body_it_was_made_for) {
  const std::string_view body = "what do ya want for nothing?";
  const std::string_view header = "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
  EXPECT_TRUE(events::github_signature_holds("Jefe", body, header));
  EXPECT_TRUE(events::github_signature_holds(
      "Jefe", body, "sha256=5BDCC146BF60754E6A042426089575C75A003F089D2739839DEC58B964EC3843"));
  EXPECT_FALSE(events::github_signature_holds("jefe", body, header));
  EXPECT_FALSE(events::github_signature_holds("Jefe", "what", header));
  EXPECT_FALSE(events::github_signature_holds("Jefe", body, header.substr(7)));
  EXPECT_FALSE(events::github_signature_holds("Jefe", body, header.substr(0, 60)));
  EXPECT_FALSE(events::github_signature_holds("Jefe", body, ""));
  EXPECT_TRUE(events::github_signature_holds(
      std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First",
      "sha256=60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"));
}

TEST(GithubSignature, never_holds_without_a_secret) {
  EXPECT_FALSE(events::github_signature_holds(
      "", "", "sha256=b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"));
}

constexpr const char* kSecret = "0123456789abcdef:0123";

TEST(WebhookSecret, is_taken_from_each_place_that_senders_can_write_to) {
  EXPECT_TRUE(events::proves_secret(kSecret, {{"authorization", "Bearer 0123456789abcdef:0123"}}, "", ""));
  EXPECT_TRUE(events::proves_secret(kSecret, {{"authorization", kSecret}}, "", ""));
  EXPECT_TRUE(events::proves_secret(kSecret, {{"x-bulwark-secret", kSecret}}, "", ""));
  EXPECT_TRUE(events::proves_secret(kSecret, {}, kSecret, ""));
  for (const char* basic : {"Basic aGFyYm9yOjAxMjM0NTY3ODlhYmNkZWY6MDEyMw==", "basic  OjAxMjM0NTY3ODlhYmNkZWY6MDEyMw=="})
    EXPECT_TRUE(events::proves_secret(kSecret, {{"authorization", basic}}, "", "")) << basic;
}

TEST(WebhookSecret, is_not_proven_by_anything_else) {
  const std::vector<std::string> wrong = {
      "", "Bearer", "Bearer ", "Bearer wrong", "Basic", "Basic ", "Basic !!!", "Basic 0123456789abcdef:0123",
      "Basic aGFyYm9y",                              // no colon
      "Basic aGFyYm9yOndyb25n",                      // another password
      "Basic MDEyMzQ1Njc4OWFiY2RlZjowMTIzOg==",      // the secret as user
      "Digest 0123456789abcdef:0123"};
  for (const std::string& authorization : wrong) {
    EXPECT_FALSE(events::proves_secret(kSecret, {{"authorization", authorization}}, "", "")) << authorization;
    EXPECT_FALSE(events::proves_secret("", {{"authorization", authorization}}, "", "")) << authorization;
  }
  EXPECT_FALSE(events::proves_secret(kSecret, {}, "", ""));
  EXPECT_FALSE(events::proves_secret(kSecret, {{"x-bulwark-secret", "wrong"}}, kSecret, "")) << "one proof decides";
  EXPECT_FALSE(events::proves_secret(kSecret, {{"x-hub-signature-256", "sha256=00"}, {"authorization", kSecret}}, "", "{}"));
}

TEST(CloudEventsHandshake, echoes_who_asks_and_the_rate) {
  const auto plain = events::answer_handshake({{"webhook-request-origin", "eventgrid.azure.net"}});
  ASSERT_TRUE(plain) << plain.error().message;
  EXPECT_EQ(plain->allowed_origin, "eventgrid.azure.net");
  EXPECT_EQ(plain->allowed_rate, "*");
  const auto bounded = events::answer_handshake({{"webhook-request-origin", "a.example"}, {"webhook-request-rate", "120"}});
  ASSERT_TRUE(bounded);
  EXPECT_EQ(bounded->allowed_rate, "120");
  for (const char* rate : {"*", "-1", "12a", "99999999999999999999"})
    EXPECT_EQ(events::answer_handshake({{"webhook-request-origin", "a.example"}, {"webhook-request-rate", rate}})->allowed_rate, "*");
  for (const char* origin : {"", "https://a.example", "a b", "<script>"}) {
    const auto refused = events::answer_handshake({{"webhook-request-origin", origin}});
    ASSERT_FALSE(refused) << origin;
    EXPECT_NE(refused.error().message.find("WebHook-Request-Origin"), std::string::npos);
  }
}

// The samples of the projects themselves. Azure's show x in place of some digits of a digest.
class Samples : public testing::Test {
 protected:
  void SetUp() override {
    const char* folder = std::getenv("BULWARK_TEST_DATA");
    if (!folder) GTEST_SKIP() << "BULWARK_TEST_DATA is not set";
    folder_ = std::filesystem::path(folder) / "azure-samples";
  }

  events::Delivery read(const std::string& name, bool fill_digest = false) {
    auto text = base::read_file(folder_ / name);
    EXPECT_TRUE(text) << name;
    if (!text) return {};
    if (fill_digest)
      for (std::size_t at = 0; (at = text->find("xxxx", at)) != std::string::npos;) text->replace(at, 4, "abcd");
    auto delivery = parse(*text);
    EXPECT_TRUE(delivery) << name << ": " << delivery.error().message;
    return delivery.value_or(events::Delivery{});
  }

  std::filesystem::path folder_;
};

TEST_F(Samples, of_azure_container_registry) {
  const auto push = read("acr/webhook.push.json", true);
  ASSERT_EQ(push.events.size(), 1u);
  EXPECT_EQ(push.events[0].action, Action::push);
  EXPECT_EQ(push.events[0].repository, "hello-world");
  EXPECT_EQ(push.events[0].tag, "v1");
  EXPECT_EQ(push.events[0].size, 524u);
  EXPECT_EQ(push.events[0].host, "myregistry.azurecr.io");
  EXPECT_EQ(push.events[0].time, "2023-11-17T16:52:01.343145347Z");
  const auto removal = read("acr/webhook.delete.json", true);
  ASSERT_EQ(removal.events.size(), 1u);
  EXPECT_EQ(removal.events[0].action, Action::remove_manifest);
  for (const char* chart : {"acr/webhook.chart_push.json", "acr/webhook.chart_delete.json"}) {
    const auto delivery = read(chart, true);
    EXPECT_EQ(delivery.sender, Sender::acr);
    EXPECT_TRUE(delivery.events.empty() && delivery.refused.empty()) << chart;
  }
  EXPECT_EQ(read("acr/webhook.push.json").refused.size(), 1u);
  EXPECT_EQ(read("acr/webhook.quarantine.json").refused.size(), 1u) << "its digest is cut";
}

TEST_F(Samples, of_docker_distribution) {
  const auto pull = read("registry-webhooks/distribution.pull.1.json");
  ASSERT_EQ(pull.events.size(), 1u);
  EXPECT_EQ(pull.events[0].action, Action::pull);
  EXPECT_EQ(pull.events[0].host, "192.168.100.227:5000");
  EXPECT_EQ(pull.events[0].time, "2016-03-09T14:44:26.402973972-08:00");
  const auto push = read("registry-webhooks/distribution.push.2.json");
  ASSERT_EQ(push.events.size(), 1u) << "two of the three are blobs";
  EXPECT_EQ(push.events[0].repository, "library/test");
  EXPECT_EQ(push.events[0].actor, "test-actor");
}

TEST_F(Samples, of_harbor) {
  const std::map<std::string, Action> telling = {
      {"harbor.PUSH_ARTIFACT", Action::push},
      {"harbor.PULL_ARTIFACT", Action::pull},
      {"harbor.DELETE_ARTIFACT", Action::remove_manifest},
      {"harbor.harbor_artifact_pushed", Action::push},
      {"harbor.harbor_artifact_pulled", Action::pull},
      {"harbor.harbor_artifact_deleted", Action::remove_manifest},
  };
  std::size_t seen = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder_ / "registry-webhooks")) {
    const std::string name = file.path().stem().string();
    if (name.substr(0, 7) != "harbor.") continue;
    ++seen;
    const auto delivery = read("registry-webhooks/" + name + ".json");
    const bool cloud = name.substr(0, 14) == "harbor.harbor_";
    EXPECT_EQ(delivery.sender, cloud ? Sender::harbor_cloudevents : Sender::harbor) << name;
    EXPECT_TRUE(delivery.refused.empty()) << name;
    const auto expected = telling.find(name);
    if (expected == telling.end()) {
      EXPECT_TRUE(delivery.events.empty()) << name;
      continue;
    }
    ASSERT_EQ(delivery.events.size(), 1u) << name;
    const events::RegistryEvent& event = delivery.events[0];
    EXPECT_EQ(event.action, expected->second) << name;
    EXPECT_EQ(event.repository, "harbor/alpine") << name;
    EXPECT_EQ(event.host, "localhost") << name;
    EXPECT_EQ(event.tag, event.action == Action::remove_manifest ? "3.8" : "") << name;
    EXPECT_EQ(event.time.substr(0, 11), "2023-04-03T") << name;
    EXPECT_EQ(event.id.empty(), !cloud) << name;
  }
  EXPECT_EQ(seen, 20u);
}

}  // namespace
