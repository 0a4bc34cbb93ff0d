// SPDX-License-Identifier: Apache-2.0
// All that the host reader gives out, as tables (allowed.cpp): what stands in none is refused.
#pragma once

#include <string>
#include <string_view>

#include "base/json.hpp"

namespace hostreader {

struct EnginePath {
  std::string_view pattern;  // "/containers/{id}/json"
  std::string_view query;    // parameters that may follow, "all:flag since:number filters:filters"
  bool stream;               // follow, not get
  // What is given out of a 2xx answer; null: all of it.
  base::Json (*keep)(const base::Json& answer);
};

// The row that a target falls under ("/v1.41/containers/json?all=1": a version may stand in front); null where none does.
const EnginePath* find_engine_path(std::string_view target, bool stream);

enum class Cut {
  whole,
  command_line,      // of dockerd its arguments without secrets, of others the program and a path behind it
  environment,       // DOCKER_CONTENT_TRUST alone
  containerd,        // its address alone
};

struct FileRule {
  std::string_view pattern;  // {n}: a number; {rules}: a name that ends in .rules
  std::size_t cap;           // bytes
  Cut cut;
  std::string_view instead;  // read this in its place; empty: itself
};

const FileRule* find_readable(std::string_view path);  // contents
bool is_readable_link(std::string_view path);
bool is_listable(std::string_view path);  // names in a folder
bool is_visible(std::string_view path);   // owner and mode; besides these the places of benchmark/places.hpp

// Absolute, without "." and ".." and empty names, at most 4096 bytes.
bool is_plain_path(std::string_view path);

}  // namespace hostreader
