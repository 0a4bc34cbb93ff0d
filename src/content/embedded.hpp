// SPDX-License-Identifier: Apache-2.0
// The table that the build writes (cmake/content.cmake).
#pragma once

#include <cstddef>
#include <string_view>

namespace content {

struct EmbeddedFile {
  std::string_view path;
  const char* begin;
  const char* end;
};

extern const EmbeddedFile* const kEmbeddedFiles;  // sorted by path
extern const std::size_t kEmbeddedFileCount;

}  // namespace content
