// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>
#include <tuple>

#include "base/text.hpp"
#include "sbom/catalogers_os.hpp"
#include "sbom/layer_facts.hpp"
#include "sbom/overlay_tree.hpp"

namespace sbom {

namespace {

void make_printable(std::string& text) {
  const auto plain = [](char c) { return c >= 0x20 && c < 0x7f; };
  if (!std::all_of(text.begin(), text.end(), plain)) text = base::printable(text);
}

// Which OS package manager owns a file, by the databases that survive. A list of files counts only where the packages
// themselves are known: else nobody speaks for the file.
class OwnedFiles {
 public:
  explicit OwnedFiles(const OverlayTree& tree) {
    std::set<std::string_view> managers;
    for (const auto& [path, file] : tree.files())
      if (!file.facts->packages.empty() && !file.facts->manager.empty()) managers.insert(file.facts->manager);
    for (const auto& [path, file] : tree.files()) {
      const auto manager = managers.find(file.facts->manager);
      if (manager == managers.end()) continue;
      for (std::uint64_t fingerprint : file.facts->owned) owners_.emplace_back(fingerprint, *manager);
    }
    std::sort(owners_.begin(), owners_.end());
  }

  std::string_view owner_of(std::string_view path) const {
    const std::pair<std::uint64_t, std::string_view> wanted(path_fingerprint(path), std::string_view());
    const auto at = std::lower_bound(owners_.begin(), owners_.end(), wanted);
    return at != owners_.end() && at->first == wanted.first ? at->second : std::string_view();
  }

 private:
  std::vector<std::pair<std::uint64_t, std::string_view>> owners_;
};

void add_packages_of(const std::string& path, const SurvivingFile& file, const std::vector<LayerFacts>& layers,
                     const OwnedFiles& owned, std::vector<model::Package>& packages) {
  const FileFacts& facts = *file.facts;
  const std::string_view owner = facts.manager.empty() ? owned.owner_of(path) : std::string_view();
  for (std::size_t i = 0; i < facts.packages.size(); ++i) {
    model::Package package = facts.packages[i];
    if (package.path.empty())
      package.path = path;
    else if (package.path.starts_with(facts.path))
      package.path = path + package.path.substr(facts.path.size());
    package.layer = layers[file.since[i]].diff_id;
    package.managed_by = owner;
    for (std::string* text : {&package.name, &package.version, &package.arch, &package.source, &package.source_version,
                              &package.path, &package.modularity, &package.vendor})
      make_printable(*text);
    packages.push_back(std::move(package));
  }
}

void sort_and_deduplicate(std::vector<model::Package>& packages) {
  const auto key = [](const model::Package& p) {
    return std::tie(p.type, p.name, p.version, p.path, p.arch, p.source, p.source_version, p.modularity, p.dev);
  };
  std::stable_sort(packages.begin(), packages.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
  packages.erase(std::unique(packages.begin(), packages.end(), [&](const auto& a, const auto& b) { return key(a) == key(b); }),
                 packages.end());
}

const model::Distribution* distribution_at(const OverlayTree& tree, std::string_view link) {
  const auto path = tree.links().resolve(link, true);
  const auto file = path ? tree.files().find(*path) : tree.files().end();
  return file != tree.files().end() && file->second.facts->os ? &*file->second.facts->os : nullptr;
}

const model::Distribution* most_credible_distribution(const OverlayTree& tree) {
  const model::Distribution* best = nullptr;
  int best_rank = std::numeric_limits<int>::max();
  for (const auto& [path, file] : tree.files()) {
    if (!file.facts->os || os_release_rank(path) >= best_rank) continue;
    best_rank = os_release_rank(path);
    best = &*file.facts->os;
  }
  return best;
}

// os-release where its links lead, else the most credible file that tells.
std::optional<model::Distribution> choose_distribution(const OverlayTree& tree) {
  const model::Distribution* best = distribution_at(tree, "etc/os-release");
  if (!best) best = distribution_at(tree, "usr/lib/os-release");
  if (!best) best = most_credible_distribution(tree);
  if (!best) return std::nullopt;
  model::Distribution os = *best;
  const auto* debian = distribution_at(tree, "etc/debian_version");
  if (os.id == "debian" && os.version.empty() && os.codename.empty() && debian) {
    os.version = debian->version;
    os.codename = debian->codename;
  }
  complete_debian_release(os);
  for (std::string* text : {&os.id, &os.version, &os.codename, &os.pretty_name}) make_printable(*text);
  for (std::string& text : os.like) make_printable(text);
  return os;
}

std::string layer_prefix(const LayerFacts& layer) {
  constexpr std::size_t kShortDigest = 19;  // "sha256:" and 12 digits
  return layer.diff_id.empty() ? std::string() : fmt::format("layer {}: ", layer.diff_id.substr(0, kShortDigest));
}

// Without the packages of the operating system a report that finds nothing would be false comfort.
bool has_broken_database(const OverlayTree& tree) {
  return std::any_of(tree.files().begin(), tree.files().end(), [](const auto& entry) {
    const FileFacts& facts = *entry.second.facts;
    return !facts.manager.empty() && facts.packages.empty() && facts.owned.empty() && !facts.warnings.empty();
  });
}

void collect_warnings(const std::vector<LayerFacts>& layers, const OverlayTree& tree, std::vector<std::string>& warnings) {
  for (const auto& layer : layers)
    for (const auto& text : layer.warnings) warnings.push_back(layer_prefix(layer) + base::printable(text));
  for (const auto& [path, file] : tree.files())
    for (const auto& text : file.facts->warnings)
      warnings.push_back(layer_prefix(layers[file.layer]) + base::printable(text));
}

}  // namespace

void merge_layers(const std::vector<LayerFacts>& layers, model::Inventory& inventory) {
  OverlayTree tree;
  for (std::size_t i = 0; i < layers.size(); ++i) tree.apply(layers[i], i);
  if (auto os = choose_distribution(tree)) inventory.os = std::move(os);
  const OwnedFiles owned(tree);
  for (const auto& [path, file] : tree.files()) add_packages_of(path, file, layers, owned, inventory.packages);
  sort_and_deduplicate(inventory.packages);
  fill_purls(inventory);
  collect_warnings(layers, tree, inventory.warnings);
  inventory.partial = inventory.partial || has_broken_database(tree);
}

}  // namespace sbom
