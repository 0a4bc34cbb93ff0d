// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/json.hpp"

namespace scan {

// What was found in layers, on disk, one file a layer: DIR/<folder>/<key>/<diff id>.json. Files are written atomically and
// checked when read; a broken one counts as absent. Safe to share between processes.
class LayerCache {
 public:
  // `key` changes with what is looked for. An empty dir caches nothing.
  LayerCache(const std::filesystem::path& dir, std::string_view folder, std::string_view key);

  // `parse` turns the document into facts with a diff_id.
  template <typename Facts>
  std::optional<Facts> load(const std::string& diff_id, base::Result<Facts> (*parse)(const base::Json&)) const {
    const auto json = load_json(diff_id);
    if (!json) return std::nullopt;
    auto facts = parse(*json);
    if (!facts || facts->diff_id != diff_id) return std::nullopt;
    return std::move(*facts);
  }

  // Best effort: a full disk costs time, not the scan.
  template <typename Facts>
  void store(const Facts& facts) const {
    if (!dir_.empty() && !facts.diff_id.empty()) store_json(facts.diff_id, to_json(facts));
  }

 private:
  std::optional<base::Json> load_json(const std::string& diff_id) const;
  void store_json(const std::string& diff_id, const base::Json& json) const;
  std::filesystem::path file_of(const std::string& diff_id) const;
  std::filesystem::path dir_;
};

}  // namespace scan
