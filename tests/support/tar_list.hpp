// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "oci/tar.hpp"

namespace test {

// Remembers every entry and the data of files up to `keep` bytes.
struct TarList : oci::TarVisitor {
  std::vector<oci::TarEntry> entries;
  std::map<std::string, std::string> data_of;
  std::uint64_t keep = 1u << 20;
  int unfinished = 0;

  base::Result<bool> begin(const oci::TarEntry& entry) override {
    entries.push_back(entry);
    const bool wanted = entry.type == oci::TarEntry::Type::file && entry.size <= keep;
    if (wanted) {
      data_of[entry.path].clear();
      ++unfinished;
    }
    return wanted;
  }
  base::Result<void> data(std::string_view chunk) override {
    data_of[entries.back().path] += chunk;
    return {};
  }
  base::Result<void> end() override {
    --unfinished;
    return {};
  }

  std::vector<std::string> paths() const {
    std::vector<std::string> out;
    for (const auto& entry : entries) out.push_back(entry.path);
    return out;
  }
};

}  // namespace test
