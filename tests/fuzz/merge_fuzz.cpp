// SPDX-License-Identifier: Apache-2.0
// Layers made of lines "<kind> <path> <text>", a line "=" starts the next layer. Whatever they hold, merging ends, and
// no package lies outside the root.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "sbom/layer_facts.hpp"

namespace {

base::Result<sbom::FileFacts> catalog_fuzzed(std::span<const sbom::File> files) {
  sbom::FileFacts facts;
  facts.path = files[0].path;
  for (std::string_view name : base::split(files[0].content, ',')) {
    if (name.empty()) continue;
    model::Package package;
    package.type = "test";
    package.name = name;
    package.version = "1";
    facts.packages.push_back(std::move(package));
  }
  return facts;
}

constexpr sbom::Cataloger kPlain{"plain", 1, 64, false, [](const sbom::FileHead& head) { return head.path.ends_with("p"); },
                                 catalog_fuzzed};
constexpr sbom::Cataloger kGrouped{"grouped", 1, 64, true, [](const sbom::FileHead& head) { return head.path.ends_with("g"); },
                                   catalog_fuzzed};
constexpr sbom::Cataloger kMagic{"magic", 1, 64, false, [](const sbom::FileHead& head) { return head.magic.starts_with("M"); },
                                 catalog_fuzzed};

oci::TarEntry fuzzed_entry(std::string_view line) {
  using Type = oci::TarEntry::Type;
  oci::TarEntry entry;
  const char kind = line.empty() ? 'f' : line[0];
  entry.type = kind == 'l' ? Type::symlink : kind == 'h' ? Type::hard_link : kind == 'd' ? Type::directory
             : kind == 'o' ? Type::other   : Type::file;
  const auto [path, text] = base::cut(line.substr(std::min<std::size_t>(line.size(), 1)), " ");
  for (std::string_view part : base::split(path, '/')) {
    if (part.empty() || part == "." || part == "..") continue;
    if (!entry.path.empty()) entry.path += '/';
    entry.path += part;
  }
  entry.link = text;
  if (entry.type == Type::file) entry.size = text.size();
  return entry;
}

void feed(sbom::LayerAnalyzer& analyzer, const std::vector<oci::TarEntry>& entries) {
  for (const auto& entry : entries) {
    if (!analyzer.begin(entry).value()) continue;
    if (!analyzer.data(entry.link).has_value() || !analyzer.end().has_value()) std::abort();
  }
}

sbom::LayerFacts analyse(const std::vector<oci::TarEntry>& entries, std::string diff_id) {
  sbom::LayerAnalyzer analyzer({&kPlain, &kGrouped, &kMagic});
  feed(analyzer, entries);
  if (!analyzer.needs_second_pass()) return analyzer.finish(std::move(diff_id));
  const auto again = analyzer.retry();
  feed(*again, entries);
  if (again->needs_second_pass()) std::abort();
  return again->finish(std::move(diff_id));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<sbom::LayerFacts> layers;
  std::vector<oci::TarEntry> entries;
  for (std::string_view line : base::split(std::string_view(reinterpret_cast<const char*>(data), size), '\n')) {
    if (line == "=") {
      layers.push_back(analyse(entries, std::to_string(layers.size())));
      entries.clear();
    } else {
      entries.push_back(fuzzed_entry(line));
    }
  }
  layers.push_back(analyse(entries, std::to_string(layers.size())));
  model::Inventory inventory;
  sbom::merge_layers(layers, inventory);
  for (const auto& package : inventory.packages)
    if (package.path.starts_with("/") || package.path.starts_with("../") || package.layer.empty()) std::abort();
  return 0;
}
