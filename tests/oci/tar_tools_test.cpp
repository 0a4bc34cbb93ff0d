// SPDX-License-Identifier: Apache-2.0
// read_tar against the archives that GNU tar and bsdtar make of random trees, and against the cases of other projects.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include "base/files.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "oci/tar.hpp"
#include "support/sources.hpp"
#include "support/tar_list.hpp"

namespace {

namespace fs = std::filesystem;
using oci::TarEntry;

bool has_tool(const std::string& name) { return std::system(("command -v " + name + " >/dev/null 2>&1").c_str()) == 0; }

struct RandomTree {
  std::mt19937 random{7};
  std::map<std::string, std::string> files;     // path → content
  std::map<std::string, std::string> symlinks;  // path → target
  std::vector<std::string> hard_links;
  std::vector<std::string> directories;

  std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random); }

  std::string word() {
    const std::size_t length = below(8) == 0 ? 60 + below(140) : 1 + below(12);
    std::string out;
    while (out.size() < length) out += "abcdefgh -_.\xc3\xa4"[below(12)];
    return "w" + out;
  }

  // Holes of 100 kB between pieces of text, so that --sparse has something to do.
  void write_sparse(const fs::path& path, const std::string& name) {
    std::string content;
    for (std::size_t piece = 0; piece < 8 + below(40); ++piece)
      content += std::string(100'000, '\0') + test::sample_text(4'096 + below(9'000));
    std::ofstream file(path, std::ios::binary);
    for (std::size_t at = 0; at < content.size();) {
      const std::size_t text = std::min(content.find_first_not_of('\0', at), content.size());
      const std::size_t end = std::min(content.find(std::string(1000, '\0'), text), content.size());
      file.seekp(static_cast<std::streamoff>(text));
      file.write(content.data() + text, static_cast<std::streamsize>(end - text));
      at = end;
    }
    files[name] = content;
  }

  void make(const fs::path& root) {
    directories.push_back("");
    for (int i = 0; i < 120; ++i) {
      const std::string& parent = directories[below(directories.size())];
      const std::string name = parent + (parent.empty() ? "" : "/") + word();
      const fs::path path = root / name;
      std::error_code error;
      if (name.size() > 1500 || fs::exists(fs::symlink_status(path, error))) continue;
      switch (below(6)) {
        case 0:
        case 1: fs::create_directory(path), directories.push_back(name); break;
        case 2: fs::create_symlink(symlinks[name] = "../" + word(), path); break;
        case 3: write_sparse(path, name); break;
        default:
          files[name] = test::sample_text(below(3'000), static_cast<unsigned>(i) + 1);
          std::ofstream(path, std::ios::binary) << files[name];
      }
    }
    const std::string original = files.begin()->first;
    fs::create_hard_link(root / original, root / "zz-hard-link");
    hard_links = {original, "zz-hard-link"};
    files["zz-hard-link"] = files[original];
  }
};

void expect_same_tree(const RandomTree& tree, const std::string& archive, const std::string& how) {
  const auto source = base::file_source(archive);
  ASSERT_TRUE(source);
  test::TarList list;
  list.keep = 100u << 20;
  const auto result = oci::read_tar(**source, list);
  ASSERT_TRUE(result) << how << ": " << result.error().message;
  std::map<std::string, const TarEntry*> by_path;
  for (const TarEntry& entry : list.entries) by_path[entry.path] = &entry;
  EXPECT_EQ(by_path.size(), tree.files.size() + tree.symlinks.size() + tree.directories.size()) << how;
  for (const auto& [path, content] : tree.files) {
    ASSERT_TRUE(by_path.count(path)) << how << ": " << path;
    const TarEntry& entry = *by_path[path];
    const std::string& from = entry.type == TarEntry::Type::hard_link ? entry.link : path;
    EXPECT_TRUE(list.data_of[from] == content) << how << ": " << path;
    if (entry.type == TarEntry::Type::file) {
      EXPECT_EQ(entry.size, content.size());
    }
  }
  for (const auto& [path, target] : tree.symlinks) {
    ASSERT_TRUE(by_path.count(path)) << how << ": " << path;
    EXPECT_EQ(by_path[path]->link, target) << how;
  }
}

TEST(TarTools, reads_what_gnu_tar_and_bsdtar_write) {
  auto dir = base::TempDir::create();
  ASSERT_TRUE(dir);
  const fs::path root = dir->path() / "tree";
  fs::create_directory(root);
  RandomTree tree;
  tree.make(root);
  std::vector<std::string> commands;
  if (has_tool("tar"))
    for (const std::string options : {"--format=gnu", "--format=gnu --sparse", "--format=pax", "--format=pax --sparse",
                                      "--format=pax --sparse --sparse-version=0.1",
                                      "--format=pax --sparse --sparse-version=0.0"})
      commands.push_back("tar " + options + " -cf");
  if (has_tool("bsdtar"))
    for (const std::string options : {"--format=pax", "--format=gnutar", "--format=pax --read-sparse"})
      commands.push_back("bsdtar " + options + " -cf");
  if (commands.empty()) GTEST_SKIP() << "neither tar nor bsdtar";
  const std::string archive = (dir->path() / "a.tar").string();
  for (const std::string& command : commands) {
    const std::string line = command + " " + archive + " -C " + root.string() + " . 2>/dev/null";
    if (std::system(line.c_str()) != 0) continue;  // an option that this version does not know
    expect_same_tree(tree, archive, command);
  }
}

TEST(TarTools, reads_the_odd_layers_of_other_projects) {
  const char* data = std::getenv("BULWARK_TEST_DATA");
  if (!data) GTEST_SKIP() << "BULWARK_TEST_DATA is not set";
  const fs::path folder = fs::path(data) / "pkgdb";
  std::ifstream cases(folder / "cases.jsonl");
  int layers = 0;
  for (std::string line; std::getline(cases, line);) {
    const auto json = base::parse_json(line, "cases.jsonl");
    ASSERT_TRUE(json);
    if (base::get_string(*json, "kind") != "layer-tar") continue;
    ++layers;
    const std::string file(base::as_string(base::get_array(*json, "files").at(0)));
    const auto source = base::file_source((folder / file).string());
    ASSERT_TRUE(source) << file;
    test::TarList list;
    const auto result = oci::read_tar(**source, list);
    EXPECT_TRUE(result) << file << ": " << result.error().message;
    std::vector<std::string> expected;
    for (const auto& member : base::get_array(*json, "members"))
      expected.push_back(oci::normalise_path(base::as_string(member)));
    EXPECT_EQ(list.paths(), expected) << file;
  }
  EXPECT_GT(layers, 0);
}

}  // namespace
