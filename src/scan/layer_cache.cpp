// SPDX-License-Identifier: Apache-2.0
#include "scan/layer_cache.hpp"

#include <algorithm>

#include "base/files.hpp"

namespace scan {

namespace {
constexpr std::size_t kCachedFactsCap = 256u << 20;
}

LayerCache::LayerCache(const std::filesystem::path& dir, std::string_view folder, std::string_view key)
    : dir_(dir.empty() ? std::filesystem::path() : dir / folder / key) {}

std::filesystem::path LayerCache::file_of(const std::string& diff_id) const {
  std::string name = diff_id;
  std::replace(name.begin(), name.end(), ':', '-');
  return dir_ / (name + ".json");
}

std::optional<base::Json> LayerCache::load_json(const std::string& diff_id) const {
  if (dir_.empty() || diff_id.empty()) return std::nullopt;
  const auto text = base::read_file(file_of(diff_id), kCachedFactsCap);
  if (!text) return std::nullopt;
  auto json = base::parse_json(*text, "cached layer");
  if (!json) return std::nullopt;
  return std::move(*json);
}

void LayerCache::store_json(const std::string& diff_id, const base::Json& json) const {
  (void)base::write_file_atomically(file_of(diff_id), base::to_text(json));
}

}  // namespace scan
