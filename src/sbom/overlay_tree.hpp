// SPDX-License-Identifier: Apache-2.0
// Layers laid over one another, kept to the files that hold facts (OCI image-spec layer.md, "Applying Changesets").
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sbom/layer_facts.hpp"
#include "sbom/symlink_map.hpp"

namespace sbom {

// A file with facts that is still there. Points into the layer that wrote it.
struct SurvivingFile {
  const FileFacts* facts = nullptr;
  std::size_t layer = 0;
  std::vector<std::uint32_t> since;  // of each package: the layer from which on the file had it without a gap
};

class OverlayTree {
 public:
  // The next layer up, the `index`th; it must outlive the tree.
  void apply(const LayerFacts& layer, std::size_t index);

  // By path, links in folders resolved.
  const std::map<std::string, SurvivingFile>& files() const { return files_; }
  const SymlinkMap& links() const { return links_; }

 private:
  using Files = std::map<std::string, SurvivingFile>;

  void hide(const LayerFacts& layer);
  void add_links(const LayerFacts& layer);
  void add_file(const FileFacts& facts, std::size_t index);
  void remove(const std::string& path);  // with all below
  std::string place_of(const std::string& path) const;

  Files files_;
  Files gone_;  // in the layer that is being applied
  SymlinkMap links_;
};

}  // namespace sbom
