// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.hpp"

namespace hostreader {

struct OpenedFile {
  std::string bytes;
  std::string real_path;  // of what was opened, whatever links led there
  std::int64_t uid = 0;   // its owner
};

using OpenFile = std::function<base::Result<OpenedFile>(const std::string& path, std::size_t cap)>;

// A regular file of this machine; devices, pipes and folders are Kind::denied, more than `cap` bytes Kind::too_large. What
// is told of it is asked of the open file, so that nobody can put another in its place meanwhile.
base::Result<OpenedFile> open_file(const std::string& path, std::size_t cap);

}  // namespace hostreader
