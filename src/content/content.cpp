// SPDX-License-Identifier: Apache-2.0
#include "content/content.hpp"

#include <algorithm>

#include "content/embedded.hpp"

namespace content {

namespace {

const EmbeddedFile* end_of_files() { return kEmbeddedFiles + kEmbeddedFileCount; }

const EmbeddedFile* first_from(std::string_view path) {
  return std::lower_bound(kEmbeddedFiles, end_of_files(), path,
                          [](const EmbeddedFile& entry, std::string_view wanted) { return entry.path < wanted; });
}

}  // namespace

std::optional<std::string_view> file(std::string_view path) {
  const EmbeddedFile* entry = first_from(path);
  if (entry == end_of_files() || entry->path != path) return std::nullopt;
  return std::string_view(entry->begin, static_cast<std::size_t>(entry->end - entry->begin));
}

std::vector<std::string_view> list(std::string_view folder_prefix) {
  std::vector<std::string_view> paths;
  for (const EmbeddedFile* entry = first_from(folder_prefix); entry != end_of_files(); ++entry) {
    if (!entry->path.starts_with(folder_prefix)) break;
    paths.push_back(entry->path);
  }
  return paths;
}

}  // namespace content
