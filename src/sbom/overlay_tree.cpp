// SPDX-License-Identifier: Apache-2.0
#include "sbom/overlay_tree.hpp"

#include <algorithm>
#include <unordered_map>

#include "base/hash.hpp"
#include "sbom/hidden_paths.hpp"

namespace sbom {

namespace {

std::uint64_t package_key(const model::Package& package) {
  std::uint64_t hash = base::fnv1a(package.type);
  for (const std::string* part : {&package.name, &package.version, &package.arch, &package.path})
    hash = base::fnv1a(*part, base::fnv1a(std::string_view("\0", 1), hash));
  return hash;
}

std::vector<std::uint32_t> package_lineage(const FileFacts& facts, std::uint32_t layer, const SurvivingFile* previous) {
  std::vector<std::uint32_t> since(facts.packages.size(), layer);
  if (!previous) return since;
  std::unordered_map<std::uint64_t, std::uint32_t> known;
  for (std::size_t i = 0; i < previous->facts->packages.size(); ++i)
    known.emplace(package_key(previous->facts->packages[i]), previous->since[i]);
  for (std::size_t i = 0; i < since.size(); ++i)
    if (const auto at = known.find(package_key(facts.packages[i])); at != known.end()) since[i] = at->second;
  return since;
}

}  // namespace

std::string OverlayTree::place_of(const std::string& path) const { return links_.resolve(path, false).value_or(path); }

void OverlayTree::remove(const std::string& path) {
  if (const auto at = files_.find(path); at != files_.end()) gone_.insert(files_.extract(at));
  const std::string below = path + '/';
  for (auto at = files_.lower_bound(below); at != files_.end() && at->first.starts_with(below);)
    gone_.insert(files_.extract(at++));
}

void OverlayTree::hide(const LayerFacts& layer) {
  const HiddenPaths hidden(layer, links_);
  for (auto at = files_.begin(); at != files_.end();) {
    const auto next = std::next(at);
    if (hidden.contains(at->first)) gone_.insert(files_.extract(at));
    at = next;
  }
  links_.erase_if([&](const std::string& path) { return hidden.contains(path); });
}

void OverlayTree::add_links(const LayerFacts& layer) {
  for (const auto& [path, target] : layer.symlinks) {
    std::string place = place_of(path);
    if (place != path) remove(place);
    links_.insert(std::move(place), target);
  }
}

void OverlayTree::add_file(const FileFacts& facts, std::size_t index) {
  const std::string place = place_of(facts.path);
  remove(place);
  links_.erase(place);
  const auto before = gone_.find(place);
  SurvivingFile file;
  file.facts = &facts;
  file.layer = index;
  file.since = package_lineage(facts, static_cast<std::uint32_t>(index), before == gone_.end() ? nullptr : &before->second);
  files_[place] = std::move(file);
}

void OverlayTree::apply(const LayerFacts& layer, std::size_t index) {
  gone_.clear();
  hide(layer);
  add_links(layer);
  for (const auto& path : layer.replaced) remove(place_of(path));
  for (const auto& facts : layer.files) add_file(facts, index);
}

}  // namespace sbom
