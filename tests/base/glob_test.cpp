// SPDX-License-Identifier: Apache-2.0
#include "base/glob.hpp"

#include <gtest/gtest.h>

namespace {
bool matches_glob(std::string_view pattern, std::string_view path) { return base::Glob(pattern).matches(path); }
}  // namespace

TEST(Glob, stars_stay_inside_a_folder_unless_doubled) {
  EXPECT_TRUE(matches_glob("etc/*.conf", "etc/a.conf"));
  EXPECT_FALSE(matches_glob("etc/*.conf", "etc/x/a.conf"));
  EXPECT_TRUE(matches_glob("etc/**.conf", "etc/x/a.conf"));
  EXPECT_TRUE(matches_glob("usr/share/doc/**", "usr/share/doc/x/README"));
  EXPECT_FALSE(matches_glob("usr/share/doc/**", "usr/share/docs"));
  EXPECT_TRUE(matches_glob("a?c", "abc"));
  EXPECT_FALSE(matches_glob("x/a?c", "x/a/c"));
}

TEST(Glob, folders_in_front_may_be_none_and_are_whole) {
  EXPECT_TRUE(matches_glob("**/.git/HEAD", ".git/HEAD"));
  EXPECT_TRUE(matches_glob("**/.git/HEAD", "srv/app/.git/HEAD"));
  EXPECT_FALSE(matches_glob("**/.git/HEAD", "srv/x.git/HEAD"));
  EXPECT_TRUE(matches_glob("srv/**/x", "srv/x"));
  EXPECT_TRUE(matches_glob("srv/**/x", "srv/a/b/x"));
  EXPECT_FALSE(matches_glob("srv/**/x", "srv/a/bx"));
}

TEST(Glob, a_pattern_without_a_slash_is_a_name) {
  EXPECT_TRUE(matches_glob("*.pem", "etc/ssl/a.pem"));
  EXPECT_TRUE(matches_glob("/etc/passwd", "etc/passwd"));
  EXPECT_TRUE(matches_glob("etc/passwd", "/etc/passwd"));
  EXPECT_FALSE(matches_glob("passwd", "etc/passwd-"));
  EXPECT_FALSE(matches_glob("", "x"));
}

TEST(Glob, hostile_patterns_take_no_exponential_time) {
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "*a";
  EXPECT_FALSE(matches_glob(pattern + "b", std::string(4'000, 'a')));
}
