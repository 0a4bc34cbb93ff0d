// SPDX-License-Identifier: Apache-2.0
#include "base/yaml.hpp"

#include <gmock/gmock.h>

using testing::HasSubstr;

namespace {

std::string yaml_text(std::string_view text) {
  const auto documents = base::parse_yaml(text, "test.yaml");
  if (!documents) return documents.error().message;
  std::string out;
  for (const auto& document : *documents) out += base::to_text(document) + "\n";
  return out;
}

std::string yaml_error(std::string_view text) {
  const auto documents = base::parse_yaml(text, "test.yaml");
  return documents ? "no error" : std::string(base::kind_name(documents.error().kind)) + " " + documents.error().message;
}

}  // namespace

TEST(Yaml, keeps_scalars_as_they_are_written) {
  EXPECT_EQ(yaml_text("a: 1.10\nb: 0x1f\nc: true\nd: '007'\ne: 2024-01-01\nf: \"x\\ty\"\n"),
            "{\"a\":\"1.10\",\"b\":\"0x1f\",\"c\":\"true\",\"d\":\"007\",\"e\":\"2024-01-01\",\"f\":\"x\\ty\"}\n");
}

TEST(Yaml, reads_nulls_sequences_and_every_document) {
  EXPECT_EQ(yaml_text("a:\nb: ~\nc: [1, {d: e}]\n---\n- x\n- [[]]\n"),
            "{\"a\":null,\"b\":null,\"c\":[\"1\",{\"d\":\"e\"}]}\n[\"x\",[[]]]\n");
  EXPECT_EQ(yaml_text(""), "");
}

TEST(Yaml, replaces_aliases_by_copies) {
  EXPECT_EQ(yaml_text("a: &x {k: [1]}\nb: *x\n"), "{\"a\":{\"k\":[\"1\"]},\"b\":{\"k\":[\"1\"]}}\n");
}

TEST(Yaml, long_and_compound_keys_and_repeated_keys) {
  EXPECT_EQ(yaml_text("? plain key\n: 1\n? [a, b]\n: 2\n"), "{\"plain key\":\"1\",\"[\\\"a\\\",\\\"b\\\"]\":\"2\"}\n");
  EXPECT_EQ(yaml_text("a: 1\na: 2\n"), "{\"a\":\"2\"}\n");
}

TEST(Yaml, an_alias_bomb_ends_at_the_limit) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int k = 0; k < 10; ++k) bomb += (k ? ", " : "") + before;
    bomb += "]\n";
  }
  EXPECT_THAT(yaml_error(bomb), HasSubstr("too_large test.yaml: line"));
}

TEST(Yaml, refuses_depth_and_self_reference) {
  EXPECT_THAT(yaml_error(std::string(100'000, '[')), HasSubstr("too_large"));
  std::string blocks;
  for (int i = 0; i < 5'000; ++i) blocks += "- ";
  EXPECT_THAT(yaml_error(blocks + "x"), HasSubstr("deeper than 64 levels"));
  EXPECT_THAT(yaml_error("a: &a [*a]\n"), HasSubstr("invalid_input"));
}

TEST(Yaml, ends_where_the_parser_makes_no_progress) {
  EXPECT_THAT(yaml_error(",lockfileVersion: '9.0'\nimlock"), HasSubstr("invalid_input test.yaml: line"));
}

TEST(Yaml, names_the_place_of_an_error) {
  EXPECT_THAT(yaml_error("a: 1\nb: [1\n"), HasSubstr("invalid_input test.yaml: not valid YAML at line 3"));
}
