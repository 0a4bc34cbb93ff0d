// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sbom/layers_testing.hpp"

namespace {

using namespace layers_testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(MergeLayers, upper_database_replaces_lower_and_layer_is_the_first_with_the_version) {
  const auto inventory = merge({{file("db/packages.list", "a 1\nb 1\nc 1")},
                                {file("db/packages.list", "a 1\nb 2\nd 1")},
                                {file("db/packages.list", "a 1\nb 2\nc 1\nd 1")}});
  EXPECT_THAT(listed(inventory), ElementsAre("a 1 @db/packages.list #1", "b 2 @db/packages.list #2",
                                             "c 1 @db/packages.list #3", "d 1 @db/packages.list #2"));
}

TEST(MergeLayers, a_broken_database_of_the_operating_system_makes_the_result_partial) {
  const auto broken = merge({{file("var/lib/rpm/Packages.db", "RpmP and nothing sensible behind it")}});
  EXPECT_TRUE(broken.partial);
  EXPECT_THAT(broken.warnings, ElementsAre(HasSubstr("var/lib/rpm/Packages.db")));
  EXPECT_FALSE(merge({{file("var/lib/rpm/Packages.db", "RpmP and nothing sensible behind it")},
                      {file("var/lib/rpm/.wh.Packages.db", "")}})
                   .partial);
  EXPECT_FALSE(merge({{file("db/packages.list", "a 1")}}).partial);
  const auto too_large = merge({{file("var/lib/dpkg/status", std::string((64u << 20) + 1, 'x'))}});
  EXPECT_TRUE(too_large.partial);
}

TEST(MergeLayers, whiteout_deletes_files_and_folders_of_lower_layers) {
  EXPECT_THAT(names(merge({{file("a/packages.list", "x 1")}, {file("a/.wh.packages.list", "")}})), IsEmpty());
  EXPECT_THAT(names(merge({{file("a/b/packages.list", "x 1"), file("ab/packages.list", "y 1")}, {file(".wh.a", "")}})),
              ElementsAre("y"));
}

TEST(MergeLayers, whiteout_and_file_in_one_layer_is_a_replacement) {
  const std::vector<std::vector<Entry>> layers{
      {file("a/packages.list", "x 1\ny 1")},
      {file("a/packages.list", "x 1\ny 2"), file("a/.wh.packages.list", "")}};
  EXPECT_THAT(listed(merge(layers)), ElementsAre("x 1 @a/packages.list #1", "y 2 @a/packages.list #2"));
}

TEST(MergeLayers, layer_counts_from_the_last_gap_on) {
  const auto inventory = merge({{file("packages.list", "x 1")}, {file(".wh.packages.list", "")}, {file("packages.list", "x 1")}});
  EXPECT_THAT(listed(inventory), ElementsAre("x 1 @packages.list #3"));
}

TEST(MergeLayers, opaque_marker_hides_lower_layers_only_wherever_it_stands) {
  const std::vector<Entry> lower{file("d/packages.list", "old 1"), file("d/e/packages.list", "old 2"), file("packages.list", "top 1")};
  EXPECT_THAT(names(merge({lower, {file("d/.wh..wh..opq", ""), file("d/n/packages.list", "new 1")}})), ElementsAre("new", "top"));
  EXPECT_THAT(names(merge({lower, {file("d/n/packages.list", "new 1"), file("d/.wh..wh..opq", "")}})), ElementsAre("new", "top"));
  EXPECT_THAT(names(merge({lower, {file(".wh..wh..opq", "")}})), IsEmpty());
}

TEST(MergeLayers, file_that_tells_nothing_hides_the_lower_one) {
  const std::vector<Entry> lower{file("usr/bin/app", "MAGIC\nx 1"), file("packages.list", "y 1")};
  EXPECT_THAT(names(merge({lower, {file("usr/bin/app", "#!/bin/sh")}})), ElementsAre("y"));
  EXPECT_THAT(names(merge({lower, {file("usr/bin/app", "")}})), ElementsAre("y"));
  EXPECT_THAT(names(merge({lower, {folder("usr/bin/app")}})), ElementsAre("y"));
  EXPECT_THAT(names(merge({lower, {soft_link("usr/bin/app", "other")}})), ElementsAre("y"));
  EXPECT_THAT(names(merge({lower, {file("packages.list", "")}})), ElementsAre("x"));
  EXPECT_THAT(names(merge({lower, {device("packages.list")}})), ElementsAre("x"));
  EXPECT_THAT(names(merge({lower, {hard_link("packages.list", "nowhere")}})), ElementsAre("x"));
  EXPECT_THAT(names(merge({lower, {folder("usr"), folder("usr/bin"), file("usr/bin/app2", "")}})), ElementsAre("x", "y"));
}

TEST(MergeLayers, non_folder_hides_a_lower_folder) {
  const std::vector<Entry> lower{file("opt/app/packages.list", "x 1")};
  EXPECT_THAT(names(merge({lower, {file("opt/app", "text")}})), IsEmpty());
  EXPECT_THAT(names(merge({lower, {soft_link("opt", "usr/opt")}})), IsEmpty());
  EXPECT_THAT(names(merge({lower, {folder("opt")}})), ElementsAre("x"));
}

TEST(MergeLayers, writes_through_symlinked_folders_of_lower_layers) {
  const std::vector<Entry> lower{soft_link("lib", "usr/lib"), file("usr/lib/apk/packages.list", "old 1\nkept 1")};
  EXPECT_THAT(listed(merge({lower, {file("lib/apk/packages.list", "new 1\nkept 1")}})),
              ElementsAre("kept 1 @usr/lib/apk/packages.list #1", "new 1 @usr/lib/apk/packages.list #2"));
  EXPECT_THAT(names(merge({lower, {file("lib/apk/packages.list", "")}})), IsEmpty());
  EXPECT_THAT(names(merge({lower, {file("lib/apk/.wh.packages.list", "")}})), IsEmpty());
  EXPECT_THAT(names(merge({lower, {file("lib/apk/.wh..wh..opq", "")}})), IsEmpty());
  EXPECT_THAT(names(merge({lower, {file("lib/.wh..wh..opq", "")}})), IsEmpty());
  // Removing the link leaves what it led to.
  EXPECT_THAT(names(merge({lower, {file(".wh.lib", "")}})), ElementsAre("kept", "old"));
}

TEST(MergeLayers, folder_entry_replaces_a_lower_link) {
  const auto inventory = merge({{soft_link("lib", "usr/lib"), file("usr/lib/packages.list", "old 1")},
                                {folder("lib"), file("lib/packages.list", "new 1")}});
  EXPECT_THAT(listed(inventory), ElementsAre("new 1 @lib/packages.list #2", "old 1 @usr/lib/packages.list #1"));
}

TEST(MergeLayers, link_of_the_same_layer_counts_too) {
  const auto inventory = merge({{soft_link("var/lib/rpm", "../../usr/lib/sysimage/rpm"), file("usr/lib/sysimage/rpm/packages.list", "a 1")},
                                {file("var/lib/rpm/packages.list", "a 1\nb 1")}});
  EXPECT_THAT(listed(inventory), ElementsAre("a 1 @usr/lib/sysimage/rpm/packages.list #1", "b 1 @usr/lib/sysimage/rpm/packages.list #2"));
  EXPECT_THAT(listed(merge({{file("lib/packages.list", "x 1"), soft_link("lib", "usr/lib")}})),
              ElementsAre("x 1 @usr/lib/packages.list #1"));
}

TEST(MergeLayers, links_never_lead_out_of_the_root) {
  const auto inventory = merge({{soft_link("a", "../../../../etc"), soft_link("b", "/etc/../../x"), soft_link("c", "b/../..")},
                                {file("a/packages.list", "a 1"), file("b/packages.list", "b 1"), file("c/packages.list", "c 1")}});
  EXPECT_THAT(listed(inventory), ElementsAre("a 1 @etc/packages.list #2", "b 1 @x/packages.list #2", "c 1 @packages.list #2"));
}

TEST(MergeLayers, link_loops_end) {
  const auto inventory = merge({{soft_link("a", "b"), soft_link("b", "a"), soft_link("self", "self/self"), soft_link("d", "./d/../d")},
                                {file("a/packages.list", "x 1"), file("self/packages.list", "y 1"), file("d/q/packages.list", "z 1")}});
  EXPECT_THAT(listed(inventory),
              ElementsAre("x 1 @a/packages.list #2", "y 1 @self/packages.list #2", "z 1 @d/q/packages.list #2"));
}

TEST(MergeLayers, follows_at_most_forty_links) {
  for (const int length : {40, 41}) {
    std::vector<Entry> chain{soft_link("l0", "end")};
    for (int i = 1; i < length; ++i) chain.push_back(soft_link("l" + std::to_string(i), "l" + std::to_string(i - 1)));
    const std::string last = "l" + std::to_string(length - 1);
    const auto inventory = merge({chain, {file(last + "/packages.list", "x 1")}});
    EXPECT_EQ(inventory.packages.at(0).path, length == 40 ? "end/packages.list" : last + "/packages.list");
  }
}

const char* const kSixStatus = "Package: python3-six\nStatus: install ok installed\nVersion: 1.16.0-4\nArchitecture: all\n";

// A language package: packages.list stands for dist-info/METADATA here.
TEST(MergeLayers, files_of_os_packages_are_managed_by_them) {
  const std::vector<Entry> base{file("var/lib/dpkg/status", kSixStatus),
                                file("var/lib/dpkg/info/python3-six.list", "/.\n/usr\n/usr/lib\n/usr/lib/six\n/usr/lib/six/packages.list\n"),
                                file("usr/lib/six/packages.list", "six 1.16.0"), file("opt/packages.list", "six 1.15.0")};
  const auto managed = [](const model::Inventory& inventory) {
    std::vector<std::string> lines;
    for (const auto& p : inventory.packages)
      if (p.type == "test") lines.push_back(p.version + "=" + p.managed_by);
    return lines;
  };
  EXPECT_THAT(managed(merge({base})), ElementsAre("1.15.0=", "1.16.0=dpkg"));
  EXPECT_THAT(managed(merge({base, {file("var/lib/dpkg/info/.wh.python3-six.list", "")}})), ElementsAre("1.15.0=", "1.16.0="));
  // Where the database is gone, nobody speaks for the file.
  EXPECT_THAT(managed(merge({base, {file("var/lib/dpkg/.wh.status", "")}})), ElementsAre("1.15.0=", "1.16.0="));
  EXPECT_EQ(merge({base}).packages.at(0).type, "deb");
  EXPECT_EQ(merge({base}).packages.at(0).managed_by, "");
}

TEST(MergeLayers, drops_exact_duplicates_and_sorts) {
  const auto inventory = merge({{file("b/packages.list", "z 1\na 2\na 2\na 1"), file("a/packages.list", "a 2")}});
  EXPECT_THAT(listed(inventory), ElementsAre("a 1 @b/packages.list #1", "a 2 @a/packages.list #1", "a 2 @b/packages.list #1",
                                             "z 1 @b/packages.list #1"));
}

TEST(MergeLayers, carries_warnings_of_what_survives_with_the_layer) {
  const auto inventory = merge({{file("a/packages.list", "fail"), file("b/packages.list", "fail")}, {file("a/packages.list", "x 1")}});
  EXPECT_THAT(inventory.warnings, ElementsAre("layer 1: b/packages.list: failed on purpose"));
}

TEST(MergeLayers, replaces_bytes_that_cannot_be_printed) {
  const auto inventory = merge({{file("caf\xe9/packages.list", "x\x1b[31m 1")}});
  EXPECT_THAT(listed(inventory), ElementsAre("x\xef\xbf\xbd[31m 1 @caf\xef\xbf\xbd/packages.list #1"));
}

TEST(MergeLayers, keeps_nested_archive_paths_behind_a_moved_file) {
  sbom::LayerFacts layer;
  layer.symlinks["app"] = "srv";
  layer.files.resize(1);
  layer.files[0].path = "app/x.jar";
  layer.files[0].packages.resize(1);
  layer.files[0].packages[0].name = "g:a";
  layer.files[0].packages[0].type = "maven";
  layer.files[0].packages[0].version = "1";
  layer.files[0].packages[0].path = "app/x.jar!/y.jar";
  model::Inventory inventory;
  sbom::merge_layers({layer}, inventory);
  ASSERT_EQ(inventory.packages.size(), 1u);
  EXPECT_EQ(inventory.packages[0].path, "srv/x.jar!/y.jar");
  EXPECT_EQ(inventory.packages[0].purl, "pkg:maven/g/a@1");
}

std::string merged_os(const std::vector<std::vector<Entry>>& layers) {
  const auto inventory = merge(layers);
  return inventory.os ? inventory.os->id + '|' + inventory.os->version + '|' + inventory.os->codename : "none";
}

TEST(MergeLayers, chooses_the_distribution) {
  EXPECT_EQ(merged_os({{}}), "none");
  EXPECT_EQ(merged_os({{file("etc/debian_version", "12.5\n"), file("usr/lib/os-release", "ID=debian\nVERSION_ID=\"12\"\n"),
                    soft_link("etc/os-release", "../usr/lib/os-release"), file("etc/lsb-release", "DISTRIB_ID=Other\n")}}),
            "debian|12|bookworm");
  EXPECT_EQ(merged_os({{file("etc/os-release", "ID=ubuntu\nVERSION_ID=22.04\nVERSION_CODENAME=jammy"), file("etc/debian_version", "bookworm/sid")}}),
            "ubuntu|22.04|jammy");
  EXPECT_EQ(merged_os({{file("etc/os-release", "ID=debian\nNAME=x"), file("etc/debian_version", "trixie/sid\n")}}), "debian|13|trixie");
  EXPECT_EQ(merged_os({{file("etc/os-release", "ID=debian\nVERSION_CODENAME=forky"), file("etc/debian_version", "x")}}), "debian|14|forky");
  EXPECT_EQ(merged_os({{file("etc/debian_version", "11.7\n")}}), "debian|11|bullseye");
  EXPECT_EQ(merged_os({{file("etc/alpine-release", "3.19.1\n")}}), "alpine|3.19.1|");
  EXPECT_EQ(merged_os({{file("etc/os-release", "ID=alpine\nVERSION_ID=3.18.0")}, {file("etc/os-release", "ID=alpine\nVERSION_ID=3.19.0")}}),
            "alpine|3.19.0|");
  EXPECT_EQ(merged_os({{file("usr/lib/os.release.d/os-release-container", "ID=fedora\nVERSION_ID=39"),
                    file("usr/lib/os.release.d/os-release-aaa", "ID=other\n"), soft_link("etc/os-release", "../usr/lib/os-release"),
                    soft_link("usr/lib/os-release", "os.release.d/os-release-container")}}),
            "fedora|39|");
}

}  // namespace
