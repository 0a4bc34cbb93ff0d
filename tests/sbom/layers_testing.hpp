// SPDX-License-Identifier: Apache-2.0
// Layers made of entries, and what comes out of them, for tests.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "sbom/cataloger.hpp"
#include "sbom/layer_facts.hpp"

namespace layers_testing {

struct Entry {
  oci::TarEntry::Type type = oci::TarEntry::Type::file;
  std::string path;
  std::string text;  // content, or the target of a link
  std::uint32_t mode = 0644;
};

using Type = oci::TarEntry::Type;

inline Entry file(std::string path, std::string content) { return {Type::file, std::move(path), std::move(content), 0644}; }
inline Entry folder(std::string path) { return {Type::directory, std::move(path), "", 0755}; }
inline Entry soft_link(std::string path, std::string target) { return {Type::symlink, std::move(path), std::move(target), 0777}; }
inline Entry hard_link(std::string path, std::string target) {
  return {Type::hard_link, std::move(path), std::move(target), 0644};
}
inline Entry device(std::string path) { return {Type::other, std::move(path), "", 0644}; }

// Each line "name version" of a file "…/packages.list" is a package of type "test"; the word "throw" throws, "fail" is
// an error.
inline base::Result<sbom::FileFacts> catalog_list(std::span<const sbom::File> files) {
  sbom::FileFacts facts;
  facts.path = files[0].path;
  std::string_view rest = files[0].content;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    if (line == "throw") throw std::runtime_error("thrown on purpose");
    if (line == "fail") return base::fail(base::Kind::invalid_input, "failed on purpose");
    const auto blank = line.find(' ');
    if (blank == std::string_view::npos) continue;
    model::Package package;
    package.type = "test";
    package.name = line.substr(0, blank);
    package.version = line.substr(blank + 1);
    facts.packages.push_back(package);
  }
  return facts;
}

inline constexpr sbom::Cataloger kListCataloger{
    "test-list", 1, 1u << 20, false,
    [](const sbom::FileHead& head) { return head.path.ends_with("packages.list"); }, catalog_list};

// Like an executable: wanted for its magic, wherever it is.
inline constexpr sbom::Cataloger kMagicCataloger{
    "test-magic", 1, 32u << 20, false, [](const sbom::FileHead& head) { return head.magic.starts_with("MAGIC\n"); },
    catalog_list};

// One package a group, named after the files in it.
inline base::Result<sbom::FileFacts> catalog_group(std::span<const sbom::File> files) {
  sbom::FileFacts facts;
  facts.path = files[0].path;
  model::Package package;
  package.type = "group";
  for (const auto& member : files) package.name += (package.name.empty() ? "" : "+") + member.path;
  package.version = std::to_string(files.size());
  facts.packages.push_back(package);
  return facts;
}

inline constexpr sbom::Cataloger kGroupCataloger{
    "test-group", 1, 1u << 20, true, [](const sbom::FileHead& head) { return head.path.ends_with(".part"); }, catalog_group};

inline std::vector<const sbom::Cataloger*> test_catalogers() {
  std::vector<const sbom::Cataloger*> all{&kListCataloger, &kMagicCataloger, &kGroupCataloger};
  for (const auto& cataloger : sbom::os_catalogers()) all.push_back(&cataloger);
  return all;
}

// Walks the entries as read_tar would, in pieces of `chunk` bytes.
inline void feed(sbom::LayerAnalyzer& analyzer, const std::vector<Entry>& entries, std::size_t chunk = 7) {
  for (const auto& entry : entries) {
    oci::TarEntry head;
    head.type = entry.type;
    head.path = entry.path;
    head.mode = entry.mode;
    if (entry.type == Type::file) head.size = entry.text.size();
    else head.link = entry.text;
    const auto wanted = analyzer.begin(head);
    ASSERT_TRUE(wanted) << wanted.error().message;
    if (!*wanted) continue;
    for (std::size_t at = 0; at < entry.text.size(); at += chunk)
      ASSERT_TRUE(analyzer.data(std::string_view(entry.text).substr(at, chunk)));
    ASSERT_TRUE(analyzer.end());
  }
}

inline sbom::LayerFacts analyse(const std::vector<Entry>& entries, std::string diff_id = "sha256:layer",
                                std::size_t chunk = 7) {
  sbom::LayerAnalyzer analyzer(test_catalogers());
  feed(analyzer, entries, chunk);
  if (!analyzer.needs_second_pass()) return analyzer.finish(std::move(diff_id));
  const auto again = analyzer.retry();
  feed(*again, entries, chunk);
  EXPECT_FALSE(again->needs_second_pass());
  return again->finish(std::move(diff_id));
}

// Layers named "1", "2" … from the bottom.
inline model::Inventory merge(const std::vector<std::vector<Entry>>& layers) {
  std::vector<sbom::LayerFacts> facts;
  for (const auto& entries : layers) facts.push_back(analyse(entries, std::to_string(facts.size() + 1)));
  model::Inventory inventory;
  sbom::merge_layers(facts, inventory);
  return inventory;
}

// "name version @path #layer" of each package, in order.
inline std::vector<std::string> listed(const model::Inventory& inventory) {
  std::vector<std::string> lines;
  for (const auto& p : inventory.packages) lines.push_back(p.name + ' ' + p.version + " @" + p.path + " #" + p.layer);
  return lines;
}

inline std::vector<std::string> names(const model::Inventory& inventory) {
  std::vector<std::string> lines;
  for (const auto& p : inventory.packages) lines.push_back(p.name);
  return lines;
}

inline std::vector<std::string> paths(const sbom::LayerFacts& facts) {
  std::vector<std::string> lines;
  for (const auto& f : facts.files) lines.push_back(f.path);
  return lines;
}

}  // namespace layers_testing
