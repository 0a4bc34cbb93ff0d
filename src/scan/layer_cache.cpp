// SPDX-License-Identifier: Apache-2.0
#include "scan/layer_cache.hpp"

#include <algorithm>

#include "base/files.hpp"

namespace scan {

namespace {
constexpr std::size_t kCachedFactsCap = 256u << 20;
}

LayerCache::LayerCache(std::filesystem::path dir, std::string catalogers_key)
    : dir_(dir.empty() ? std::filesystem::path() : dir / "layers" / catalogers_key) {}

std::filesystem::path LayerCache::file_of(const std::string& diff_id) const {
  std::string name = diff_id;
  std::replace(name.begin(), name.end(), ':', '-');
  return dir_ / (name + ".json");
}

std::optional<sbom::LayerFacts> LayerCache::load(const std::string& diff_id) const {
  if (dir_.empty() || diff_id.empty()) return std::nullopt;
  const auto text = base::read_file(file_of(diff_id), kCachedFactsCap);
  if (!text) return std::nullopt;
  const auto json = base::parse_json(*text, "cached layer");
  if (!json) return std::nullopt;
  auto facts = sbom::facts_from_json(*json);
  if (!facts || facts->diff_id != diff_id) return std::nullopt;
  return std::move(*facts);
}

void LayerCache::store(const sbom::LayerFacts& facts) const {
  if (dir_.empty() || facts.diff_id.empty()) return;
  (void)base::write_file_atomically(file_of(facts.diff_id), base::to_text(sbom::to_json(facts)));
}

}  // namespace scan
