// SPDX-License-Identifier: Apache-2.0
#include "sbom/layer_paths.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "sbom/catalogers_os.hpp"

namespace sbom {

namespace {

constexpr std::string_view kWhiteout = ".wh.";
constexpr std::string_view kInternal = ".wh..wh.";
constexpr std::string_view kOpaque = ".wh..wh..opq";
constexpr std::size_t kMarkersPerLayer = 500'000;
constexpr std::size_t kLinksPerLayer = 200'000;
constexpr std::size_t kTextBytesPerLayer = 64u << 20;

}  // namespace

bool is_aufs_internal(std::string_view path) {
  return path.starts_with(kInternal) || path.find("/.wh..wh.") != std::string_view::npos;
}

bool LayerPaths::has_room(std::size_t count, std::size_t cap, std::size_t bytes) {
  if (count < cap && bytes <= kTextBytesPerLayer - bytes_) {
    bytes_ += bytes;
    return true;
  }
  overflow_ = true;
  return false;
}

bool LayerPaths::add_marker(std::string_view path) {
  const std::string_view name = base::basename(path);
  if (!name.starts_with(kWhiteout)) return false;
  const std::string_view folder = parent_path(path);
  if (name == kOpaque) {
    if (has_room(opaque_.size(), kMarkersPerLayer, folder.size())) opaque_.emplace_back(folder);
    return true;
  }
  const std::string_view deleted = name.substr(kWhiteout.size());
  if (is_aufs_internal(path) || deleted.empty() || deleted == "." || deleted == "..") return true;
  if (!has_room(whiteouts_.size(), kMarkersPerLayer, path.size())) return true;
  std::string target(folder);
  if (!target.empty()) target += '/';
  whiteouts_.push_back(target.append(deleted));
  return true;
}

void LayerPaths::add(const oci::TarEntry& entry) {
  const auto fingerprint = base::fnv1a(entry.path);
  (entry.type == oci::TarEntry::Type::directory ? folders_ : non_folders_).push_back(fingerprint);
  if (!links_.empty()) links_.erase(fingerprint);
  if (entry.type != oci::TarEntry::Type::symlink || entry.path.size() > kPathCap || entry.link.size() > kPathCap) return;
  if (has_room(links_.size(), kLinksPerLayer, entry.path.size() + entry.link.size()))
    links_[fingerprint] = {entry.path, entry.link};
}

void LayerPaths::finish(LayerFacts& facts) {
  facts.whiteouts = std::move(whiteouts_);
  facts.opaque = std::move(opaque_);
  facts.non_folders = std::move(non_folders_);
  facts.folders = std::move(folders_);
  sort_unique(facts.non_folders);
  sort_unique(facts.folders);
  for (auto& [fingerprint, link] : links_) facts.symlinks.emplace(std::move(link.path), std::move(link.target));
  links_.clear();
  if (overflow_)
    facts.warnings.push_back(fmt::format("more than {} deletions or {} symbolic links: the rest is ignored",
                                         kMarkersPerLayer, kLinksPerLayer));
}

}  // namespace sbom
