// SPDX-License-Identifier: Apache-2.0
#include "imagecheck/secret_rules.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

using imagecheck::find_secrets;
using imagecheck::SecretRules;
using testing::AllOf;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

namespace {

const SecretRules& built_in_secrets() {
  static const SecretRules rules = *SecretRules::load(imagecheck::embedded_rules("secrets/", {"yaml"}));
  return rules;
}

std::vector<std::string> ids_in(std::string_view path, std::string_view text) {
  std::vector<std::string> ids;
  for (const auto& match : find_secrets(built_in_secrets(), path, text)) ids.push_back(built_in_secrets().rules()[match.rule].id);
  return ids;
}

constexpr std::string_view kSmallRule =
    "rules:\n"
    "  - id: one\n"
    "    title: T\n"
    "    severity: high\n"
    "    description: D\n"
    "    remediation: R\n"
    "    keywords: [tok_]\n"
    "    regex: 'tok_([a-z]+)'\n";

SecretRules small_rules() { return *SecretRules::load({{"r.yaml", std::string(kSmallRule)}}); }

std::string load_faults(const std::string& text) {
  const auto rules = SecretRules::load({{"r.yaml", text}});
  return rules ? "" : rules.error().message;
}

}  // namespace

TEST(SecretRules, the_built_in_set_has_no_fault_and_explains_itself) {
  const auto rules = SecretRules::load(imagecheck::embedded_rules("secrets/", {"yaml"}));
  ASSERT_TRUE(rules.has_value()) << rules.error().message;
  EXPECT_GE(rules->rules().size(), 45u);
  for (const auto& rule : rules->rules()) {
    EXPECT_FALSE(rule.examples.empty()) << rule.id;
    EXPECT_FALSE(rule.negatives.empty()) << rule.id;
    EXPECT_FALSE(rule.description.empty() || rule.remediation.empty() || rule.title.empty()) << rule.id;
  }
}

TEST(SecretRules, each_rule_finds_its_examples_and_not_its_negatives) {
  for (const auto& rule : built_in_secrets().rules()) {
    for (const auto& text : rule.examples)
      EXPECT_THAT(ids_in("etc/app.conf", text), testing::Contains(rule.id)) << text;
    for (const auto& text : rule.negatives)
      EXPECT_THAT(ids_in("etc/app.conf", text), testing::Not(testing::Contains(rule.id))) << text;
  }
}

TEST(SecretRules, an_example_is_found_in_the_middle_of_a_large_text_too) {
  for (const auto& rule : built_in_secrets().rules()) {
    const std::string text = std::string(100'000, '\n') + rule.examples.front() + std::string(100'000, '\n');
    EXPECT_THAT(ids_in("etc/app.conf", text), testing::Contains(rule.id));
  }
}

TEST(SecretRules, what_is_shown_is_never_the_secret) {
  for (const auto& rule : built_in_secrets().rules()) {
    for (const auto& text : rule.examples) {
      for (const auto& match : find_secrets(built_in_secrets(), "f", text)) {
        EXPECT_LE(match.masked.size(), 8u);
        EXPECT_THAT(match.masked, HasSubstr("****"));
      }
    }
  }
}

TEST(SecretScan, tells_line_and_place) {
  const auto matches = find_secrets(small_rules(), "f", "a\nb\nx tok_abc\ntok_def");
  ASSERT_THAT(matches, SizeIs(2));
  EXPECT_EQ(matches[0].line, 3u);
  EXPECT_EQ(matches[0].begin, 10u);
  EXPECT_EQ(matches[0].end, 13u);
  EXPECT_EQ(matches[1].line, 4u);
  EXPECT_EQ(matches[0].masked, "****");
}

TEST(SecretScan, keywords_ignore_case_and_the_expression_decides) {
  EXPECT_THAT(find_secrets(small_rules(), "f", "TOK_abc"), IsEmpty());
  EXPECT_THAT(find_secrets(small_rules(), "f", "tok_1"), IsEmpty());
}

TEST(SecretScan, a_text_full_of_matches_yields_a_bounded_list_in_bounded_time) {
  std::string text;
  while (text.size() < 1'000'000) text += "tok_abcdefg ";
  EXPECT_THAT(find_secrets(small_rules(), "f", text), SizeIs(imagecheck::SecretScan::kMatchesPerText));
  std::string none;
  while (none.size() < 1'000'000) none += "password=";
  EXPECT_THAT(ids_in("f", none), IsEmpty());
}

TEST(SecretScan, a_generic_rule_gives_way_to_the_format_that_is_known) {
  const auto& rules = built_in_secrets().rules();
  const auto known = std::find_if(rules.begin(), rules.end(), [](const auto& rule) { return rule.id == "digitalocean-token"; });
  ASSERT_NE(known, rules.end());
  const std::string token = known->examples.front().substr(known->examples.front().find('=') + 1);
  EXPECT_THAT(ids_in("f", "api_key=" + token), testing::ElementsAre("digitalocean-token"));
}

TEST(SecretRules, pictures_documentation_and_hash_lists_are_skipped) {
  EXPECT_TRUE(built_in_secrets().skips("usr/share/doc/x/README"));
  EXPECT_TRUE(built_in_secrets().skips("srv/logo.png"));
  EXPECT_TRUE(built_in_secrets().skips("srv/package-lock.json"));
  EXPECT_FALSE(built_in_secrets().skips("srv/config.json"));
  EXPECT_FALSE(built_in_secrets().skips("root/.docker/config.json"));
}

TEST(SecretRules, every_fault_of_a_file_is_told_with_its_line) {
  const std::string text = std::string(kSmallRule) +
                           "  - id: one\n"          // 9: repeated
                           "    severity: huge\n"   // 10
                           "    title: T\n"
                           "    description: D\n"
                           "    remediation: R\n"
                           "    keywords: [ab]\n"   // 14: too short
                           "    regex: '(a'\n"      // 15
                           "    entropie: 3\n";     // 16
  const std::string faults = load_faults(text);
  EXPECT_THAT(faults, AllOf(HasSubstr("r.yaml:9: \"id\" is the id of another rule"),
                            HasSubstr("r.yaml:10: \"severity\" must be one of"), HasSubstr("r.yaml:14: \"keywords\" have at least 3"),
                            HasSubstr("r.yaml:15: not an expression that RE2 takes"),
                            HasSubstr("r.yaml:16: \"entropie\" is no member here; did you mean \"entropy\"?")));
  EXPECT_THAT(load_faults("rules:\n  - x\n"), HasSubstr("r.yaml:2: a map of members"));
  EXPECT_THAT(load_faults("rules:\n  - id: 'a b'\n"), HasSubstr("r.yaml:2: \"id\" may have letters"));
}
