// SPDX-License-Identifier: Apache-2.0
// The symbolic links of a file tree, and paths resolved through them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace sbom {

class SymlinkMap {
 public:
  // `path` as in oci::TarEntry, `target` as written. A later link at the same path wins.
  void insert(std::string path, std::string target);
  void erase(std::string_view path);

  template <typename Predicate>
  void erase_if(Predicate is_gone) {
    std::erase_if(links_, [&](const auto& entry) { return is_gone(entry.second.path); });
  }

  // The path with links in its folders followed, as the kernel does (path_resolution(7)), but ".." and absolute targets
  // stay inside the root; a link in the last part is followed on request. Nothing for a loop (more than 40 links) and
  // once hostile links have cost too much work in all.
  std::optional<std::string> resolve(std::string_view path, bool follow_last) const;

 private:
  struct Link {
    std::string path, target;
  };
  std::unordered_map<std::uint64_t, Link> links_;  // by fnv1a of the path
  mutable std::uint64_t work_ = 0;                 // parts walked so far
};

}  // namespace sbom
