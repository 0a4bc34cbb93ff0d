// SPDX-License-Identifier: Apache-2.0
#include "security/rules.hpp"

#include <gmock/gmock.h>

#include "security/scopes.hpp"
#include "security/security_testing.hpp"

namespace {

using security_testing::kRegistry;
using security_testing::kSubscription;
using testing::HasSubstr;
using testing::SizeIs;

base::Result<security::DisableRule> rule(const std::string& properties, const std::string& key = "/subscriptions/s") {
  return security::parse_disable_rule(key + "/providers/bulwark.security/disablerules/r", "r",
                                      *base::parse_json("{\"properties\":" + properties + "}", "body"));
}

TEST(DisableRule, meets_every_kind_of_criterion_that_is_given) {
  const auto parsed = rule(R"({"criteria": {"packages": ["ZLIB"], "patchable": false, "cvssBelow": 7}})");
  ASSERT_TRUE(parsed) << parsed.error().message;
  security::FindingFacts facts{"id", "Vulnerability", "CVE-1", "zlib", model::Severity::high, 6.9, false};
  EXPECT_TRUE(parsed->criteria.match(facts));
  facts.score = 7;
  EXPECT_FALSE(parsed->criteria.match(facts));
  facts.score = -1;
  EXPECT_FALSE(parsed->criteria.match(facts)) << "no score is no low score";
  facts.score = 1;
  facts.patchable = true;
  EXPECT_FALSE(parsed->criteria.match(facts));
  EXPECT_FALSE(security::Criteria().match(facts)) << "no criteria disable nothing";
}

TEST(DisableRule, is_refused_where_it_would_not_do_what_it_says) {
  const auto refusal = [](const std::string& properties) { return rule(properties).error().message; };
  EXPECT_THAT(refusal("{}"), HasSubstr("would disable all"));
  EXPECT_THAT(refusal(R"({"criteria": {"severities": ["Huge"]}})"), HasSubstr("none of Critical"));
  EXPECT_THAT(refusal(R"({"criteria": {"categories": ["Fun"]}})"), HasSubstr("none of Vulnerability"));
  EXPECT_THAT(refusal(R"({"criteria": {"patchable": "yes"}})"), HasSubstr("neither true nor false"));
  EXPECT_THAT(refusal(R"({"criteria": {"cvssBelow": 11}})"), HasSubstr("no number up to 10"));
  EXPECT_THAT(refusal(R"({"criteria": {"patchable": true}, "expires": "soon"})"), HasSubstr("no time"));
  EXPECT_THAT(refusal(R"({"criteria": {"patchable": true}, "scope": "/subscriptions/other"})"), HasSubstr("not at or below"));
  EXPECT_THAT(refusal(R"({"criteria": {"patchable": true}, "state": "Maybe"})"), HasSubstr("neither Enabled"));
}

TEST(Scopes, are_prefixes_by_whole_segments) {
  EXPECT_TRUE(security::at_or_below("/a/b", "/a/b"));
  EXPECT_TRUE(security::at_or_below("/a/b", "/a/b/c"));
  EXPECT_FALSE(security::at_or_below("/a/b", "/a/bc"));
  EXPECT_TRUE(security::at_or_below("/", "/a"));
  EXPECT_EQ(security::ancestor_of_type(kRegistry + "/repositories/a%2Fb/images/sha256:1",
                                       "Microsoft.ContainerRegistry/registries/repositories/images",
                                       "microsoft.containerregistry/REGISTRIES"),
            kRegistry);
  EXPECT_EQ(security::ancestor_of_type("/x", "A/b", "C/d"), "");
  EXPECT_EQ(security::ancestor_of_type("/x", "A/bb/c", "A/b"), "");
}

class RulesTest : public security_testing::SecurityTest {
 protected:
  security::Rules load(const std::string& scope, security::RulesBelow below) {
    return write([&](store::Session& session) {
      return security::load_rules(session, *recommendations_, base::to_lower(scope), below);
    });
  }
};

TEST_F(RulesTest, those_above_and_if_asked_those_below_are_loaded_once) {
  put_disable_rule("one", R"({"criteria": {"patchable": true}})");
  put_exemption(kRegistry, "two", "");
  put_exemption(security_testing::image("a", "sha256:aa").resource_id, "three", "");
  put_exemption(kRegistry + "x", "other", "");
  const std::string image = security_testing::image("a", "sha256:aa").resource_id;
  EXPECT_THAT(load(image, security::RulesBelow::no).exemptions, SizeIs(2));
  EXPECT_THAT(load(image, security::RulesBelow::no).disable, SizeIs(1));
  EXPECT_THAT(load(kRegistry, security::RulesBelow::no).exemptions, SizeIs(1));
  EXPECT_THAT(load(kRegistry, security::RulesBelow::yes).exemptions, SizeIs(2));
  EXPECT_THAT(load(kRegistry, security::RulesBelow::yes).disable, SizeIs(1));
  EXPECT_THAT(load("/", security::RulesBelow::yes).exemptions, SizeIs(3));
}

TEST_F(RulesTest, the_next_to_run_out_is_named_with_its_scope) {
  put_exemption(kRegistry, "late", ",\"expires\":\"1970-01-01T00:00:09Z\"");
  put_disable_rule("soon", R"({"criteria": {"patchable": true}, "expires": "1970-01-01T00:00:05Z"})");
  const auto next = [&](store::Millis after) {
    return write([&](store::Session& session) { return security::next_expiry(session, after); });
  };
  ASSERT_TRUE(next(0));
  EXPECT_EQ(next(0)->at, 5000);
  EXPECT_EQ(next(0)->scope_key, base::to_lower(kSubscription));
  EXPECT_EQ(next(5000)->scope_key, base::to_lower(kRegistry));
  EXPECT_FALSE(next(9000));
}

}  // namespace
