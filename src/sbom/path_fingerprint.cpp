// SPDX-License-Identifier: Apache-2.0
#include "base/hash.hpp"
#include "sbom/cataloger.hpp"

namespace sbom {

namespace {

// The folders that a merged /usr has as links to usr/… (Debian's usrmerge, Fedora's UsrMove).
constexpr std::string_view kMergedFolders[] = {"bin", "sbin", "lib", "lib32", "lib64", "libx32", "libo32"};

}  // namespace

std::uint64_t path_fingerprint(std::string_view path) {
  while (path.starts_with('/') || path.starts_with("./")) path.remove_prefix(path[0] == '/' ? 1 : 2);
  if (path.starts_with("usr/")) {
    const std::string_view below = path.substr(4);
    const std::string_view folder = below.substr(0, below.find('/'));
    for (std::string_view merged : kMergedFolders)
      if (folder == merged) return base::fnv1a(below);
  }
  return base::fnv1a(path);
}

}  // namespace sbom
