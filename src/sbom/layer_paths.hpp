// SPDX-License-Identifier: Apache-2.0
// What the entries of one layer do to the layers below it, by their paths alone.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>

#include "oci/tar.hpp"
#include "sbom/layer_facts.hpp"

namespace sbom {

// Longest path that a Linux program can name (PATH_MAX); files behind longer ones are not looked at.
inline constexpr std::size_t kPathCap = 4096;

// True for AUFS housekeeping: a part that starts with ".wh..wh." (".wh..wh.plnk/…", ".wh..wh.aufs").
bool is_aufs_internal(std::string_view path);

class LayerPaths {
 public:
  // True where the entry is a whiteout or an opaque marker (image-spec layer.md, "Whiteouts"), which is no file.
  bool add_marker(std::string_view path);

  // Any other entry.
  void add(const oci::TarEntry& entry);

  void finish(LayerFacts& facts);

 private:
  struct Link {
    std::string path, target;
  };

  bool has_room(std::size_t count, std::size_t cap, std::size_t bytes);

  std::vector<std::string> whiteouts_, opaque_;
  std::unordered_map<std::uint64_t, Link> links_;
  std::vector<std::uint64_t> non_folders_, folders_;
  std::size_t bytes_ = 0;  // of texts kept
  bool overflow_ = false;
};

}  // namespace sbom
