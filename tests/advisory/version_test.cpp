// SPDX-License-Identifier: Apache-2.0
#include "advisory/version.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <string>
#include <vector>

#include "advisory/versions_table.hpp"
#include "base/files.hpp"

namespace {

using advisory::Scheme;

constexpr std::array kEveryScheme = {Scheme::debian,   Scheme::rpm,    Scheme::alpine,    Scheme::semver, Scheme::golang,
                                     Scheme::pypi,     Scheme::maven,  Scheme::rubygems,  Scheme::nuget,  Scheme::packagist,
                                     Scheme::pub,      Scheme::hex,    Scheme::cran,      Scheme::hackage};

TEST(Version, order_agrees_with_the_table_of_this_repository) {
  const auto text = base::read_file(BULWARK_SOURCE_DIR "/tests/advisory/versions.test");
  ASSERT_TRUE(text) << text.error().message;
  const auto check = advisory::check_version_table(*text, "versions.test");
  ASSERT_TRUE(check) << check.error().message;
  EXPECT_GT(check->rows, 150u);
  for (const auto& row : check->wrong) ADD_FAILURE() << advisory::describe_wrong_row(row, "versions.test");
}

TEST(Version, order_agrees_with_the_public_tables) {
  const char* data = std::getenv("BULWARK_TEST_DATA");
  if (data == nullptr) GTEST_SKIP() << "BULWARK_TEST_DATA is not set: it names a folder with versions/*.tsv";
  std::size_t rows = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(data) / "versions")) {
    if (entry.path().extension() != ".tsv") continue;
    const std::string name = entry.path().filename().string();
    const auto text = base::read_file(entry.path());
    ASSERT_TRUE(text) << text.error().message;
    const auto check = advisory::check_version_table(*text, name);
    ASSERT_TRUE(check) << check.error().message;
    rows += check->rows;
    for (const auto& row : check->wrong) ADD_FAILURE() << advisory::describe_wrong_row(row, name);
  }
  EXPECT_GT(rows, 0u);
}

TEST(Version, ecosystems_are_known_by_osv_name_short_name_and_purl_type) {
  EXPECT_EQ(advisory::scheme_of("Debian:12"), Scheme::debian);
  EXPECT_EQ(advisory::scheme_of("Ubuntu:Pro:18.04:LTS"), Scheme::debian);
  EXPECT_EQ(advisory::scheme_of("deb"), Scheme::debian);
  EXPECT_EQ(advisory::scheme_of("Red Hat:rhel_eus:8.4::appstream"), Scheme::rpm);
  EXPECT_EQ(advisory::scheme_of("AlmaLinux:9"), Scheme::rpm);
  EXPECT_EQ(advisory::scheme_of("Alpine:v3.18"), Scheme::alpine);
  EXPECT_EQ(advisory::scheme_of("Chainguard"), Scheme::alpine);
  EXPECT_EQ(advisory::scheme_of("crates.io"), Scheme::semver);
  EXPECT_EQ(advisory::scheme_of("semver"), Scheme::semver);
  EXPECT_EQ(advisory::scheme_of("Go"), Scheme::golang);
  EXPECT_EQ(advisory::scheme_of("gem"), Scheme::rubygems);
  EXPECT_EQ(advisory::scheme_of("composer"), Scheme::packagist);
  EXPECT_EQ(advisory::scheme_of("Linux"), std::nullopt);
  EXPECT_EQ(advisory::scheme_of(""), std::nullopt);
}

TEST(Version, validity_follows_the_scheme) {
  EXPECT_TRUE(advisory::is_valid_version(Scheme::debian, "1:2.3-4~deb12u1"));
  EXPECT_FALSE(advisory::is_valid_version(Scheme::debian, "1.0-"));
  EXPECT_FALSE(advisory::is_valid_version(Scheme::debian, "a:1.0"));
  EXPECT_FALSE(advisory::is_valid_version(Scheme::debian, ""));
  EXPECT_TRUE(advisory::is_valid_version(Scheme::rpm, "1:1.0-1.el9"));
  EXPECT_FALSE(advisory::is_valid_version(Scheme::rpm, "1.0 1"));
  EXPECT_TRUE(advisory::is_valid_version(Scheme::alpine, "1.2_rc1-r0"));
  EXPECT_FALSE(advisory::is_valid_version(Scheme::alpine, "1.2_foo"));
  EXPECT_FALSE(advisory::is_valid_version(Scheme::alpine, "1.2-r"));
  EXPECT_TRUE(advisory::is_valid_version(Scheme::semver, "v1.2"));
  EXPECT_FALSE(advisory::is_valid_version(Scheme::semver, "latest"));
  EXPECT_FALSE(advisory::is_valid_version(Scheme::golang, "(devel)"));
  EXPECT_TRUE(advisory::is_valid_version(Scheme::golang, "go1.22rc1"));
  EXPECT_TRUE(advisory::is_valid_version(Scheme::pypi, "1.0.post1+local"));
  EXPECT_FALSE(advisory::is_valid_version(Scheme::pypi, "2004d"));
  EXPECT_TRUE(advisory::is_valid_version(Scheme::maven, "1.0-SNAPSHOT"));
  EXPECT_FALSE(advisory::is_valid_version(Scheme::maven, "${revision}"));
  EXPECT_TRUE(advisory::is_valid_version(Scheme::rubygems, "1.2.pre-x86_64-linux"));
  EXPECT_FALSE(advisory::is_valid_version(Scheme::rubygems, "1..2"));
  EXPECT_FALSE(advisory::is_valid_version(Scheme::packagist, "dev-main"));
  EXPECT_TRUE(advisory::is_valid_version(Scheme::cran, "1.2-3"));
  EXPECT_FALSE(advisory::is_valid_version(Scheme::hackage, "1.2-3"));
}

// Sorting needs a total order, whatever the texts are.
TEST(Version, order_is_total_over_hostile_texts) {
  const std::vector<std::string> texts = {"", "0", "-", ".", "~", "^", ":", "1:", "-r", "+", "v", "go", "1", "1.", "1-",
                                          "1~", "1^", "1_", "1+", "a", "1a", "1.a", "1-a", "1.0-0", "1..1", "\xff",
                                          std::string(1, '\0'), "1!", "1.0.dev", "999999999999999999999999", "1.0+"};
  for (const Scheme scheme : kEveryScheme) {
    for (const std::string& a : texts) {
      for (const std::string& b : texts) {
        const auto order = advisory::compare_versions(scheme, a, b);
        EXPECT_EQ(order, 0 <=> advisory::compare_versions(scheme, b, a)) << static_cast<int>(scheme) << ' ' << a << ' ' << b;
      }
    }
  }
}

TEST(Version, huge_versions_are_ordered_in_no_time) {
  constexpr std::size_t kSize = 1u << 18;
  const auto repeat = [](std::string_view unit) {
    std::string text;
    while (text.size() < kSize) text += unit;
    return text;
  };
  const auto start = std::chrono::steady_clock::now();
  for (const std::string_view unit : {"9", "1.", "1-", "a1", "0.", "~", "-", "0", "a.", "_p1", "^1", "1-0.", "-pre"}) {
    const std::string a = repeat(unit) + "1";
    const std::string b = repeat(unit) + "2";
    for (const Scheme scheme : kEveryScheme) {
      EXPECT_EQ(advisory::compare_versions(scheme, a, b), 0 <=> advisory::compare_versions(scheme, b, a));
    }
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(30));
}

TEST(VersionTable, wrong_rows_carry_line_and_answer) {
  const auto check = advisory::check_version_table("# comment\n\nnpm\t1.0.0\t>\t2.0.0\nnpm\t1.0.0\t<\t2.0.0\n", "t.tsv");
  ASSERT_TRUE(check);
  EXPECT_EQ(check->rows, 2u);
  ASSERT_EQ(check->wrong.size(), 1u);
  EXPECT_EQ(check->wrong[0].line, 3u);
  EXPECT_EQ(advisory::describe_wrong_row(check->wrong[0], "t.tsv"), "t.tsv:3: npm 1.0.0 > 2.0.0, answered <");
}

TEST(VersionTable, malformed_lines_are_named) {
  for (const std::string_view text : {"npm\t1\t<\t2\nnpm 1 < 2\n", "npm\t1\t<\t2\nnpm\t1\t<=\t2\n", "npm\t1\t<\t2\nfoo\t1\t<\t2\n"}) {
    const auto check = advisory::check_version_table(text, "t.tsv");
    ASSERT_FALSE(check);
    EXPECT_EQ(check.error().kind, base::Kind::invalid_input);
    EXPECT_TRUE(check.error().message.starts_with("t.tsv:2: ")) << check.error().message;
  }
}

TEST(VersionTable, compares_in_a_named_ecosystem) {
  EXPECT_EQ(advisory::compare_in_ecosystem("PyPI", "1.0rc1", "1.0").value_or('?'), '<');
  EXPECT_EQ(advisory::compare_in_ecosystem("rpm", "0:1-1", "1-1").value_or('?'), '=');
  EXPECT_FALSE(advisory::compare_in_ecosystem("nowhere", "1", "2"));
}

}  // namespace
