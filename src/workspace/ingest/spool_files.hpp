// SPDX-License-Identifier: Apache-2.0
// The files of a spool.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace workspace {

std::filesystem::path segment_path(const std::filesystem::path& folder, std::uint64_t number);
std::string new_segment_id();  // 32 hexadecimal digits, never the same

struct SegmentFile {
  std::uint64_t number = 0;
  std::filesystem::path path;
};
base::Result<std::vector<SegmentFile>> list_segments(const std::filesystem::path& folder);  // by number

base::Result<void> make_folder(const std::filesystem::path& folder);  // 0700, with those above it
base::Result<void> sync_folder(const std::filesystem::path& folder);  // so that new and renamed files stay
base::Result<void> sync_file(const std::filesystem::path& path);
base::Result<void> write_at(int fd, std::string_view bytes, std::uint64_t offset, const std::filesystem::path& path);

}  // namespace workspace
