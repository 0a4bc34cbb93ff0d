// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "base/files.hpp"
#include "sbom/layer_facts.hpp"

namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

void write_file_at(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

std::vector<std::string> packages_of_folder(const model::Inventory& inventory) {
  std::vector<std::string> lines;
  for (const auto& p : inventory.packages) lines.push_back(p.type + ' ' + p.name + ' ' + p.version + " @" + p.path);
  return lines;
}

const char* const kBashStatus = "Package: bash\nStatus: install ok installed\nVersion: 5.2\nArchitecture: amd64\n";

TEST(CatalogDirectory, reads_a_root_file_system_with_distribution) {
  const auto dir = base::TempDir::create().value();
  write_file_at(dir.path() / "var/lib/dpkg/status", kBashStatus);
  write_file_at(dir.path() / "usr/lib/os-release", "ID=debian\nVERSION_ID=12\n");
  fs::create_directories(dir.path() / "etc");
  fs::create_symlink("../usr/lib/os-release", dir.path() / "etc/os-release");
  const auto inventory = sbom::catalog_directory(dir.path());
  ASSERT_TRUE(inventory) << inventory.error().message;
  EXPECT_THAT(packages_of_folder(*inventory), ElementsAre("deb bash 5.2 @var/lib/dpkg/status"));
  EXPECT_EQ(inventory->packages[0].purl, "pkg:deb/debian/bash@5.2?arch=amd64&distro=debian-12");
  EXPECT_EQ(inventory->packages[0].layer, "");
  EXPECT_EQ(inventory->artifact.type, "directory");
  EXPECT_EQ(inventory->os->id, "debian");
  EXPECT_FALSE(inventory->partial);
}

TEST(CatalogDirectory, follows_no_link_and_skips_special_files) {
  const auto outside = base::TempDir::create().value();
  write_file_at(outside.path() / "var/lib/dpkg/status", kBashStatus);
  const auto dir = base::TempDir::create().value();
  fs::create_symlink(outside.path() / "var", dir.path() / "var");
  fs::create_symlink(outside.path() / "var/lib/dpkg/status", dir.path() / "status");
  fs::create_symlink(".", dir.path() / "loop");
  ASSERT_EQ(::mkfifo((dir.path() / "pipe").c_str(), 0600), 0);
  const auto inventory = sbom::catalog_directory(dir.path());
  ASSERT_TRUE(inventory);
  EXPECT_THAT(inventory->packages, IsEmpty());
  EXPECT_FALSE(inventory->partial);
}

TEST(CatalogDirectory, reads_a_path_that_is_one_file) {
  const auto dir = base::TempDir::create().value();
  write_file_at(dir.path() / "var/lib/dpkg/status", kBashStatus);
  const auto inventory = sbom::catalog_directory(dir.path() / "var/lib/dpkg/status");
  ASSERT_TRUE(inventory);
  ASSERT_EQ(inventory->packages.size(), 1u);
  EXPECT_EQ(inventory->packages[0].name, "bash");
}

TEST(CatalogDirectory, leaves_out_what_is_too_deep) {
  const auto dir = base::TempDir::create().value();
  fs::path deep = dir.path();
  for (int i = 0; i < 300; ++i) deep /= "d";
  write_file_at(deep / "var/lib/dpkg/status", kBashStatus);
  write_file_at(dir.path() / "var/lib/dpkg/status", kBashStatus);
  const auto inventory = sbom::catalog_directory(dir.path());
  ASSERT_TRUE(inventory);
  EXPECT_EQ(inventory->packages.size(), 1u);
  EXPECT_TRUE(inventory->partial);
  EXPECT_THAT(inventory->warnings, ElementsAre(HasSubstr("folders deep")));
}

TEST(CatalogDirectory, names_what_is_not_there) {
  const auto inventory = sbom::catalog_directory("/nonexistent/folder");
  ASSERT_FALSE(inventory);
  EXPECT_EQ(inventory.error().kind, base::Kind::not_found);
}

}  // namespace
