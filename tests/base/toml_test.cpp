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
            "{\"a\":\"x\",\"b\":7,\"c\":1.5,\"d\":true,\"e\":[1,[2]],\"f\":{\"g\":\"h\"},\"i\":\"2024-01-02\",\"j\":null}");
  EXPECT_EQ(toml_value("[a.b]\nc = 1\n[[d]]\ne = 1\n[[d]]\ne = 2\n"), "{\"a\":{\"b\":{\"c\":1}},\"d\":[{\"e\":1},{\"e\":2}]}");
}

TEST(Toml, reads_numbers_and_strings_as_the_specification_has_them) {
  EXPECT_EQ(toml_value("a = 0xDEAD_beef\nb = 0o755\nc = -1_000\nd = +0\ne = 5e+22\nf = -0.5\ng = 1979-05-27 07:32:00\n"),
            "{\"a\":3735928559,\"b\":493,\"c\":-1000,\"d\":0,\"e\":5e+22,\"f\":-0.5,\"g\":\"1979-05-27 07:32:00\"}");
  EXPECT_EQ(toml_value("a = \"\\u00e9\\t\"\nb = '''\nx''y''''\nc = \"\"\"p\\\n   q\"\"\"\nd = 'C:\\x'\n"),
            "{\"a\":\"\xc3\xa9\\t\",\"b\":\"x''y'\",\"c\":\"pq\",\"d\":\"C:\\\\x\"}");
  for (const char* wrong : {"01", "1_", "_1", "1__0", "1.", ".5", "0x", "1e", "++1", "tru", "\"", "\"\\q\"", "'''", "[1",
                            "{a = 1", "\"\\ud800\"", "\"a\nb\"", ""})
    EXPECT_THAT(toml_value(std::string("a = ") + wrong), HasSubstr("invalid_input")) << wrong;
}

TEST(Toml, tables_and_dotted_keys_nest) {
  EXPECT_EQ(toml_value("a.b = 1\na.'c d' = 2\n[[x]]\n[x.y]\nz = 1\n[[x]]\n[[x.w]]\n"),
            "{\"a\":{\"b\":1,\"c d\":2},\"x\":[{\"y\":{\"z\":1}},{\"w\":[{}]}]}");
  for (const char* wrong : {"[a]b = 1", "a = 1\n[a.b]", "a = [1]\n[a.b]", "a = 1\n[[a]]", "[[\na]]", "[a\n]", "a\n= 1",
                            "= 1", "a = 1 b = 2"})
    EXPECT_THAT(toml_value(wrong), HasSubstr("invalid_input")) << wrong;
}

TEST(Toml, names_the_place_of_an_error) {
  EXPECT_THAT(toml_value("a = 1\nb = \n"), HasSubstr("invalid_input test.toml: not valid TOML at line 2"));
  EXPECT_THAT(toml_value("a = 1\na = 2\n"), HasSubstr("line 2"));
}

TEST(Toml, refuses_depth) {
  EXPECT_THAT(toml_value("a = " + std::string(100'000, '[')), HasSubstr("too_large"));
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
