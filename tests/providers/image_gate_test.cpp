// SPDX-License-Identifier: Apache-2.0
// What the gate answers about images and indexes as the store knows them.
#include <gmock/gmock.h>

#include "providers/registry_testing.hpp"

namespace {

using providers_testing::digest;
using providers_testing::kIndexType;
using testing::HasSubstr;

std::string reasons(const base::Json& answer) {
  std::string out;
  for (const auto& reason : base::get_array(answer, "reasons")) out += std::string(base::as_string(reason)) + "\n";
  return out;
}

class ImageGate : public providers_testing::RegistryTest {
 protected:
  bool allows(char letter, const security::GateRule& rule = {}) { return base::get_bool(gate(letter, rule), "allowed"); }
};

TEST_F(ImageGate, judges_an_index_by_the_worst_image_in_it) {
  push_index('a', "1", {{'c', "linux/amd64"}, {'d', "linux/arm64"}});
  EXPECT_THAT(reasons(gate('a')), HasSubstr("is not scanned (queued)"));
  scan('c');
  scan('d');
  EXPECT_TRUE(allows('a'));
  scan('d', {model::Severity::critical, model::Severity::high});
  const auto answer = gate('a');
  EXPECT_FALSE(base::get_bool(answer, "allowed", true));
  EXPECT_TRUE(base::get_bool(answer, "scanned"));
  EXPECT_THAT(reasons(answer), HasSubstr("app@" + digest('d') + " has open findings at or above High (1 Critical, 1 High)"));
  EXPECT_EQ(base::get_int(*base::find(answer, "counts"), "critical"), 1);
  const auto& images = base::get_array(answer, "images");
  ASSERT_EQ(images.size(), 2u);
  EXPECT_EQ(base::get_string(images[0], "digest"), digest('c'));
  EXPECT_TRUE(base::get_bool(images[0], "allowed"));
  EXPECT_EQ(base::get_string(images[1], "platform"), "linux/arm64");
  EXPECT_FALSE(base::get_bool(images[1], "allowed", true));
}

TEST_F(ImageGate, asks_for_the_platforms_of_the_registry_alone) {
  push_index('a', "1", {{'c', "linux/amd64"}, {'d', "linux/arm64"}});
  scan('c');
  scan('d', {model::Severity::critical});
  EXPECT_FALSE(allows('a'));
  put_registry(R"({"platforms": ["linux/amd64"]})");
  EXPECT_TRUE(allows('a'));
  put_registry(R"({"platforms": ["windows/amd64"]})");
  EXPECT_THAT(reasons(gate('a')), HasSubstr("holds no image for windows/amd64; widen the platforms"));
}

TEST_F(ImageGate, keeps_an_index_out_that_was_not_read) {
  push('a', "1", kIndexType);
  const auto answer = gate('a');
  EXPECT_FALSE(base::get_bool(answer, "allowed", true));
  EXPECT_FALSE(base::get_bool(answer, "scanned", true));
}

TEST_F(ImageGate, knows_the_findings_of_an_image_that_no_tag_leads_to) {
  push('c', "1");
  scan('c', {model::Severity::critical});
  push('d', "1");
  EXPECT_EQ(verdict('c'), "NotApplicable Superseded");
  EXPECT_FALSE(allows('c'));
}

TEST_F(ImageGate, keeps_out_what_was_compared_with_no_vulnerability_data) {
  push('c', "1");
  scan('c', {}, "");
  EXPECT_EQ(verdict('c'), "NotApplicable NoVulnerabilityData");
  EXPECT_THAT(reasons(gate('c')), HasSubstr("no vulnerability data to compare it with"));
}

TEST_F(ImageGate, takes_a_decision_about_an_index_for_its_images) {
  security::GateRule rule;
  rule.require_approval = true;
  push_index('a', "1", {{'c', "linux/amd64"}, {'d', "linux/arm64"}});
  scan('c');
  scan('d');
  EXPECT_FALSE(allows('a', rule));
  decide('a', "Approved");
  EXPECT_TRUE(allows('a', rule));
  EXPECT_TRUE(allows('c', rule)) << "it is part of what was approved";
  decide('d', "Refused");
  EXPECT_FALSE(allows('a', rule)) << "its own decision comes first";
  EXPECT_TRUE(allows('c', rule));
  decide('d', "Approved");
  decide('a', "Refused");
  EXPECT_FALSE(allows('a'));
  EXPECT_TRUE(allows('d')) << "approved by itself";
  EXPECT_FALSE(allows('c')) << "in nothing but a refused index";
  decide('a', "Refused", "1970-01-01T00:00:01Z");
  EXPECT_TRUE(allows('a')) << "the refusal ran out";
}

TEST_F(ImageGate, takes_a_signature_of_an_index_for_its_images) {
  security::GateRule rule;
  rule.require_signature = true;
  push_index('a', "1", {{'c', "linux/amd64"}});
  scan('c');
  EXPECT_FALSE(allows('a', rule));
  write([&](store::Session& session) {
    return session.run("UPDATE images SET config = '{\"signature\":{\"verified\":true}}' WHERE digest = ?", {digest('a')});
  });
  EXPECT_TRUE(allows('a', rule));
  EXPECT_TRUE(allows('c', rule));
  EXPECT_TRUE(base::get_bool(gate('a', rule), "signed"));
}

TEST_F(ImageGate, obeys_rules_that_disable_findings_whether_or_not_a_tag_leads_to_the_image) {
  push('c', "1");
  scan('c', {model::Severity::high});
  EXPECT_FALSE(allows('c'));
  arm::Resource rule;
  rule.id = *arm::ResourceId::parse("/subscriptions/5f0c8ba4-0000-4000-8000-000000000001/providers/Bulwark.Security/disableRules/zlib");
  rule.body = {{"properties", base::JsonObject{{"state", "Enabled"}, {"reason", "x"}, {"criteria", base::JsonObject{{"packages", base::JsonArray{"zlib"}}}}}}};
  write([&](store::Session& session) { return arm::save_resource(session, rule, "test", now_); });
  EXPECT_TRUE(allows('c'));
  untag("1");
  EXPECT_TRUE(allows('c'));
}

}  // namespace
