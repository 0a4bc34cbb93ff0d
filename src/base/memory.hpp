// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>

namespace base {

// Bytes of memory that this process may still take: what the machine has available (proc(5), MemAvailable), or less where a
// control group of it allows less (cgroups(7), both versions: its limit less its use, files that could be dropped not counted).
// UINT64_MAX where neither is known. `root`: of the file system that is looked at.
std::uint64_t memory_left(const std::filesystem::path& root = "/");

}  // namespace base
