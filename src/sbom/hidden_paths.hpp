// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "sbom/layer_facts.hpp"
#include "sbom/symlink_map.hpp"

namespace sbom {

// Which lower paths a layer hides, asked by the fingerprints of a path and of the folders above it.
class HiddenPaths {
 public:
  // `links` are those of the layers below. The layer outlives it.
  HiddenPaths(const LayerFacts& layer, const SymlinkMap& links);

  // True where something that a lower layer has at the path, links in its folders resolved, is not seen any more: deleted,
  // hidden or written anew. A folder that this layer has as well counts as written anew.
  bool contains(std::string_view path) const;

 private:
  const LayerFacts& layer_;
  std::unordered_set<std::uint64_t> whiteouts_, opaque_;
};

}  // namespace sbom
