// SPDX-License-Identifier: Apache-2.0
// The texts that rules come from: those the program carries, and a folder of the user's.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace imagecheck {

struct RuleSource {
  std::string name;  // for faults: "content/secrets/aws.yaml", or the path of the user's file
  std::string text;
};

// Embedded files below content/FOLDER with one of the endings ("yaml").
std::vector<RuleSource> embedded_rules(std::string_view folder, const std::vector<std::string_view>& endings);

// Files right in the folder with one of the endings, sorted by name; at most 1,000 files of 4 MiB. A folder without any
// is an error: the user meant another one.
base::Result<std::vector<RuleSource>> rules_in_folder(const std::filesystem::path& folder,
                                                      const std::vector<std::string_view>& endings);

// A key that changes with any text, for caches of what the rules found.
std::string rules_key(const std::vector<RuleSource>& sources);

}  // namespace imagecheck
