// SPDX-License-Identifier: Apache-2.0
#include "hub/configuration.hpp"

#include <gmock/gmock.h>

namespace {

using testing::HasSubstr;

base::Json read(std::string_view text) {
  const auto document = hub::read_configuration(text);
  EXPECT_TRUE(document) << document.error().message;
  return document.value_or(nullptr);
}

TEST(Configuration, gives_flags_and_numbers_their_types_and_leaves_texts) {
  const auto document = read(
      "registries:\n  - name: '5000'\n    pollMinutes: 60\n    plainHttp: true\n    scanEnabled: false\n    username: true\n    platforms: [linux/amd64]\n"
      "disableRules:\n  - name: low\n    criteria: {patchable: false, cvssBelow: 3.5, packages: ['12']}\n"
      "notifications:\n  - name: mail\n    port: 587\n    enabled: yes\n    allowPrivate: ['10.0.0.0/8']\n");
  EXPECT_EQ(document, *base::parse_json(R"({
    "registries": [{"name": "5000", "pollMinutes": 60, "plainHttp": true, "scanEnabled": false, "username": "true", "platforms": ["linux/amd64"]}],
    "disableRules": [{"name": "low", "criteria": {"patchable": false, "cvssBelow": 3.5, "packages": ["12"]}}],
    "notifications": [{"name": "mail", "port": 587, "enabled": "yes", "allowPrivate": ["10.0.0.0/8"]}]})", "expected"));
}

TEST(Configuration, leaves_what_is_no_number_of_a_member_for_its_provider_to_refuse) {
  for (const char* minutes : {"ten", "1h", "99999999999999999999999999", "0x10", "''"}) {
    const auto document = read(std::string("registries:\n  - pollMinutes: ") + minutes + "\n");
    const auto& value = *base::find(base::get_array(document, "registries")[0], "pollMinutes");
    EXPECT_FALSE(value.is_int64()) << minutes;
  }
}

TEST(Configuration, is_read_as_json_too) {
  EXPECT_EQ(read(R"({"plans": {"Containers": "Standard"}})"), *base::parse_json(R"({"plans": {"Containers": "Standard"}})", "expected"));
}

TEST(Configuration, must_be_one_map) {
  for (const char* text : {"", "- a", "a", "a: 1\n---\nb: 2\n"}) {
    const auto document = hub::read_configuration(text);
    ASSERT_FALSE(document) << text;
    EXPECT_EQ(document.error().kind, base::Kind::invalid_input);
    EXPECT_THAT(document.error().message, HasSubstr("must be one map"));
  }
  EXPECT_FALSE(hub::read_configuration("a: [1"));
  EXPECT_EQ(hub::read_configuration("a: " + std::string(hub::kConfigurationCap, 'x')).error().kind, base::Kind::too_large);
}

TEST(Configuration, holds_already_what_says_nothing_new) {
  const auto there = *base::parse_json(R"({"a": 1, "b": {"c": [1, 2], "d": "x"}})", "there");
  const auto holds = [&](const char* wanted) { return hub::holds_already(there, *base::parse_json(wanted, "wanted")); };
  EXPECT_TRUE(holds("{}"));
  EXPECT_TRUE(holds(R"({"b": {"d": "x"}})"));
  EXPECT_TRUE(holds(R"({"b": {"c": [1, 2]}})"));
  EXPECT_FALSE(holds(R"({"b": {"c": [1]}})")) << "a list is one value";
  EXPECT_FALSE(holds(R"({"a": 2})"));
  EXPECT_FALSE(holds(R"({"e": null})"));
  EXPECT_FALSE(holds(R"({"a": {"x": 1}})"));
}

}  // namespace
