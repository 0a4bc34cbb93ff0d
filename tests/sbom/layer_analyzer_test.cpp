// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/hash.hpp"
#include "sbom/layers_testing.hpp"

namespace {

using namespace layers_testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

TEST(LayerAnalyzer, keeps_only_what_a_cataloger_wants) {
  const auto facts = analyse({file("a/packages.list", "x 1\ny 2\n"), file("a/readme", "x 1"), file("b", "MAGIC\nz 3")});
  ASSERT_THAT(paths(facts), ElementsAre("a/packages.list", "b"));
  EXPECT_EQ(facts.files[0].packages.size(), 2u);
  EXPECT_EQ(facts.files[1].packages[0].name, "z");
  EXPECT_EQ(facts.diff_id, "sha256:layer");
  EXPECT_EQ(facts.non_folders.size(), 3u);
}

TEST(LayerAnalyzer, sees_the_magic_whatever_the_chunks) {
  for (std::size_t chunk : {1u, 5u, 16u, 17u, 1000u}) {
    const auto facts = analyse({file("b", "MAGIC\nz 3\nlonger than sixteen 4"), file("c", "MAGIC\nq 1")}, "", chunk);
    ASSERT_THAT(paths(facts), ElementsAre("b", "c")) << chunk;
    EXPECT_EQ(facts.files[0].packages.size(), 2u) << chunk;
  }
}

TEST(LayerAnalyzer, last_entry_of_a_path_wins) {
  EXPECT_THAT(paths(analyse({file("packages.list", "x 1"), file("packages.list", "nothing")})), IsEmpty());
  EXPECT_THAT(paths(analyse({file("packages.list", "x 1"), soft_link("packages.list", "elsewhere")})), IsEmpty());
  EXPECT_THAT(paths(analyse({file("packages.list", "x 1"), folder("packages.list")})), IsEmpty());
  const auto facts = analyse({soft_link("packages.list", "q"), file("packages.list", "x 1"), file("packages.list", "y 2")});
  ASSERT_THAT(paths(facts), ElementsAre("packages.list"));
  ASSERT_EQ(facts.files[0].packages.size(), 1u);
  EXPECT_EQ(facts.files[0].packages[0].name, "y");
  EXPECT_THAT(facts.symlinks, IsEmpty());
}

TEST(LayerAnalyzer, tells_whiteouts_from_files) {
  const auto facts = analyse({file("a/.wh.b", ""), file(".wh.c", ""), file("d/.wh..wh..opq", ""), file(".wh..wh..opq", ""),
                              file(".wh..wh.aufs", ""), file(".wh..wh.plnk/1.2", "MAGIC\nz 3"), folder(".wh..wh.orph"),
                              file("e/.wh.", ""), file("e/.wh...", "")});
  EXPECT_THAT(facts.whiteouts, ElementsAre("a/b", "c"));
  EXPECT_THAT(facts.opaque, ElementsAre("d", ""));
  EXPECT_THAT(paths(facts), IsEmpty());
  EXPECT_THAT(facts.non_folders, IsEmpty());
}

TEST(LayerAnalyzer, notes_wanted_paths_that_hold_nothing) {
  const auto facts = analyse({file("a/packages.list", ""), soft_link("b/packages.list", "x"), device("c/packages.list"),
                              file("d/packages.list", "nothing"), file("e", ""), soft_link("f", "g")});
  EXPECT_THAT(facts.replaced, UnorderedElementsAre("a/packages.list", "b/packages.list", "c/packages.list", "d/packages.list"));
  EXPECT_EQ(facts.symlinks.at("f"), "g");
}

TEST(LayerAnalyzer, leaves_out_files_above_the_cap_with_a_warning) {
  const auto facts = analyse({file("packages.list", std::string((1u << 20) + 1, 'x')), file("b/packages.list", "y 2")}, "", 4096);
  EXPECT_THAT(paths(facts), ElementsAre("b/packages.list"));
  ASSERT_EQ(facts.warnings.size(), 1u);
  EXPECT_THAT(facts.warnings[0], HasSubstr("packages.list: left out, as it has 1048577 bytes"));
}

TEST(LayerAnalyzer, turns_faults_of_catalogers_into_warnings) {
  const auto facts = analyse({file("a/packages.list", "throw"), file("b/packages.list", "fail"), file("c/packages.list", "x 1")});
  ASSERT_THAT(paths(facts), ElementsAre("a/packages.list", "b/packages.list", "c/packages.list"));
  EXPECT_THAT(facts.files[0].warnings, ElementsAre(HasSubstr("a/packages.list: the test-list cataloger failed: thrown")));
  EXPECT_THAT(facts.files[1].warnings, ElementsAre("b/packages.list: failed on purpose"));
  EXPECT_EQ(facts.files[2].packages.size(), 1u);
}

TEST(LayerAnalyzer, caps_what_it_says_of_broken_files) {
  std::vector<Entry> entries;
  for (int i = 0; i < 1'200; ++i) entries.push_back(file(std::to_string(i) + "/packages.list", "fail"));
  const auto facts = analyse(entries);
  EXPECT_EQ(facts.files.size(), 1'000u);
  EXPECT_EQ(facts.replaced.size(), 200u);
  EXPECT_THAT(facts.warnings, ElementsAre("200 more warnings are left out"));
}

TEST(LayerAnalyzer, joins_what_several_catalogers_tell) {
  const auto facts = analyse({file("packages.list", "MAGIC\nx 1")});
  ASSERT_THAT(paths(facts), ElementsAre("packages.list"));
  EXPECT_EQ(facts.files[0].packages.size(), 2u);
}

TEST(LayerAnalyzer, hands_grouped_files_over_by_folder_at_the_end) {
  const auto facts = analyse({file("d/b.part", "1"), file("e/a.part", "2"), file("x", "3"), file("d/a.part", "4"),
                              file("d/b.part", "5"), hard_link("d/c.part", "d/a.part")});
  ASSERT_THAT(paths(facts), ElementsAre("d/a.part", "e/a.part"));
  EXPECT_EQ(facts.files[0].packages[0].name, "d/a.part+d/b.part+d/c.part");
  EXPECT_EQ(facts.files[1].packages[0].name, "e/a.part");
}

TEST(LayerAnalyzer, hard_link_shares_the_facts_of_its_target) {
  const auto facts = analyse({file("b", "MAGIC\nz 3"), hard_link("c", "b"), hard_link("d", "c")});
  ASSERT_THAT(paths(facts), ElementsAre("b", "c", "d"));
  EXPECT_EQ(facts.files[2].packages[0].name, "z");
}

TEST(LayerAnalyzer, reads_again_where_a_hard_link_names_an_unwanted_file) {
  const std::vector<Entry> entries{file("store/1", "x 1"), hard_link("a/packages.list", "store/1"),
                                   hard_link("b/packages.list", "a/packages.list")};
  sbom::LayerAnalyzer analyzer(test_catalogers());
  feed(analyzer, entries);
  EXPECT_TRUE(analyzer.needs_second_pass());
  const auto facts = analyse(entries);
  ASSERT_THAT(paths(facts), ElementsAre("a/packages.list", "b/packages.list"));
  EXPECT_EQ(facts.files[1].packages[0].name, "x");
}

TEST(LayerAnalyzer, reads_hard_links_into_aufs_plnk) {
  const auto facts = analyse({file(".wh..wh.plnk/12.34", "x 1"), hard_link("a/packages.list", ".wh..wh.plnk/12.34")});
  EXPECT_THAT(paths(facts), ElementsAre("a/packages.list"));
}

TEST(LayerAnalyzer, warns_of_hard_links_to_nowhere) {
  const auto facts = analyse({hard_link("a/packages.list", "missing"), hard_link("b", "missing"),
                              hard_link("self/packages.list", "self/packages.list")});
  EXPECT_THAT(paths(facts), IsEmpty());
  EXPECT_THAT(facts.warnings, UnorderedElementsAre(HasSubstr("a/packages.list: left out"), HasSubstr("self/packages.list: left out")));
}

TEST(LayerAnalyzer, caps_symbolic_links) {
  sbom::LayerAnalyzer analyzer(test_catalogers());
  oci::TarEntry link;
  link.type = Type::symlink;
  link.link = "t";
  for (int i = 0; i < 200'050; ++i) {
    link.path = "l" + std::to_string(i);
    ASSERT_FALSE(analyzer.begin(link).value());
  }
  const auto facts = analyzer.finish("");
  EXPECT_EQ(facts.symlinks.size(), 200'000u);
  EXPECT_THAT(facts.warnings, ElementsAre(HasSubstr("symbolic links")));
}

TEST(LayerAnalyzer, ignores_paths_no_program_can_name) {
  std::string deep;
  for (int i = 0; i < 3000; ++i) deep += "d/";
  const auto facts = analyse({file(deep + "packages.list", "x 1"), file(deep + "other", "x 1")});
  EXPECT_THAT(paths(facts), IsEmpty());
  EXPECT_THAT(facts.warnings, ElementsAre(HasSubstr("longer than 4096 bytes")));
}

// A layer that fails while it holds a big file must not keep the others waiting.
TEST(LayerAnalyzer, gives_the_turn_for_big_files_back_when_abandoned) {
  const std::string big = "MAGIC\nz 3\n" + std::string(9u << 20, ' ');
  sbom::LayerAnalyzer broken(test_catalogers());
  oci::TarEntry head;
  head.path = "big";
  head.size = big.size();
  ASSERT_TRUE(broken.begin(head).value());
  ASSERT_TRUE(broken.data(std::string_view(big).substr(0, 100)));
  std::atomic<bool> done = false;
  std::thread other([&] {
    EXPECT_THAT(paths(analyse({file("big2", big)}, "", 1u << 20)), ElementsAre("big2"));
    done = true;
  });
  EXPECT_FALSE(done);
  broken.abandoned();
  other.join();
  EXPECT_TRUE(done);
}

TEST(PathFingerprint, takes_merged_usr_paths_as_one) {
  EXPECT_EQ(sbom::path_fingerprint("/usr/bin/ls"), sbom::path_fingerprint("bin/ls"));
  EXPECT_EQ(sbom::path_fingerprint("./usr/lib64/x"), sbom::path_fingerprint("lib64/x"));
  EXPECT_NE(sbom::path_fingerprint("usr/share/x"), sbom::path_fingerprint("share/x"));
  EXPECT_NE(sbom::path_fingerprint("usr/library/x"), sbom::path_fingerprint("library/x"));
  EXPECT_NE(sbom::path_fingerprint("opt/usr/bin/x"), sbom::path_fingerprint("opt/bin/x"));
}

}  // namespace
