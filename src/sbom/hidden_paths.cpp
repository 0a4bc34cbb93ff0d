// SPDX-License-Identifier: Apache-2.0
#include "sbom/hidden_paths.hpp"

#include <algorithm>

#include "base/hash.hpp"

namespace sbom {

namespace {

bool has_fingerprint(const std::vector<std::uint64_t>& sorted, std::uint64_t hash) {
  return std::binary_search(sorted.begin(), sorted.end(), hash);
}

}  // namespace

HiddenPaths::HiddenPaths(const LayerFacts& layer, const SymlinkMap& links) : layer_(layer) {
  for (const auto& path : layer.whiteouts) whiteouts_.insert(base::fnv1a(links.resolve(path, false).value_or(path)));
  for (const auto& path : layer.opaque) opaque_.insert(base::fnv1a(links.resolve(path, true).value_or(path)));
}

bool HiddenPaths::contains(std::string_view path) const {
  std::uint64_t hash = base::fnv1a("");
  if (opaque_.count(hash) != 0) return true;
  for (std::size_t at = 0; at < path.size();) {
    const auto slash = path.find('/', at);
    const bool last = slash == std::string_view::npos;
    hash = base::fnv1a(path.substr(at, last ? slash : slash - at), hash);
    if (whiteouts_.count(hash) != 0 || has_fingerprint(layer_.non_folders, hash)) return true;
    if (last) return has_fingerprint(layer_.folders, hash);
    if (opaque_.count(hash) != 0) return true;
    hash = base::fnv1a("/", hash);
    at = slash + 1;
  }
  return false;
}

}  // namespace sbom
