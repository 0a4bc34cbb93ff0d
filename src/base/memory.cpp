// SPDX-License-Identifier: Apache-2.0
#include "base/memory.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

#include "base/text.hpp"

namespace base {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kUnknown = UINT64_MAX;

// The number behind a name, in a file of a name and a number a line.
std::optional<std::uint64_t> number_of(const fs::path& path, std::string_view name) {
  std::ifstream file(path);
  std::string line;
  while (std::getline(file, line)) {
    if (!line.starts_with(name)) continue;
    std::uint64_t number = 0;
    const char* begin = line.data() + name.size();
    while (*begin == ' ') ++begin;
    if (std::from_chars(begin, line.data() + line.size(), number).ec == std::errc()) return number;
  }
  return std::nullopt;
}

std::uint64_t left_of_machine(const fs::path& root) {
  const auto kib = number_of(root / "proc/meminfo", "MemAvailable:");
  return kib ? *kib * 1024 : kUnknown;
}

// The files of a control group, in either version of the kernel's interface.
struct GroupFiles {
  std::string_view mount, most, used, droppable;
};
constexpr GroupFiles kVersion2{"sys/fs/cgroup", "memory.max", "memory.current", "inactive_file "};
constexpr GroupFiles kVersion1{"sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file "};

std::uint64_t left_of_group(const fs::path& folder, const GroupFiles& files) {
  const auto most = number_of(folder / files.most, "");  // "max" is no number
  const auto used = number_of(folder / files.used, "");
  if (!most || !used) return kUnknown;
  const std::uint64_t held = *used - std::min(*used, number_of(folder / "memory.stat", files.droppable).value_or(0));
  return *most - std::min(*most, held);
}

// Of a group and those above it. In a container the groups outside are not seen, and its own is the one that is mounted.
std::uint64_t left_of_groups(const fs::path& mount, fs::path group, const GroupFiles& files) {
  std::uint64_t least = kUnknown;
  for (;; group = group.parent_path()) {
    least = std::min(least, left_of_group(mount / group, files));
    if (group.empty()) return least;
  }
}

// cgroups(7): "0::/path" is the group of version 2, "4:memory:/path" the one of version 1.
std::uint64_t left_of_groups_of_process(const fs::path& root) {
  std::uint64_t least = kUnknown;
  std::ifstream file(root / "proc/self/cgroup");
  for (std::string line; std::getline(file, line);) {
    const auto [number, rest] = cut(line, ":");
    const auto [controllers, path] = cut(rest, ":/");
    if (controllers.empty()) least = std::min(least, left_of_groups(root / kVersion2.mount, path, kVersion2));
    if (controllers == "memory") least = std::min(least, left_of_groups(root / kVersion1.mount, path, kVersion1));
  }
  return least;
}

}  // namespace

std::uint64_t memory_left(const fs::path& root) { return std::min(left_of_machine(root), left_of_groups_of_process(root)); }

}  // namespace base
