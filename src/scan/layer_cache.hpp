// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "sbom/layer_facts.hpp"

namespace scan {

// Layer facts on disk, one file a layer: DIR/layers/<catalogers key>/<diff id>.json. Files are written atomically and
// checked when read; a broken one counts as absent. Safe to share between processes.
class LayerCache {
 public:
  LayerCache(std::filesystem::path dir, std::string catalogers_key);  // an empty dir caches nothing

  std::optional<sbom::LayerFacts> load(const std::string& diff_id) const;
  void store(const sbom::LayerFacts& facts) const;  // best effort: a full disk costs time, not the scan

 private:
  std::filesystem::path file_of(const std::string& diff_id) const;
  std::filesystem::path dir_;
};

}  // namespace scan
