// SPDX-License-Identifier: Apache-2.0
// Queries to begin with, as data: content/queries/*.yaml, one category a file.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace workspace {

struct ExampleQuery {
  std::string id;  // unique over all files, for good: links and clients may keep it
  std::string category, name, description;
  std::vector<std::string> tables;  // that it reads; empty: whatever there is
  std::string text;                 // in KQL, without the line break at its end
};

struct ExampleFile {
  std::string_view path, text;  // "queries/activity.yaml"
};

// From the embedded content, in the order of the files.
base::Result<std::vector<ExampleQuery>> load_example_queries();

// From files. Kind::invalid_input names every fault with file and line.
base::Result<std::vector<ExampleQuery>> read_example_queries(std::span<const ExampleFile> files);

}  // namespace workspace
