// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.hpp"

namespace {

using cli_test::contains;
using cli_test::run;

constexpr const char* kReference = "registry.example.com/team/app:1.4";
const std::string kImageId =
    "/subscriptions/s1/resourceGroups/default/providers/Microsoft.ContainerRegistry/registries/prod/repositories/team%2Fapp/images/sha256:bb";

class Gate : public cli_test::HubCommands {
 protected:
  void know_image() {
    hub_.on("GET /api/v1/registries/prod/images",
            R"({"value": [{"id": ")" + kImageId +
                R"(", "registry": "prod", "repository": "team/app", "digest": "sha256:bb", "tags": ["1.4"]}], "total": 1, "next": null})");
  }
  void answer(const std::string& verdict) { hub_.on("GET " + kImageId + "/gate", verdict); }
};

TEST_F(Gate, lets_an_image_through_with_0) {
  know_image();
  answer(R"({"allowed": true, "scanned": true, "approved": false, "signed": false, "reasons": [], "counts": {"high": 0}})");
  const auto gate = run({"gate", kReference, "--severity", "critical", "--only-fixed", "--max-age-days", "7", "--require-approval"});
  EXPECT_EQ(gate.code, 0) << gate.err;
  EXPECT_TRUE(contains(gate.out, "ALLOWED: " + std::string(kReference)));
  const auto asked = hub_.last("GET " + kImageId + "/gate");
  EXPECT_EQ(asked.parameter("severity"), "Critical");
  EXPECT_EQ(asked.parameter("onlyFixed"), "true");
  EXPECT_EQ(asked.parameter("maxAgeDays"), "7");
  EXPECT_EQ(asked.parameter("requireApproval"), "true");
  EXPECT_FALSE(asked.has_parameter("requireSignature"));
  EXPECT_EQ(asked.parameter("api-version"), "2025-11-01");
}

TEST_F(Gate, refuses_with_2_and_the_reasons) {
  know_image();
  answer(R"({"allowed": false, "scanned": true, "reasons": ["2 findings of High or worse"], "counts": {"high": 2}})");
  const auto gate = run({"gate", kReference});
  EXPECT_EQ(gate.code, 2);
  EXPECT_TRUE(contains(gate.out, "REFUSED"));
  EXPECT_TRUE(contains(gate.out, "2 findings of High or worse"));
  const auto json = run({"gate", kReference, "--format", "json"});
  EXPECT_EQ(json.code, 2);
  const auto document = base::parse_json(json.out, "out");
  ASSERT_TRUE(document) << json.out;
  EXPECT_EQ(base::get_int(*document, "schemaVersion"), 1);
  EXPECT_FALSE(base::get_bool(*document, "allowed", true));
}

TEST_F(Gate, fails_with_1_where_the_hub_knows_no_such_image_or_registry) {
  hub_.on("GET /api/v1/registries/prod/images", R"({"value": [], "total": 0, "next": null})");
  const auto unknown = run({"gate", kReference});
  EXPECT_EQ(unknown.code, 1);
  EXPECT_TRUE(contains(unknown.err, "--wait"));
  const auto elsewhere = run({"gate", "other.example.com/app:1"});
  EXPECT_EQ(elsewhere.code, 1);
  EXPECT_TRUE(contains(elsewhere.err, "no registry 'other.example.com'"));
  EXPECT_EQ(run({"gate", "UPPER/case:1:2"}).code, 3);
  EXPECT_EQ(run({"gate", kReference, "--severity", "terrible"}).code, 3);
}

TEST_F(Gate, waits_for_the_image_and_then_for_its_scan) {
  hub_.on("GET /api/v1/registries/prod/images", R"({"value": [], "total": 0, "next": null})");
  know_image();
  answer(R"({"allowed": false, "scanned": false, "reasons": ["not scanned yet"]})");
  answer(R"({"allowed": true, "scanned": true, "reasons": []})");
  const auto gate = run({"gate", kReference, "--wait", "60"});
  EXPECT_EQ(gate.code, 0) << gate.out << gate.err;
}

TEST_F(Gate, takes_a_digest) {
  const std::string digest = "sha256:" + std::string(64, 'b');
  const std::string id = kImageId.substr(0, kImageId.rfind('/') + 1) + digest;
  hub_.on("GET " + id + "/gate", R"({"allowed": true, "scanned": true})");
  EXPECT_EQ(run({"gate", "registry.example.com/team/app@" + digest}).code, 0);
}

TEST_F(Gate, of_a_tag_with_several_platforms_lets_it_through_only_where_all_are) {
  const std::string other = kImageId.substr(0, kImageId.rfind('/') + 1) + "sha256:cc";
  hub_.on("GET /api/v1/registries/prod/images", R"({"value": [
    {"id": ")" + kImageId + R"(", "repository": "team/app", "digest": "sha256:bb", "platform": "linux/amd64", "tags": ["1.4"]},
    {"id": ")" + other + R"(", "repository": "team/app", "digest": "sha256:cc", "platform": "linux/arm64", "tags": ["1.4"]}],
    "total": 2, "next": null})");
  answer(R"({"allowed": true, "scanned": true, "reasons": []})");
  hub_.on("GET " + other + "/gate", R"({"allowed": false, "scanned": true, "reasons": ["a finding"]})");
  const auto gate = run({"gate", kReference});
  EXPECT_EQ(gate.code, 2) << gate.err;
  EXPECT_TRUE(contains(gate.out, "sha256:cc: a finding"));
  const auto show = run({"image", "delete", kReference, "--yes"});
  EXPECT_EQ(show.code, 1);
  EXPECT_TRUE(contains(show.err, "@sha256:cc (linux/arm64)"));
}

TEST_F(Gate, without_credentials_says_how_to_get_them) {
  hub_.on("GET /api/v1/findings", R"({"error": {"code": "AuthenticationFailed", "message": "Sign in first."}})", 401);
  const auto list = run({"finding", "list"});
  EXPECT_EQ(list.code, 1);
  EXPECT_TRUE(contains(list.err, "bulwark login " + hub_.url()));
  EXPECT_FALSE(contains(list.err, "bwk_secret"));
}

}  // namespace
