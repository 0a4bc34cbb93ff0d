// SPDX-License-Identifier: Apache-2.0
#include "base/toml.hpp"

#include <gmock/gmock.h>

using testing::HasSubstr;

namespace {

std::string toml_value(std::string_view text) {
  const auto value = base::parse_toml(text, "test.toml");
  return value ? base::to_text(*value) : std::string(base::kind_name(value.error().kind)) + " " + value.error().message;
}

}  // namespace

TEST(Toml, reads_every_kind_of_value) {
  EXPECT_EQ(toml_value("a = \"x\"\nb = 7\nc = 1.5\nd = true\ne = [1, [2]]\nf = {g = 'h'}\ni = 2024-01-02\nj = inf\n"),
            "{\"a\":\"x\",\"b\":7,\"c\":1.5E0,\"d\":true,\"e\":[1,[2]],\"f\":{\"g\":\"h\"},\"i\":\"2024-01-02\",\"j\":null}");
  EXPECT_EQ(toml_value("[a.b]\nc = 1\n[[d]]\ne = 1\n[[d]]\ne = 2\n"), "{\"a\":{\"b\":{\"c\":1}},\"d\":[{\"e\":1},{\"e\":2}]}");
}

TEST(Toml, names_the_place_of_an_error) {
  EXPECT_THAT(toml_value("a = 1\nb = \n"), HasSubstr("invalid_input test.toml: not valid TOML at line 2"));
  EXPECT_THAT(toml_value("a = 1\na = 2\n"), HasSubstr("line 2"));
}

TEST(Toml, refuses_depth) {
  EXPECT_THAT(toml_value("a = " + std::string(100'000, '[')), HasSubstr("invalid_input"));
  std::string key = "a";
  for (int i = 0; i < 100'000; ++i) key += ".a";
  EXPECT_THAT(toml_value(key + " = 1"), HasSubstr("too_large"));
  EXPECT_THAT(toml_value("[" + key + "]"), HasSubstr("too_large"));
  EXPECT_THAT(toml_value("x = {" + key + " = 1}"), HasSubstr("too_large"));
}

TEST(Toml, dots_in_strings_and_comments_are_no_key_parts) {
  const std::string dots(100, '.');
  EXPECT_EQ(toml_value("a = \"" + dots + "\" # " + dots + "\n\"k\" = '''" + dots + "'" + dots + "'''\n"),
            "{\"a\":\"" + dots + "\",\"k\":\"" + dots + "'" + dots + "\"}");
}
